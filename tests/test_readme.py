"""The README's first promises: both commands at the top, and a tree that names every file."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROOMS = ("pages/", "ui/", "resnet_core/", "benchmarks/")


def tree():
    """Every path that the tree names. A line indented below a folder stands in that folder."""
    paths, folders = [], []
    for line in README.partition("<!-- tree -->")[2].partition("<!-- /tree -->")[0].splitlines():
        match = re.match(r"( *)(\S+)", line)
        if match and not line.startswith("```"):
            depth, name = len(match[1]) // 2, match[2]
            folders[depth:] = [name]
            paths.append("".join(folders))
    return paths


def tracked():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in listing.split("\0") if name and (ROOT / name).exists()}


def test_the_tree_names_every_file_of_the_code_and_of_the_top_level():
    wanted = {name for name in tracked() if name.startswith(ROOMS) or "/" not in name}
    assert wanted - set(tree()) == set()


def test_the_tree_names_nothing_that_is_not_there():
    assert [path for path in tree() if not (ROOT / path).exists()] == []


def test_every_line_of_the_tree_says_what_its_file_is():
    lines = README.partition("<!-- tree -->")[2].partition("<!-- /tree -->")[0].splitlines()
    assert [line for line in lines if line.strip() and "```" not in line and not re.match(r" *\S+ {2,}\S", line)] == []


def test_both_commands_come_first():
    assert README.index("make run") < README.index("make test") < README.index("## ")


def test_every_file_that_a_document_links_to_exists():
    documents = [ROOT / "README.md", *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (document.name, link)
        for document in documents
        for link in re.findall(r"\]\(([^)#:\s]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]
    assert links == []
