"""Lesson 11 judges by what one block less adds to the error, in the median over the blocks; ten points decide."""

import numpy as np
import pytest

from resnet_core.records.lesions import Lesions
from ui import recordings
from ui.charts.verdicts.lesions import single_verdict
from ui.lessons.lesions import QUESTION, judge

NAN = float("nan")


def record(base, single, diverged=(False, False)):
    """Of a plain and a residual network with three blocks; a network that guesses is wrong in 90 %."""
    blocks = tuple(f"stages.{stage}.0" for stage in range(3))
    return Lesions(
        blocks=blocks,
        reshaping=(False, True, True),
        base=np.array(base),
        single=np.array(single),
        counts=np.array([1]),
        many=np.zeros((2, 1, 1)),
        tau=np.zeros(0),
        order=np.zeros((2, 0)),
        guess=0.9,
        train_loss=np.zeros(2),
        images=(100, 100),
        diverged=np.array(diverged),
    )


@pytest.mark.parametrize(
    ("base", "single", "option", "words"),
    [
        # medians without a block: 80 and 20 %, so 70 and 10 points are added
        ((0.1, 0.1), ((0.2, 0.8, 0.9), (0.1, 0.2, 0.9)), "plain", "loses 70 points and residual-20 + BN 10."),
        # 10 and 40 points
        ((0.2, 0.1), ((0.2, 0.3, 0.9), (0.4, 0.5, 0.6)), "residual", "loses 40 points and plain-20 + BN 10."),
        # 15 and 20 points: not ten apart, although the errors themselves are
        ((0.1, 0.3), ((0.2, 0.25, 0.3), (0.4, 0.5, 0.6)), "same", "No clear difference"),
    ],
)
def test_the_median_of_what_is_added_decides_and_the_sentence_says_the_same(base, single, option, words):
    found = record(base, single)
    assert judge(found) == option
    assert words in single_verdict(QUESTION.networks, found)


@pytest.mark.parametrize(
    "found",
    [
        record((0.85, 0.1), ((0.9,) * 3, (0.2,) * 3)),  # the plain network has hardly learned
        record((0.1, 0.1), ((0.9,) * 3, (0.2,) * 3), diverged=(True, False)),
        record((0.1, NAN), ((0.9,) * 3, (NAN,) * 3)),  # the other one is still to be trained
    ],
    ids=["nothing learned", "diverged", "half"],
)
def test_a_network_that_has_nothing_to_lose_decides_nothing(found):
    assert judge(found) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    kept = recordings.record("lesions", QUESTION)
    words = single_verdict(QUESTION.networks, kept)
    starts = {
        "plain": "In the median plain-20 + BN loses",
        "residual": "In the median residual-20 + BN loses",
        "same": "No clear difference",
    }
    assert [option for option, start in starts.items() if start in words] == [judge(kept)]
