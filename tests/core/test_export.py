"""What is taken home, unpacked and run where the laboratory is not: the same numbers come out."""

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from resnet_core.catalogue import EXPERIMENTS, experiment
from resnet_core.export.bundle import bundle
from resnet_core.export.pack import pack_experiment
from resnet_core.record_files import write_record
from tests.core.small_questions import SMALL, answer, small
from tests.waiting import PATIENCE

RUNNER = Path(__file__).parent / "export_runner.py"
# Fields that are measured in seconds: no two runs agree on them.
MEASURED = {"seconds", "milliseconds", "low", "high"}


def unpack(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def run_away_from_home(folders, how, cwd):
    """Run exports in one fresh interpreter: -I leaves out the current folder and every variable of the environment."""
    command = [sys.executable, "-I", str(RUNNER), how, *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10 * PATIENCE, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done


def numbers(folder):
    """Everything that a record says, arrays in their places, without the names of its classes."""

    def filled(value):
        if isinstance(value, dict):
            if "_array" in value:
                return arrays[value["_array"]].tolist(), str(arrays[value["_array"]].dtype)
            return {name: filled(part) for name, part in value.items() if name != "_kind" and name not in MEASURED}
        return [filled(part) for part in value] if isinstance(value, list) else value

    with np.load(folder / "record.npz", allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    content = filled(json.loads((folder / "record.json").read_text(encoding="utf-8")))
    return json.dumps(content)  # in which a NaN equals a NaN


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Every experiment of the catalogue, exported with its small question and run away from home."""
    home = tmp_path_factory.mktemp("exports")
    folders = {name: unpack(pack_experiment(name, small(name)), home / name) for name in SMALL}
    run_away_from_home(folders.values(), "--script", home)
    return folders


def test_every_experiment_has_a_small_question():
    assert set(SMALL) == set(EXPERIMENTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_an_exported_experiment_finds_the_same_numbers(exports, name, tmp_path):
    folder = exports[name]
    assert not (folder / "error.txt").exists(), (folder / "error.txt").read_text()
    write_record(tmp_path, answer(name))
    assert numbers(folder / name) == numbers(tmp_path)


@pytest.mark.slow
def test_a_notebook_finds_the_same_numbers_as_its_script(exports):
    name = "gradient-flow"
    written = exports[name] / name / "record.npz"
    before = numbers(written.parent)
    written.unlink()
    run_away_from_home([exports[name]], "--notebook", exports[name])
    assert numbers(written.parent) == before


@pytest.mark.parametrize("name", SMALL)
def test_an_export_knows_nothing_of_the_laboratory(name):
    found = bundle(experiment(name), small(name))
    for section in found.sections:
        for node in ast.walk(ast.parse(section.code)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert not [module for module in modules if module.split(".")[0] in ("resnet_core", "ui")]
