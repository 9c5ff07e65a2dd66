"""Write the tree in the README: each file with the first sentence that it says of itself. `make fix` runs it."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
START, END = "<!-- tree -->\n```\n", "```\n<!-- /tree -->"
ROOMS = ("pages", "ui", "resnet_core", "assets", "tests", "benchmarks", "docs")
# Folders whose files are not named one by one, and files that cannot speak for themselves.
WORDS = {
    "pages/": "the lessons: words, controls, one question, a picture or two",
    "ui/": "the bench: widgets, words, charts, the visitor's run",
    "resnet_core/": "the laboratory: networks, data, training, probes, experiments; no user interface",
    "assets/": "what is not code",
    "assets/data/": "Fashion-MNIST and digits, their licences and the scripts that made them",
    "assets/images/": "sample pictures, each with its licence",
    "assets/answers/": "what each experiment found when it was run once: question, record, machine, command",
    "assets/curves/": "recorded runs on CIFAR-10, a card each: every setting, the errors as it learned",
    "assets/runs/": "recorded runs that a page opens with, and how they were made",
    "assets/text/": "lesson texts and the catalogue, English and Korean; build.py collects and compiles",
    "assets/weights/": "small trained networks beside their configs",
    "benchmarks/": "ratios measured in one run, with machine and date",
    "docs/": "how and why",
    "docs/architecture.md": "the rooms and what flows between them",
    "docs/curriculum.md": "which page, experiment and test teach each section of the notes",
    "docs/lesson-plans.md": "five lessons of 50 minutes, with links",
    "docs/lesson-plans.ko.md": "the same in Korean",
    "docs/deploy.md": "from a laptop to several servers and a cluster, and what every limit means",
    "docs/deploy/": "example files for systemd, nginx, Caddy, compose and Dask",
    "docs/decisions/": "one page per decision, with the alternatives and their numbers",
    "docs/images/": "screenshots",
    "tests/": "",
    "tests/conftest.py": "the same random numbers for every test",
    "tests/core/": "numbers from papers, from pencil and from independent programs",
    "tests/charts/": "what is drawn is what was given",
    "tests/lessons/": "which prediction the numbers bear out",
    "tests/app/": "every page through the front door",
    "tests/browser/": "the same in a real browser before a real server",
    ".ci/": "",
    ".ci/browser": "installs the browser of the tests where it may, or says what to install",
    ".ci/run": "everything that must be true of the main branch",
    ".dockerignore": "what an image is made from",
    ".gitignore": "what is made here and not kept",
    ".streamlit/": "",
    ".streamlit/config.toml": "the server's settings and the two themes",
    "CHANGELOG.md": "what is new, for teachers",
    "CONTRIBUTING.md": "how to add a lesson",
    "Dockerfile": "the same app in a container",
    "LICENSE": "MIT",
    "Makefile": "all commands",
    "README.md": "this page",
    "constraints.txt": "versions of what the requirements pull in",
    "pyproject.toml": "settings of the tools",
    "ui/components/drawing/drawing.css": "what the network drawing looks like",
    "ui/components/monitor/monitor.css": "what the live monitor looks like",
    "requirements-dev.txt": "what a check needs",
    "requirements.txt": "what the app needs",
}
CLOSED = {name for name in WORDS if name.endswith("/") and name.count("/") == 2}


def tracked() -> list[str]:
    """Every file of the repository, rooms first, each room's own files before its folders."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listing.split("\0") if name and (ROOT / name).exists()]
    return sorted(names, key=lambda name: [(part != name.rpartition("/")[2], part) for part in name.split("/")])


def words(name: str) -> str:
    """What a file is: its own first sentence, or ours."""
    if name in WORDS:
        return WORDS[name]
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".py"):
        said = ast.get_docstring(ast.parse(text)) or ""
    else:
        said = re.sub(r"^\s*(/\*+|//)\s*|\s*\*/.*", "", text.partition("\n")[0])
    sentence = re.split(r"(?<=\.)(?<! al\.)\s", " ".join(said.split()))[0]
    return sentence.rstrip(".")


def lines() -> list[str]:
    """The tree, two spaces of indent for each folder."""
    found: list[tuple[str, str]] = []
    for name in tracked():
        folders = [name[: i + 1] for i, letter in enumerate(name) if letter == "/"]
        closed = next((folder for folder in folders if folder in CLOSED), None)
        shown = folders[: folders.index(closed) + 1] if closed else [*folders, name]
        for path in shown:
            if all(path != seen for seen, _ in found):
                says = WORDS.get(path) if path.endswith("/") else words(path)
                found.append((path, says if says is not None else words(f"{path}__init__.py")))
    return [_line(path, says) for path, says in found if not path.endswith("/__init__.py") or path.count("/") == 1]


def _line(path: str, says: str) -> str:
    depth = path.rstrip("/").count("/")
    name = path.rstrip("/").rpartition("/")[2] + "/" * path.endswith("/")
    return f"{'  ' * depth + name:<30}  {says}".rstrip()


def written() -> str:
    """The README with the tree as it should be."""
    before, _, rest = README.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    return before + START + "\n".join(lines()) + "\n" + END + after


if __name__ == "__main__":
    README.write_text(written(), encoding="utf-8")
