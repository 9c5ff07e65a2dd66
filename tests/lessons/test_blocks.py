"""Lesson 6: the test error at the end decides between the two kinds of block."""

from pathlib import Path

import numpy as np
import pytest

from resnet_core.questions.blocks import BlockKindsQuestion
from resnet_core.recording.answers import load_answer
from resnet_core.records.contests import Contest
from ui.charts.verdicts.contests import contest_verdict
from ui.lessons.blocks import judge

RECORDED = Path(__file__).parents[2] / "assets" / "answers" / "block_kinds"
SAID = {
    "basic": "Test error: lowest for basic",
    "bottleneck": "Test error: lowest for bottleneck",
    "same": "Test error: no clear difference",
}


def contest(basic, bottleneck, diverged=False):
    """Test errors at the end in percent, one for each seed. In training and on the way there the others are ahead."""
    end = np.array([basic, bottleneck], dtype=float) / 100
    return Contest(
        names=("basic", "bottleneck"),
        layers=(14, 20),
        parameters=(50, 48),
        macs=(100, 96),
        seeds=tuple(range(len(basic))),
        steps=np.array([30, 60]),
        train_error=np.stack([end[::-1], end[::-1]], axis=2),
        test_error=np.stack([end[::-1], end], axis=2),
        diverged=np.array([[False] * len(basic), [diverged] * len(basic)]),
        test_images=500,
    )


@pytest.mark.parametrize(
    ("basic", "bottleneck", "found"),
    [
        ([20, 21, 22], [24, 25, 26], "basic"),
        ([24, 25, 26], [20, 21, 22], "bottleneck"),
        ([20, 21, 22], [23, 23, 24], "same"),  # two points apart
        ([20, 21, 27], [24, 25, 26], "same"),  # the ranges overlap
    ],
)
def test_the_test_error_at_the_end_decides(basic, bottleneck, found):
    assert judge(contest(basic, bottleneck)) == found


@pytest.mark.parametrize(
    "record",
    [
        contest([20, 21], [30, 31]),  # two seeds are too few
        contest([20, 21, 22], [30, 31, np.nan]),  # not there yet
        contest([20, 21, 22], [30, 31, 32], diverged=True),
    ],
)
def test_what_cannot_be_told_from_chance_decides_nothing(record):
    assert judge(record) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    answer = load_answer(RECORDED)
    assert answer.question == BlockKindsQuestion()
    assert SAID[judge(answer.record())] in contest_verdict(answer.record())
