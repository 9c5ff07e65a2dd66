"""Recorded answers: what the command leaves is found again by its question; the shipped ones can be asked again."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from resnet_core.__main__ import main
from resnet_core.catalogue import EXPERIMENTS
from resnet_core.errors import StoreError
from resnet_core.experiment_words import experiment_command
from resnet_core.record_files import taken_apart
from resnet_core.recording.answers import load_answer, load_answers
from resnet_core.recording.card import load_card
from tests.core.small_questions import SMALL, answer, small

SHIPPED = Path(__file__).parents[2] / "assets" / "answers"
NAME = "gradient-growth"


@pytest.fixture
def folder(tmp_path):
    assert main([NAME, "--config", json.dumps(SMALL[NAME]), "--out", str(tmp_path / "growth")]) == 0
    return tmp_path / "growth"


def same(one, other):
    """Whether two records hold the same words and the same numbers to the last bit."""
    (first, arrays), (second, others) = (({}, {}) for _ in range(2))
    first, second = taken_apart(one, arrays), taken_apart(other, others)
    equal = all(np.array_equal(arrays[name], others[name], equal_nan=True) for name in arrays)
    return first == second and arrays.keys() == others.keys() and equal


def test_an_answer_is_found_by_its_question_and_says_how_it_was_made(folder):
    found = load_answers(folder.parent)[NAME, small(NAME)]
    assert found.command == experiment_command(EXPERIMENTS[NAME], small(NAME))
    assert (len(found.date), found.date[:2], found.torch[0]) == (10, "20", "2")
    assert same(found.record(), answer(NAME))


@pytest.mark.parametrize(
    "harm",
    [
        lambda about: about.update(done=0.5),
        lambda about: about.pop("machine"),
        lambda about: about.update(experiment="none"),
        lambda about: about["question"].update(width="wide"),
    ],
)
def test_what_is_interrupted_or_damaged_is_refused_by_name(folder, harm):
    about = json.loads((folder / "question.json").read_text())
    harm(about)
    (folder / "question.json").write_text(json.dumps(about))
    with pytest.raises(StoreError, match="growth holds no recorded answer"):
        load_answer(folder)


def test_an_empty_folder_has_no_answers(tmp_path):
    assert load_answers(tmp_path) == {}


def asked_of(command, experiment):
    """The configs of the networks that a command dissects, by their cards."""
    names = command[5 : command.index("--path")]
    assert command[:5] == ["python", "-m", "resnet_core", "dissect", experiment]
    assert command[command.index("--path") + 1 :] == ["cifar10_jpeg.npz"]
    cards = [load_card(SHIPPED.parent / "weights" / f"{name}.json") for name in names]
    return tuple(network for card in cards for network in card.spec.networks)


@pytest.mark.parametrize("path", sorted(SHIPPED.iterdir()), ids=lambda path: path.name)
def test_every_shipped_answer_is_whole_and_its_command_asks_the_same(path):
    found = load_answer(path)
    assert found.record() is not None
    if getattr(getattr(found.question, "data", None), "name", "") == "jpegs":  # of shipped networks
        networks = asked_of(found.command.split(), found.experiment)
        assert networks == found.question.networks
    else:
        assert found.command == experiment_command(EXPERIMENTS[found.experiment], found.question)
    assert found.machine
    assert found.seconds > 0


def test_the_beginning_of_a_shipped_answer_comes_again():
    """Another processor rounds differently: a hundredth, not the last bit."""
    found = load_answer(SHIPPED / "preconditioning")
    kept = found.record()
    moments = (moment.record for moment in EXPERIMENTS[found.experiment].ask(found.question) if moment.record)
    again = next(record for record in moments if np.isfinite(record.spectrum[:, 0]).all())  # both networks, first seed
    np.testing.assert_allclose(again.spectrum[:, 0, :10], kept.spectrum[:, 0, :10], rtol=0.01)
    assert again.parameters == kept.parameters


def test_reading_answers_does_not_wait_for_torch():
    code = f"""
import sys
from pathlib import Path
from resnet_core.recording.answers import load_answers
found = load_answers(Path({str(SHIPPED)!r}))
[answer.record() for answer in found.values()]
sys.exit("torch" in sys.modules or not found)
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=SHIPPED.parents[1], check=False).returncode == 0
