"""Which prediction the errors of lesson 1 bear out: of the plain networks, and of every seed."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_core.questions.depth import DegradationQuestion
from resnet_core.records.depth import DegradationReport
from ui import recordings
from ui.charts.verdicts.degradation import degradation_verdict
from ui.lessons.depth import judge


def report(*plain, depths=(8, 56)):
    """Training errors of the plain networks, depth by depth; the residual ones learn everything."""
    errors = np.stack([np.array(plain, float), np.zeros((len(depths), len(plain[0])))])
    return DegradationReport(
        depths=depths, seeds=tuple(range(len(plain[0]))), steps=60, guess=0.9, norm="batch", train_loss=errors,
        train_error=errors, test_error=errors, diverged=~np.isfinite(errors),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shallow", "deep", "found"),
    [
        ((0.02, 0.03), (0.70, 0.80), "worse"),
        ((0.70, 0.80), (0.02, 0.03), "better"),
        ((0.02, 0.30), (0.20, 0.80), "same"),  # the seeds overlap
        ((0.02, 0.03), (0.04, 0.05), "same"),  # less than three points
    ],
)
def test_errors_that_rise_with_depth_are_worse(shallow, deep, found):
    assert judge(report(shallow, deep)) == found


def test_one_depth_decides_nothing():
    assert judge(report((0.1, 0.2), (np.nan, np.nan))) == ""


def test_the_residual_networks_do_not_count():
    record = report((0.02, 0.03), (0.70, 0.80))
    assert judge(replace(record, train_error=record.train_error[::-1])) == "same"


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    record = recordings.record("degradation", DegradationQuestion())
    sentence = degradation_verdict(record).split("residual:")[0]
    words = {"worse": "deeper is worse", "better": "falls from", "same": "no clear difference"}
    assert words[judge(record)] in sentence
