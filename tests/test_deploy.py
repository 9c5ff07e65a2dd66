"""docs/deploy.md says what the code does, and its example files say the same as the code and as each other."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from resnet_core.engine.dask_settings import DASK_SETTINGS
from resnet_core.engine.settings import EngineSettings
from resnet_core.errors import ResNetCoreError
from resnet_core.store.settings import StoreSettings
from tests.core.cluster import directives
from ui import visitor

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
EXAMPLES = ROOT / "docs" / "deploy"
ROWS = {
    name: (default, bounds)
    for name, default, bounds in re.findall(r"^\| `(RESNET_LAB_\w+)` \|[^|]+\| ([^|]+?) \| ?([^|]*?) ?\|$", GUIDE, re.M)
}
BOUNDED = sorted(name for name, (_, bounds) in ROWS.items() if bounds)
# what is said in words where the code has a sign for it
IN_WORDS = {"one per core, at most two": "0", "none": "", "`~/.resnet-lab`": str(Path.home() / ".resnet-lab")}


def code():
    return [ROOT / "app.py", *(file for room in ("resnet_core", "ui", "pages") for file in (ROOT / room).rglob("*.py"))]


def settings(environment):
    """Everything that the environment can set, by the name of its variable."""
    found = {}
    for kind in (EngineSettings, StoreSettings):
        values = kind.from_environment(environment)
        source = Path(sys.modules[kind.__module__].__file__).read_text(encoding="utf-8")
        fields = re.findall(r"^    (\w+): .*# (RESNET_LAB_\w+)", source, re.M)
        found |= {name: getattr(values, field) for field, name in fields}
    return found


def test_every_variable_that_the_code_reads_is_explained_and_no_other():
    read = {
        name for file in code() for name in re.findall(r"RESNET_LAB_[A-Z0-9_]+\b", file.read_text(encoding="utf-8"))
    }
    assert set(ROWS) == {name for name in read if not name.endswith("_")}
    assert set(re.findall(r"RESNET_LAB_[A-Z0-9_]+", GUIDE)) == set(ROWS)


def test_the_defaults_are_those_of_the_code():
    usual = settings({})
    said = {name: IN_WORDS.get(default, default) for name, (default, _) in ROWS.items() if name in usual}
    assert {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in usual.items()} == said
    engine = (ROOT / "resnet_core" / "engine" / "__init__.py").read_text(encoding="utf-8")
    assert f"""get("RESNET_LAB_ENGINE", "") or "{ROWS["RESNET_LAB_ENGINE"][0].strip("`")}\"""" in engine
    assert set(ROWS) - set(usual) == {
        "RESNET_LAB_ENGINE",
        "RESNET_LAB_CIFAR10",
        "RESNET_LAB_WEIGHTS_DIR",
        "RESNET_LAB_WEIGHTS_URL",
    }


@pytest.mark.parametrize("name", BOUNDED)
def test_the_bounds_are_those_of_the_code(name):
    low, high = ROWS[name][1].split(", ")
    for allowed in (low, high):
        assert settings({name: allowed})[name] == float(allowed)
    for refused in (str(float(low) - 1), str(float(high) + 1)):
        with pytest.raises(ResNetCoreError, match=name):
            settings({name: refused})


def test_the_example_files_are_all_named_and_all_there():
    assert set(re.findall(r"\]\(deploy/([^)]+)\)", GUIDE)) == {file.name for file in EXAMPLES.iterdir()}


def test_dasks_file_says_what_the_engine_says_of_its_own_cluster():
    nested = yaml.safe_load((EXAMPLES / "dask.yaml").read_text(encoding="utf-8"))
    missing = object()
    for path, wanted in DASK_SETTINGS.items():
        value = nested
        for part in path.split("."):
            value = value.get(part, missing) if isinstance(value, dict) else missing
        assert value == wanted, path
    assert nested["distributed"]["nanny"]["pre-spawn-environ"]["OMP_NUM_THREADS"] == 1


def test_containers_and_services_start_dask_with_the_same_options():
    services = yaml.safe_load((EXAMPLES / "compose.yaml").read_text(encoding="utf-8"))["services"]
    ours = {"--host", "--worker-port", "--nanny-port"}  # a container has an address of its own and ports to itself
    for name, unit in (("scheduler", "resnet-lab-scheduler.service"), ("workers", "resnet-lab-workers.service")):
        words = services[name]["command"]
        words = words.split() if isinstance(words, str) else words
        options = {word for word in directives(unit, "ExecStart")[0].split() if word.startswith("--")}
        assert {word for word in words if word.startswith("--")} | ours & options == options
    assert services["app"]["environment"]["RESNET_LAB_HOME"] == "/data"
    assert any(volume.endswith(":/data") for volume in services["app"]["volumes"])
    assert all(service["read_only"] and service["mem_limit"] for service in services.values())


def test_folders_for_the_container_belong_to_the_images_user():
    user, group = re.search(r"^USER (\d+):(\d+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M).groups()
    for text in (GUIDE, (EXAMPLES / "compose.yaml").read_text(encoding="utf-8")):
        assert f"install -d -o {user} -g {group} " in text


def test_proxies_let_through_what_the_app_lets_through():
    largest = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"][
        "maxUploadSize"
    ]
    nginx, caddy = ((EXAMPLES / name).read_text(encoding="utf-8") for name in ("nginx.conf", "Caddyfile"))
    assert largest < int(re.search(r"client_max_body_size (\d+)m;", nginx)[1]) <= largest * 1.1
    assert largest < int(re.search(r"max_size (\d+)MB", caddy)[1]) <= largest * 1.1
    assert all(part in nginx for part in ("Host $http_host;", "Upgrade $http_upgrade;", "Connection $lab_connection;"))


def test_the_cookie_of_ours_is_described_as_it_is():
    assert re.search(rf"^\| `{visitor.COOKIE}` \|.+\| {visitor.DAYS} days \|$", GUIDE, re.M)


def test_the_addresses_of_health_exist():
    named = set(re.findall(r"^\| `(/[^`]+)` \|", GUIDE, re.M))
    routes = {
        node.value for node in ast.walk(ast.parse((ROOT / "app.py").read_text())) if isinstance(node, ast.Constant)
    }
    assert {"/_stcore/health", "/readyz"} <= named
    assert "/readyz" in routes


@pytest.mark.parametrize("unit", sorted(file.name for file in EXAMPLES.glob("*.service")))
def test_systemd_understands_every_line_of_the_units(unit, tmp_path):
    text = (EXAMPLES / unit).read_text(encoding="utf-8").replace("/opt/resnet-lab/.venv/bin/python", sys.executable)
    sections = re.findall(r"^\[(\w+)\]$", text, re.M)
    assert sections == ["Unit", "Service", "Install"]
    assert [line for line in text.splitlines() if not re.match(r"$|#|\[\w+\]$|[A-Z]\w+=", line)] == []
    if not shutil.which("systemd-analyze"):  # without it the shape of the lines is all that can be seen
        return
    (tmp_path / unit).write_text(text, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    about_ours = [line for line in checked.stderr.splitlines() if unit in line]
    assert (checked.returncode, about_ours) == (0, [])
