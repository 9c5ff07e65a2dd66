"""The README's first promises: both commands at the top, and a tree that names every file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import tree

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tree_names_every_file_with_what_it_says_of_itself():
    assert tree.written() == README, "make fix writes it"


def test_the_tree_leaves_no_file_of_the_code_unexplained():
    nameless = [line for line in tree.lines() if len(line.split(maxsplit=1)) < 2 and not line.rstrip().endswith("/")]
    assert nameless == []
    code = [name for name in tree.tracked() if name.startswith(("pages/", "ui/", "resnet_core/", "benchmarks/"))]
    named = {line.split()[0] for line in tree.lines()}
    assert {Path(name).name for name in code if not name.endswith("/__init__.py")} - named == set()


def test_both_commands_come_first():
    assert README.index("make run") < README.index("make test") < README.index("## ")


@pytest.mark.slow
@pytest.mark.parametrize("command", re.findall(r"^.venv/bin/python -m resnet_core (.+)", README, re.M))
def test_the_commands_it_shows_work_as_they_stand(command):
    words = command.replace("--steps 100", "--steps 2").split()
    done = subprocess.run(
        [sys.executable, "-m", "resnet_core", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(json.loads(line) for line in done.stdout.splitlines())


def test_every_file_that_a_document_links_to_exists():
    documents = [ROOT / "README.md", *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (document.name, link)
        for document in documents
        for link in re.findall(r"\]\(([^)#:\s]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]
    assert links == []
