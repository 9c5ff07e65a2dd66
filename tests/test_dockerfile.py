"""The Dockerfile's own steps, performed without a container engine: install, start, health, and nothing written."""

import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.browser.server import Server, free_port

ROOT = Path(__file__).parent.parent
ANYBODY = 10001


def instructions():
    """The Dockerfile as a list of (word, rest), continued lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def stages():
    found = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


def variables(stage):
    """What ENV sets in a stage, and the defaults of its ARGs."""
    pairs = [pair for word, rest in stage if word in {"ENV", "ARG"} for pair in rest.split()]
    return {name: value.strip('"') for name, _, value in (pair.partition("=") for pair in pairs)}


def last(stage, wanted):
    return [rest for word, rest in stage if word == wanted][-1]


def is_ignored(path, rules):
    """Whether .dockerignore keeps a path out: the last rule that matches it or a folder above it decides."""
    ignored = False
    for rule in rules:
        pattern = rule.lstrip("!")
        above = [path, *path.parents][:-1]
        if pattern.startswith("**/"):
            matches = any(fnmatch.fnmatch(part.name, pattern[3:]) for part in above)
        else:
            matches = any(fnmatch.fnmatch(part.as_posix(), pattern) for part in above)
        if matches:
            ignored = not rule.startswith("!")
    return ignored


def context():
    """The files that a build would be given."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().split("\n") if line and not line.startswith("#")]
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    names = [Path(name) for name in listing.stdout.decode().split("\0") if name]
    return [name for name in names if (ROOT / name).is_file() and not is_ignored(name, rules)]


def copy(rest, target, built):
    """COPY, from the build context or from an earlier stage."""
    if rest.startswith("--from="):
        _, source, name = rest.split()
        shutil.move(built / source.lstrip("/"), target / name)
        return
    *sources, _ = rest.split()
    for name in context():
        if "." in sources or name.as_posix() in sources:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def build(stage, root, built=None):
    """Perform WORKDIR, COPY and RUN of one stage below `root` and return its working directory."""
    place = root / last(stage, "WORKDIR").lstrip("/")
    place.mkdir(parents=True)
    tools = root / "bin"
    tools.mkdir()
    (tools / "python").symlink_to(sys._base_executable)
    environment = {**os.environ, **variables(stage), "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PIP_NO_CACHE_DIR", None)  # a test may use what was downloaded before
    for word, rest in stage:
        if word == "COPY":
            copy(rest, place, built)
        elif word == "RUN":
            subprocess.run(["sh", "-ec", rest], cwd=place, env=environment, check=True)
    return place


def snapshot(place):
    return {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def image():
    """The working directory of the last stage, built step by step; readable by everyone, as in an image."""
    root = Path(tempfile.mkdtemp(prefix="resnet-lab-image-"))
    root.chmod(0o755)
    build(stages()[0], root / "0")
    yield build(stages()[-1], root / "1", built=root / "0")
    shutil.rmtree(root)


def others_may_run(program):
    """Whether a user without any rights could start a program: every folder above it lets them pass."""
    return all(folder.stat().st_mode & 0o001 for folder in Path(program).resolve().parents)


def as_in_the_container(temporary):
    """Environment of the running container, and its user where we are root and Python is not in root's own folder."""
    environment = {**variables(stages()[-1]), "HOME": temporary, "TMPDIR": temporary, "PATH": os.environ["PATH"]}
    changed = os.geteuid() == 0 and others_may_run(sys._base_executable)
    return {"env": environment, **({"user": ANYBODY, "group": ANYBODY} if changed else {})}


@pytest.mark.slow
def test_the_dockerfiles_own_steps_give_a_healthy_app_that_writes_only_to_tmp(image):
    final, port = stages()[-1], free_port()
    start = json.loads(last(final, "ENTRYPOINT")) + json.loads(last(final, "CMD"))
    health = json.loads(last(final, "HEALTHCHECK").partition("CMD")[2])
    before = snapshot(image)
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o777)
        container = as_in_the_container(temporary)
        command = [part.replace("8501", str(port)) for part in start]
        server = Server("dockerfile", command, cwd=image, port=port, **container)
        try:
            server.wait_for("/readyz")
            check = [part.replace("8501", str(port)) for part in health]
            assert subprocess.run(check, cwd=image, **container, check=False).returncode == 0
            assert server.get("/")[0] == 200
        finally:
            left = server.stop()
    assert left == []
    assert snapshot(image) == before


def test_the_image_holds_the_app_and_nothing_else():
    names = {name.parts[0] for name in context()}
    wanted = {"app.py", "pages", "ui", "resnet_core", "assets", ".streamlit", "requirements.txt", "constraints.txt"}
    assert wanted <= names
    assert names - wanted <= {"LICENSE"}


def test_the_container_runs_as_a_numbered_user_who_is_not_root():
    user = last(stages()[-1], "USER").split(":")
    assert all(part.isdigit() and int(part) > 0 for part in user)


def test_the_install_lets_nobody_choose_the_version_of_torch():
    first, second = [rest for word, rest in stages()[0] if word == "RUN" and "pip install" in rest]
    assert "grep '^torch==' requirements.txt" in first
    assert "-r requirements.txt" in second
