"""Lesson 12 judges by the training error: the lowest median is held against the highest, six points among several."""

import re

import numpy as np
import pytest

from resnet_core.questions.beyond import WideQuestion
from resnet_core.records.contests import Contest
from ui import recordings
from ui.charts.verdicts.contests import contest_verdict
from ui.lessons.beyond import judge

NAMES = ("8 · 15", "14 · 10", "20 · 8")
WIDE, MIDDLE, DEEP = ((0.18, 0.2, 0.22),), ((0.23, 0.24, 0.25),), ((0.28, 0.3, 0.31),)


def record(*train, diverged=()):
    """Of three networks, the widest first, each with its seeds' training errors; the test errors are all equal."""
    errors = np.array(train, dtype=float)[..., None]
    broken = np.zeros(errors.shape[:2], dtype=bool)
    broken[list(diverged)] = True
    return Contest(
        names=NAMES,
        layers=(8, 14, 20),
        parameters=(1000,) * 3,
        macs=(1000,) * 3,
        seeds=tuple(range(errors.shape[1])),
        steps=np.array([90]),
        train_error=errors,
        test_error=np.full_like(errors, 0.5),
        diverged=broken,
        test_images=500,
    )


@pytest.mark.parametrize(
    ("train", "option", "words"),
    [
        ((*WIDE, *MIDDLE, *DEEP), "wide", "Training error: lowest for 8 layers of width 15 (20.0%)"),
        ((*MIDDLE, *WIDE, *DEEP), "between", "Training error: lowest for 14 layers of width 10 (20.0%)"),
        ((*DEEP, *MIDDLE, *WIDE), "deep", "Training error: lowest for 20 layers of width 8 (20.0%)"),
        (((0.2, 0.2, 0.2), (0.22, 0.23, 0.24), (0.24, 0.25, 0.26)), "same", "Training error: no clear difference"),
        (((0.2, 0.2, 0.32), *MIDDLE, *DEEP), "same", "Training error: no clear difference"),  # the seeds overlap
    ],
    ids=["wide", "between", "deep", "five points", "overlap"],
)
def test_the_lowest_training_error_decides_and_the_sentence_says_the_same(train, option, words):
    found = record(*train)
    assert judge(found) == option
    assert words in contest_verdict(found)


@pytest.mark.parametrize(
    "found",
    [
        record((0.2, 0.2), (0.3, 0.3), (0.4, 0.4)),  # two seeds
        record((0.2,) * 3, (0.3,) * 3, (float("nan"),) * 3),  # the last network is still learning
        record(*WIDE, *MIDDLE, *DEEP, diverged=(1, 2)),
    ],
    ids=["two seeds", "half", "diverged"],
)
def test_what_cannot_be_told_from_chance_decides_nothing(found):
    assert judge(found) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    kept = recordings.record("wide", WideQuestion())
    said = re.search(r"Training error: (no clear difference|lowest for (\d+) layers)", contest_verdict(kept))
    assert said
    assert judge(kept) == {None: "same", "8": "wide", "32": "deep"}.get(said[2], "between")
