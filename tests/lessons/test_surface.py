"""Lesson 9 is judged by the very rule of the sentence under its maps."""

import math

import numpy as np
import pytest

from resnet_core.questions.surface import LossSurfaceQuestion
from resnet_core.records.surface import LossSurface
from ui import recordings
from ui.charts.verdicts.surface import surface_verdict
from ui.lessons.surface import judge

GUESS = math.log(10)
GOOD, BAD = 1.0, 5.0  # nats


def surface(*better, centre=0.1, points=5):
    """Planes of 25 points, of which so many are better than guessing; first the plain network's."""
    loss = np.array([[GOOD] * count + [BAD] * (25 - count) for count in better]).reshape(2, 5, 5)
    axis, lines = np.zeros((2, 5)), np.ones((2, 1, 3))
    return LossSurface(
        "random", points, axis, axis, loss, np.zeros((2, 1, 2)), np.array([0]), np.ones(2), np.linspace(-1, 1, 3),
        lines, np.broadcast_to(np.array(centre, dtype=float), 2), np.zeros(2), GUESS, 32, (100, 100), np.zeros(2, bool),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("plain", "residual", "option"),
    [
        (8, 10, "residual"),
        (10, 12, "same"),
        (10, 10, "same"),
        (12, 10, "same"),
        (10, 8, "plain"),
        (0, 1, "residual"),
        (0, 0, "same"),
    ],
)
def test_a_quarter_more_is_clear(plain, residual, option):
    assert judge(surface(plain, residual)) == option


def test_nothing_is_decided_before_the_planes_are_whole():
    assert judge(surface(2, 20, points=25)) == ""
    early = surface(2, 20)
    early.loss[1, 0, 0] = np.nan
    assert judge(early) == ""


def test_a_network_that_has_not_learned_decides_nothing():
    assert judge(surface(2, 20, centre=(0.1, 2.0))) == ""  # 0.8 of guessing is 1.84 nats
    assert judge(surface(2, 20, centre=(math.nan, 0.1))) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    question = LossSurfaceQuestion()
    record = recordings.record("loss-surface", question)
    said = surface_verdict(question.networks, record)
    starts = {
        "residual": "The basin of residual-20 + BN is",
        "plain": "The basin of plain-20 + BN is",
        "same": "No clear difference between",
    }
    assert [option for option, start in starts.items() if start in said] == [judge(record)]
