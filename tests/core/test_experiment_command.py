"""Experiments as somebody types them, in a process of their own, and what they leave on the disk."""

import io
import json
import os
import signal
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from resnet_core.__main__ import main
from resnet_core.catalogue import EXPERIMENTS, experiment
from resnet_core.commands.asked import wanted
from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError, StoreError
from resnet_core.experiment_words import experiment_command, settings
from resnet_core.recipe import build
from resnet_core.record_files import read_record, write_record
from resnet_core.records import GradientReport
from tests.core.small_questions import SMALL, answer, small

FAST = ("--config", json.dumps(SMALL["gradient-growth"]))


def command(*words, timeout=120):
    return subprocess.run(
        [sys.executable, "-m", "resnet_core", *words], capture_output=True, text=True, timeout=timeout, check=False
    )


def test_list_names_every_experiment_with_question_section_and_source(capsys):
    assert main(["list", "--json"]) == 0
    listed = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(listed) == list(EXPERIMENTS)
    for name, entry in listed.items():
        assert entry["question"] == EXPERIMENTS[name].asks
        assert entry["section"]
        assert "arXiv" in entry["source"]
        assert build(EXPERIMENTS[name].question, entry["settings"]) == EXPERIMENTS[name].question()


def test_list_reads_as_a_table_without_json(capsys):
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in EXPERIMENTS)


def test_an_experiment_writes_its_record_and_what_was_asked(tmp_path):
    done = command("gradient-growth", *FAST, "--out", str(tmp_path / "run"))
    assert done.returncode == 0
    assert "100%" in done.stderr.splitlines()[-1]
    about = json.loads((tmp_path / "run/question.json").read_text())
    assert (about["experiment"], about["done"], about["question"]["width"]) == ("gradient-growth", 1.0, 20)
    assert set(about["versions"]) == {"python", "torch", "numpy"}
    here = tmp_path / "here"
    write_record(here, answer("gradient-growth"))
    assert (here / "record.json").read_text() == (tmp_path / "run/record.json").read_text()
    with np.load(here / "record.npz") as one, np.load(tmp_path / "run/record.npz") as other:
        assert one.files == other.files
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name])


def test_json_is_one_line_that_holds_the_record():
    done = command("gradient-growth", *FAST, "--json")
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert set(found) == {"experiment", "question", "record"}
    assert found["question"] == settings(small("gradient-growth"))


def test_the_question_that_was_written_asks_the_same_again(tmp_path):
    question = small("gradient-parts")
    (tmp_path / "question.json").write_text(
        json.dumps({"experiment": "gradient-parts", "question": settings(question)})
    )
    entry = experiment("gradient-parts")
    assert build(entry.question, wanted(entry, str(tmp_path / "question.json"), [])) == question


@pytest.mark.parametrize("name", SMALL)
def test_the_command_line_of_a_question_asks_that_question(name):
    import shlex

    python, module, package, typed, *rest = shlex.split(experiment_command(experiment(name), small(name)))
    assert (python, module, package, typed) == ("python", "-m", "resnet_core", name)
    config = rest[1] if rest else "{}"
    entry = experiment(name)
    assert build(entry.question, wanted(entry, config, [])) == small(name)


def test_single_settings_reach_inside():
    entry = experiment("gradient-flow")
    asked = build(entry.question, wanted(entry, "{}", ["seeds=5", "network.norm=none", "network.depths=[1, 2, 3]"]))
    assert (asked.seeds, asked.network.norm, asked.network.depths) == (5, "none", (1, 2, 3))
    assert asked.network.widths == entry.question().network.widths


def test_a_network_can_be_given_by_name():
    """He et al. 2015, table 6: ResNet-20 has 3 blocks per stage of 16, 32 and 64 channels."""
    entry = experiment("gradient-flow")
    config = json.dumps({"network": {"preset": "cifar-resnet20", "in_channels": 1}})
    network = build(entry.question, wanted(entry, config, [])).network
    assert (network.depths, network.widths, network.in_channels) == ((3, 3, 3), (16, 32, 64), 1)
    assert build(ResNetConfig, {"preset": "cifar-plain20"}).shortcut == "none"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--config", "{"), "not JSON"),
        (("--config", "[1]"), "cannot be read"),
        (("--config", "nowhere.json"), "cannot be read"),
        (("--config", '{"sedes": 3}'), "no setting called sedes"),
        (("--config", '{"network": {"preset": "resnet5o"}}'), "Did you mean"),
        (("--config", '{"experiment": "identity", "question": {}}'), "settings of 'identity'"),
        (("--set", "seeds"), "NAME=VALUE"),
        (("--set", "seeds=0"), "seeds is 0. It must be"),
        (("--set", "seeds=1.5"), "It must be int"),
        (("--set", "network=3"), "It must be an object"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_one_sentence(words, complaint, capsys):
    assert main(["gradient-flow", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert complaint in said.err
    assert len(said.err.splitlines()) == 1


def test_help_tells_the_settings():
    done = command("gradient-flow", "--help")
    assert "examples:\n  python -m resnet_core gradient-flow" in done.stdout
    assert "seeds = 3" in done.stdout


@pytest.mark.slow
def test_interrupting_keeps_what_was_found_and_says_nothing(tmp_path):
    words = ["gradient-flow", "--config", json.dumps(SMALL["gradient-flow"] | {"seeds": 20, "steps": 10})]
    with subprocess.Popen(
        [sys.executable, "-m", "resnet_core", *words, "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, complaint = process.communicate(timeout=60)
    assert "%" in first
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in complaint
    about = json.loads((tmp_path / "question.json").read_text())
    assert 0 < about["done"] < 1
    kept = read_record(tmp_path)
    assert len(kept.seeds) == round(about["done"] * 20)


def test_take_home_writes_the_file_that_the_app_offers(tmp_path, capsys):
    file = tmp_path / "home.zip"
    assert main(["gradient-growth", *FAST, "--take-home", str(file)]) == 0
    assert capsys.readouterr().out.strip() == str(file)
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        assert archive.testzip() is None
        assert "experiment.py" in archive.namelist()


def test_a_record_that_was_written_is_read_with_the_same_numbers(tmp_path):
    norms = np.array([[0.1, np.nan], [np.inf, 1e-300]])
    record = GradientReport(("a", "b"), norms, np.zeros(2, np.float64), (0, 1), 3)
    write_record(tmp_path, record)
    back = read_record(tmp_path)
    assert type(back) is GradientReport
    assert (back.layers, back.seeds, back.steps) == (record.layers, record.seeds, record.steps)
    np.testing.assert_array_equal(back.norms, norms)
    assert json.loads((tmp_path / "record.json").read_text())["norms"] == {
        "_array": "norms",
        "shape": [2, 2],
        "dtype": "float64",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_every_record_can_be_read_back(name, tmp_path):
    record = answer(name)
    write_record(tmp_path / "first", record)
    write_record(tmp_path / "second", read_record(tmp_path / "first"))
    assert (tmp_path / "first/record.json").read_text() == (tmp_path / "second/record.json").read_text()
    with np.load(tmp_path / "first/record.npz") as one, np.load(tmp_path / "second/record.npz") as other:
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize(
    "content", ["{", '{"_kind": "os:system"}', '{"_kind": "resnet_core.records:Nothing"}', '{"_array": "a"}', None]
)
def test_a_folder_that_holds_no_record_is_explained(content, tmp_path):
    np.savez(tmp_path / "record.npz", b=np.zeros(2))
    if content is not None:
        (tmp_path / "record.json").write_text(content)
    with pytest.raises(StoreError):
        read_record(tmp_path)


def test_unions_and_nested_tuples_are_read_from_plain_settings():
    from dataclasses import dataclass

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Question:
        pairs: tuple[tuple[int, str], ...] = ()
        network: ResNetConfig | None = None
        size: int | float = 1

    asked = build(Question, {"pairs": [[1, "a"], [2, "b"]], "network": None, "size": 0.5})
    assert asked == Question(pairs=((1, "a"), (2, "b")), size=0.5)
    assert build(Question, {"network": {"depths": [1, 1, 1]}}).network == ResNetConfig(depths=(1, 1, 1))
    with pytest.raises(ConfigError, match=r"ResNetConfig has no setting called depth\."):
        build(Question, {"network": {"depth": 3}})
    with pytest.raises(ConfigError, match="ResNetConfig or null"):
        build(Question, {"network": 3})
