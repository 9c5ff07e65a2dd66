"""What is taken home, unpacked and run where the laboratory is not: the same numbers come out."""

import ast
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from resnet_core.catalogue import EXPERIMENTS, experiment
from resnet_core.experiment_words import experiment_command
from resnet_core.export import modules
from resnet_core.export.bundle import bundle
from resnet_core.export.literal import kinds, literal
from resnet_core.export.names import choose_names
from resnet_core.export.pack import pack_experiment
from resnet_core.export.pages import notebook
from resnet_core.export.reach import Reach
from resnet_core.export.rewrite import rewritten
from resnet_core.export.scopes import references
from resnet_core.recipe import DataConfig
from resnet_core.record_files import write_record
from tests.core.small_questions import SMALL, answer, small
from tests.waiting import PATIENCE

RUNNER = Path(__file__).parent / "export_runner.py"
MEASURED = {"time-across-sizes": {"milliseconds", "low", "high"}}  # by a clock: no two runs agree on these


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


def numbers(folder, left_out=()):
    """Everything that a record says, arrays in their places, without the names of its classes."""

    def filled(value):
        if isinstance(value, dict):
            if "_array" in value:
                return arrays[value["_array"]].tolist(), str(arrays[value["_array"]].dtype)
            return {name: filled(part) for name, part in value.items() if name != "_kind" and name not in left_out}
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
    left_out = MEASURED.get(name, ())
    assert numbers(folder / name, left_out) == numbers(tmp_path, left_out)


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


def test_a_notebook_has_the_structure_that_jupyter_reads():
    """nbformat 4.5: what every notebook and every cell must have, and no more (nbformat's v4 JSON schema)."""
    content = json.loads(notebook(bundle(experiment("gradient-flow"), small("gradient-flow"))))
    assert set(content) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])
    for cell in content["cells"]:
        extra = {"outputs", "execution_count"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | extra
        assert re.fullmatch("[a-zA-Z0-9_-]{1,64}", cell["id"])
        assert all(isinstance(line, str) for line in cell["source"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])


def test_an_export_brings_the_data_it_needs_and_no_other():
    def taken(question):
        with zipfile.ZipFile(io.BytesIO(pack_experiment("gradient-flow", question))) as archive:
            return {name for name in archive.namelist() if name.startswith("assets/")}

    entry = experiment("gradient-flow").question
    fashion, digits = entry(), entry(data=DataConfig(name="digits", size=8))
    assert taken(fashion) == {"assets/data/fashion.npz", "assets/data/LICENSE-fashion-mnist.txt"}
    assert taken(digits) == {"assets/data/digits.npz", "assets/data/LICENSE-digits.txt"}


def test_where_a_visitors_pictures_lie_is_not_told():
    question = experiment("gradient-flow").question(data=DataConfig(name="folder", path="/somewhere/secret"))
    with zipfile.ZipFile(io.BytesIO(pack_experiment("gradient-flow", question))) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in texts.items() if "secret" in text]
    assert 'DataConfig(name="folder", path="FOLDER")' in texts["experiment.py"]
    assert "def load_folder(" in texts["experiment.py"]
    assert not [name for name in texts if name.startswith("assets/")]


def test_an_export_that_needs_torchvisions_weights_says_which_and_where():
    question = experiment("feature-pyramid").question
    about, *_ = bundle(experiment("feature-pyramid"), question(backbone="resnet34", weights="imagenet")).sections
    assert "resnet34-b627a593.pth into weights/" in about.words  # the name in torchvision's list of models
    fresh, *_ = bundle(experiment("feature-pyramid"), question(backbone="resnet34")).sections
    assert "torchvision" not in fresh.words


def test_a_long_text_in_a_question_has_a_file_of_its_own():
    question = experiment("pixel-mixing").question(own="A" * 5000)
    aside = {}
    written = literal(question, aside=aside)
    ((file, text),) = aside.items()
    assert text == question.own
    assert f'own=(HERE / "{file}").read_text' in written
    assert "question.json" in experiment_command(experiment("pixel-mixing"), question)


@pytest.mark.parametrize("name", SMALL)
def test_a_question_is_written_as_the_source_that_makes_it(name):
    classes = {kind.__name__: kind for kind in kinds(small(name))}
    assert eval(literal(small(name)), classes) == small(name)


def test_floats_and_words_that_python_writes_otherwise():
    for value in (
        float("inf"),
        float("-inf"),
        'say "no"\\n',
        "한국어",
        (1,),
        (),
        ((1, 2), (3, 4)),
        {"a": (None, True)},
    ):
        assert eval(literal(value)) == value
    assert np.isnan(eval(literal(float("nan"))))


def meant(code):
    """The names in the first statement of some code that mean something outside of it."""
    return sorted(reference.node.id for reference in references(ast.parse(code).body[0]))


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f(a, *b, c=d, **e): return a + b + c + e + g", ["d", "g"]),
        ("def f():\n    x = 1\n    def inner(): return x + y\n    return inner", ["y"]),
        ("def f(): return [x for x in y if x > z]", ["y", "z"]),
        ("def f(): return [x for x in x]", ["x"]),
        ("def f(): return lambda x: x + y", ["y"]),
        ("def f():\n    global x\n    x = 1", ["x"]),
        ("def f():\n    if (x := g()): return x", ["g"]),
        ("def f():\n    try: g()\n    except E as e: return e", ["E", "g"]),
        ("def f():\n    import x\n    from y import z\n    return x, z", []),
        ("def f():\n    with a as b: return b", ["a"]),
        ("class C(B):\n    x: int = 1\n    y = x\n    def m(self): return x", ["B", "int", "x"]),
        ("@d\ndef f(a: A) -> R: pass", ["A", "R", "d"]),
        ("def f(v):\n    match v:\n        case [a, *b]: return a, b, c", ["c"]),
        ("x = y.z", ["x", "y"]),
    ],
)
def test_what_a_name_means_follows_pythons_rules(code, names):
    assert meant(code) == names


def test_two_things_of_one_name_are_told_apart(tmp_path, monkeypatch):
    """Three modules with a `_size` each: once also a local name, once imported in a function, once by its module."""
    write_laboratory(
        tmp_path,
        first="SIZE = 1\n\n\ndef _size():\n    return SIZE\n",
        second="from resnet_core import first\nfrom resnet_core.first import SIZE as HALF\n\n\n"
        "def _size(first_size=2):\n    _size = 5  # its own\n    return first._size() + HALF + first_size + _size\n",
        third="def _size():\n    from resnet_core.second import _size as other\n\n"
        "    return f'{other()} {_size.__name__}'\n",
    )
    monkeypatch.setattr(modules, "ROOT", tmp_path)
    reach = Reach({})
    reach.add([("resnet_core.third", "_size")])
    parts = reach.in_order()
    names = choose_names(reach, parts)
    code = "\n".join(rewritten(reach, module, one, names) for module, statements in parts for one in statements)
    space = {}
    exec(code, space)
    assert space[names["resnet_core.third", "_size"]]() == f"9 {names['resnet_core.third', '_size']}"
    assert "resnet_core" not in code


def write_laboratory(folder, **sources):
    (folder / "resnet_core").mkdir()
    for name, source in {"__init__": "", **sources}.items():
        (folder / f"resnet_core/{name}.py").write_text(source)
