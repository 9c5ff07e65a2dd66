"""Lesson 5: the convolution is held against the identity; the other kinds do not count."""

from pathlib import Path

import numpy as np
import pytest

from resnet_core.questions.shortcuts import ShortcutKindsQuestion
from resnet_core.recording.answers import load_answer
from resnet_core.records.shortcuts import ShortcutKinds, ShortcutRace
from ui.charts.verdicts.shortcut_kinds import kinds_verdict
from ui.lessons.shortcuts import judge

RECORDED = Path(__file__).parents[2] / "assets" / "answers" / "shortcut_kinds"
SAID = {
    "better": "Clearly better than the identity",
    "same": "No clear difference from the identity",
    "worse": "Clearly worse than the identity",
}


def kinds(identity, conv, names=("identity", "gated", "conv"), diverged=False):
    """A race whose test errors are given in percent, one for each seed; the gates only guess."""
    errors = np.array([identity, [90] * len(identity), conv], dtype=float) / 100
    race = ShortcutRace(
        names=names,
        layers=32,
        parameters=(100, 110, 120),
        macs=(1000, 1100, 1200),
        seeds=tuple(range(len(identity))),
        losses=np.ones((*errors.shape, 4), np.float32),
        test_error=errors,
        diverged=np.full(errors.shape, diverged),
        classes=10,
        test_images=500,
    )
    return ShortcutKinds(race, 0, np.ones((*errors.shape, 2)))


@pytest.mark.parametrize(
    ("identity", "conv", "found"),
    [
        ([20, 24], [30, 34], "worse"),
        ([30, 34], [20, 24], "better"),
        ([20, 24], [21, 25], "same"),  # a point apart
        ([20, 24], [26, 27], "same"),  # medians of 22 and 26.5: less than five points
        ([20, 40], [39, 60], "same"),  # the ranges overlap
    ],
)
def test_the_errors_of_all_seeds_decide(identity, conv, found):
    assert judge(kinds(identity, conv)) == found


@pytest.mark.parametrize(
    "record",
    [
        kinds([20], [40]),  # one seed is one accident
        kinds([20, 22], [40, np.nan]),  # not there yet
        kinds([20, 22], [40, 42], diverged=True),
        kinds([90, 90], [90, 90]),  # guessing
        kinds([20, 22], [40, 42], names=("identity", "gated", "half")),
        kinds([20, 22], [40, 42], names=("plain", "gated", "conv")),
    ],
)
def test_what_cannot_be_compared_decides_nothing(record):
    assert judge(record) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    answer = load_answer(RECORDED)
    assert answer.question == ShortcutKindsQuestion()
    sentences = kinds_verdict(answer.record()).split(".")
    (said,) = [sentence for sentence in sentences if "1×1 convolution" in sentence]
    assert said.strip().startswith(SAID[judge(answer.record())])
