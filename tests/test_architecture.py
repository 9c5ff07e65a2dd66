"""The rules of the house, written down where they can fail. docs/architecture.md draws the same picture."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ["pages", "ui", "resnet_core"]

# room: the packages of others that it may import. A room inside another has its own line.
PACKAGES = {
    "app.py": {"streamlit", "starlette", "anyio"},
    "pages": {"streamlit"},
    "ui": {"streamlit", "numpy"},
    "ui/charts": {"plotly", "numpy"},
    "ui/components": {"streamlit", "numpy"},
    "resnet_core": {"torch", "numpy", "PIL", "safetensors"},
}
# package: the one file of the laboratory that may import it as well
ONE_FILE = {
    "captum": "resnet_core/probes/attribution.py",
    "pyarrow": "resnet_core/store/metrics.py",
    "dask": "resnet_core/engine/dask_engine.py",
    "distributed": "resnet_core/engine/dask_engine.py",
    "tornado": "resnet_core/engine/dask_engine.py",  # the loop that distributed runs on
}
# room: what it may import of our own. "resnet_core." with a dot would be every module inside.
OURS = {
    "app.py": {"ui.", "resnet_core", "resnet_core.engine"},
    "pages": {"ui.", "resnet_core", "resnet_core.records.", "resnet_core.questions."},
    "ui": {
        "ui.",
        "resnet_core",
        "resnet_core.records.",
        "resnet_core.questions.",
        "resnet_core.catalogue",
        "resnet_core.engine",
        "resnet_core.experiments",
    },
    "ui/charts": {"ui.charts.", "resnet_core", "resnet_core.records."},
    "ui/components": {"ui.components.", "ui.charts.", "resnet_core", "resnet_core.records."},
    "resnet_core": {"resnet_core."},
}
# Inside the laboratory: file or folder, and what it may not know.
BLIND = {
    "resnet_core/errors.py": {"resnet_core"},
    "resnet_core/records": {"resnet_core", "torch"},
    "resnet_core/questions": {"resnet_core.blocks", "resnet_core.model", "resnet_core.experiments", "torch"},
    "resnet_core/config.py": {"resnet_core.blocks", "resnet_core.model", "resnet_core.recipe", "torch"},
    "resnet_core/recipe.py": {"resnet_core.blocks", "resnet_core.model", "resnet_core.records", "torch"},
    "resnet_core/blocks.py": {"resnet_core.model", "resnet_core.presets"},
    "resnet_core/probes": {
        f"resnet_core.{name}"
        for name in ("blocks", "shortcuts", "model", "presets", "config", "recipe", "data", "training", "engine")
    },
    "resnet_core/training.py": {"resnet_core.engine", "resnet_core.presets"},
    "resnet_core/export": {"resnet_core.experiments", "resnet_core.training", "resnet_core.model", "torch"},
}
MAY_IMPORT_EXPERIMENTS = (
    "resnet_core/experiments/",
    "resnet_core/commands",
    "resnet_core/__main__",
    "resnet_core/__init__",
)
CITED = {"doi.org", "arxiv.org", "www.w3.org", "localhost", "127.0.0.1"}
# What the app can be asked to fetch: the official archive of CIFAR-10, and torchvision's weights.
FETCHED_ON_REQUEST = {"www.cs.toronto.edu", "download.pytorch.org"}


def python_files(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """The innermost room that a file stands in."""
    return max((room for room in PACKAGES if name_of(path).startswith(room)), key=len)


def code_files() -> list[Path]:
    return [path for place in ["app.py", *ROOMS] for path in python_files(place)]


def imports(path: Path) -> set[str]:
    """Every module that a file imports, with `from a import b` read as a.b where that is a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names if is_module(node.module, alias.name)}
            found |= inner or {node.module}
    return found


def is_module(package: str, name: str) -> bool:
    place = ROOT / package.replace(".", "/") / name
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def names_from_the_front_door(path: Path) -> set[str]:
    """The names that a file takes from `resnet_core` itself."""
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "resnet_core" and not node.level
        for alias in node.names
        if not is_module("resnet_core", alias.name)
    }


def is_ours(module: str) -> bool:
    return module.split(".")[0] in {"app", "pages", "ui", "resnet_core", "tests", "benchmarks"}


def within(module: str, allowed: str) -> bool:
    return module == allowed.rstrip(".") or (allowed.endswith(".") and module.startswith(allowed))


def in_its_own_room(module: str, place: str) -> bool:
    return module.startswith(place.replace("/", ".") + ".")


def trespasses(path: Path) -> list[str]:
    room = room_of(path)
    wrong = []
    for module in sorted(imports(path)):
        package = module.split(".")[0]
        if is_ours(module):
            fine = any(within(module, allowed) for allowed in OURS[room])
        elif package in ONE_FILE:
            fine = name_of(path) == ONE_FILE[package]
        else:
            fine = package in sys.stdlib_module_names or package in PACKAGES[room]
        if not fine:
            wrong.append(f"{name_of(path)} imports {module}")
    return wrong


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).exists()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def hosts(path: Path) -> set[str]:
    return set(re.findall(r"(?:https?:|wss?:)?//([a-z0-9][\w.-]*\.[a-z]{2,}|localhost|127\.0\.0\.1)", text_of(path)))


@pytest.mark.parametrize("place", ["app.py", *ROOMS])
def test_every_room_imports_only_what_its_line_allows(place):
    assert python_files(place), f"{place} is empty"
    assert [wrong for path in python_files(place) for wrong in trespasses(path)] == []


def test_the_bench_takes_only_public_names_from_the_laboratory():
    import resnet_core

    strangers = {
        f"{name_of(path)} takes {name}"
        for path in [ROOT / "app.py", *python_files("ui"), *python_files("pages")]
        for name in names_from_the_front_door(path) - set(resnet_core.__all__)
    }
    assert strangers == set()


@pytest.mark.parametrize("place", BLIND)
def test_inside_the_laboratory_nobody_knows_what_stands_above(place):
    known = {
        f"{name_of(path)} imports {module}"
        for path in python_files(place)
        for module in imports(path)
        for hidden in BLIND[place]
        if (module == hidden or module.startswith(f"{hidden}.")) and not in_its_own_room(module, place)
    }
    assert known == set()


def test_nobody_inside_the_laboratory_imports_the_experiments():
    known = [
        name_of(path)
        for path in python_files("resnet_core")
        if not name_of(path).startswith(MAY_IMPORT_EXPERIMENTS)
        and any(module.startswith("resnet_core.experiments") for module in imports(path))
    ]
    assert known == []


@pytest.mark.parametrize(
    "module", ["resnet_core", "resnet_core.engine", "resnet_core.records", "resnet_core.catalogue"]
)
def test_opening_the_laboratory_loads_no_heavy_package(module):
    code = f"import sys, {module}; print(*sorted({{'streamlit', 'plotly', 'torch', 'captum'}} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


def test_every_public_name_of_the_laboratory_can_be_had():
    code = "import resnet_core as r; print(*[name for name in r.__all__ if getattr(r, name, None) is None])"
    missing = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert missing.split() == []


@pytest.mark.parametrize("room", ["ui.charts", "ui.charts.verdicts", "resnet_core.probes", "resnet_core.records"])
def test_no_module_hides_a_public_name_of_its_room(room):
    code = (
        f"import importlib, pkgutil, types, {room} as room\n"
        "for module in pkgutil.iter_modules(room.__path__, room.__name__ + '.'): importlib.import_module(module.name)\n"
        "print(*[name for name in room.__all__ if isinstance(getattr(room, name), types.ModuleType)])"
    )
    hidden = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert hidden.split() == []


def test_no_file_is_named_after_nothing():
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "functions"}
    assert [name_of(path) for path in tracked_files() if vague & {path.stem, *path.relative_to(ROOT).parts}] == []


@pytest.mark.parametrize(("place", "limit"), [("app.py", 120), ("pages", 80), ("ui", 250), ("resnet_core", 250)])
def test_every_file_can_be_read_in_one_sitting(place, limit):
    lengths = {name_of(path): len(text_of(path).splitlines()) for path in python_files(place)}
    assert {name: length for name, length in lengths.items() if length > limit} == {}


def test_every_room_states_its_rule():
    rooms = [path for path in code_files() if path.name == "__init__.py"]
    assert [name_of(path) for path in rooms if not ast.get_docstring(ast.parse(text_of(path)))] == []


def test_the_app_names_no_other_host():
    allowed = CITED | FETCHED_ON_REQUEST
    named = {name_of(path): hosts(path) - allowed for path in code_files()}
    assert {name: found for name, found in named.items() if found} == {}


def test_what_the_browser_loads_names_no_other_host():
    shipped = [path for path in tracked_files() if path.suffix in {".js", ".mjs", ".css", ".html", ".svg"}]
    shipped.append(ROOT / ".streamlit/config.toml")
    assert {name_of(path): hosts(path) - {"www.w3.org"} for path in shipped if hosts(path) - {"www.w3.org"}} == {}


def test_no_file_knows_one_persons_machine():
    home = re.compile(r"(?<![\w.~$}])(?:/(?:home|root|Users|work)/\w|[A-Z]:\\Users\\|\.\./shared)")
    assert [name_of(path) for path in tracked_files() if path != Path(__file__) and home.search(text_of(path))] == []


def test_no_installation_step_names_a_package_index():
    index = re.compile(r"(pypi|pythonhosted|npmjs|pytorch)\.org/(simple|whl|packages)|--(extra-)?index-url[ =]http")
    assert [name_of(path) for path in tracked_files() if index.search(text_of(path))] == []
