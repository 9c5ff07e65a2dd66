"""Lesson 8 is judged by the very rule of the sentence under its figure."""

import math

import numpy as np
import pytest

from resnet_core.questions.norm import NormRatesQuestion
from resnet_core.records.norm import NormRates
from ui import recordings
from ui.charts.verdicts.norm_rates import rates_verdict
from ui.lessons.batchnorm import judge

TRAINED, FAILED = 0.75 * math.log(10), 0.76 * math.log(10)  # nats: just at the line, and just above it


def rates(none, batch):
    """Losses at the end of four rates, one starting size and one seed, without and with BatchNorm."""
    losses = np.array([none, batch], dtype=float)[:, None, :, None]
    return NormRates(10.0 ** np.arange(-3, 1), np.ones(1), losses, 50, False, 8, 10)


def first(count):
    """Networks of which so many train."""
    return [TRAINED] * count + [FAILED] * (4 - count)


@pytest.mark.parametrize(
    ("none", "batch", "option"),
    [(1, 3, "wider"), (0, 4, "wider"), (2, 3, "same"), (2, 2, "same"), (3, 2, "same"), (3, 1, "narrower")],
)
def test_a_difference_of_two_rates_is_clear(none, batch, option):
    assert judge(rates(first(none), first(batch))) == option


def test_a_run_that_diverged_did_not_train():
    assert judge(rates([TRAINED, math.inf, math.inf, math.inf], first(3))) == "wider"


def test_nothing_is_decided_while_a_run_is_missing():
    assert judge(rates([TRAINED, TRAINED, TRAINED, math.nan], first(0))) == ""
    assert judge(rates([math.nan] * 4, [math.nan] * 4)) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    record = recordings.record("norm-rates", NormRatesQuestion())
    sentence = {
        "wider": "BatchNorm widens the range.",
        "same": "No clear difference here.",
        "narrower": "Here the range is wider without BatchNorm.",
    }[judge(record)]
    assert rates_verdict(record, 0).endswith(sentence)
