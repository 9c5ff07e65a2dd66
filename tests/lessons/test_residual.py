"""Lesson 2: what training did to F in the deepest residual network decides, and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from resnet_core.questions.responses import ResponsesQuestion
from resnet_core.recording.answers import load_answer
from resnet_core.records.responses import NetworkResponses, ResponsesReport
from ui.charts.verdicts.responses import responses_verdict
from ui.lessons.residual import judge

RECORDED = Path(__file__).parents[2] / "assets" / "answers" / "responses"
SAID = {
    "gone": "residual-56 + BN: F is nearly nothing beside x",
    "smaller": "residual-56 + BN: F shrank in training",
    "stays": ("residual-56 + BN: training hardly changed F", "residual-56 + BN: F grew in training"),
}


def network(before, after, end=1.0):
    """One with three blocks, of which the middle one is that of the median; before the first step and at the end."""
    ratio = np.array([[0.01, before, 9.0], [0.01, after, 9.0]])
    blocks = ("stages.0.0", "stages.0.1", "stages.0.2")
    return NetworkResponses(blocks, blocks, ratio, ratio / 10, ratio, np.array([2.3, end]))


def report(before, after, end=1.0, networks=4):
    """The deepest residual network goes from `before` to `after`; in the others F vanishes."""
    others = [network(1.0, 0.001) for _ in range(3)]
    return ResponsesReport((*others, network(before, after, end))[:networks], (0, 60))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (0.5, 0.04, "gone"),  # below a twentieth of x
        (0.5, 0.06, "smaller"),
        (0.46, 0.4, "smaller"),  # 0.46 / 0.4 = 1.15
        (0.44, 0.4, "stays"),
        (0.4, 0.8, "stays"),
        (0.0, 0.8, "stays"),
    ],
)
def test_the_median_of_the_deepest_residual_network_decides(before, after, found):
    assert judge(report(before, after)) == found


@pytest.mark.parametrize(
    "record",
    [
        ResponsesReport((), (0, 60)),
        report(0.5, 0.1, networks=3),  # it has not begun
        report(0.5, np.nan, end=np.nan),  # it is not there yet
        report(0.5, 0.1, end=np.inf),  # it diverged
    ],
)
def test_what_has_not_come_to_its_end_decides_nothing(record):
    assert judge(record) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    answer = load_answer(RECORDED)
    assert answer.question == ResponsesQuestion()
    words = SAID[judge(answer.record())]
    sentence = responses_verdict(answer.question.networks, answer.record(), "ratio")
    assert any(word in sentence for word in ([words] if isinstance(words, str) else words))
