"""Lesson 7 is judged by the very rule of the sentence under its table."""

import numpy as np
import pytest

from resnet_core.questions.gradients import GradientTableQuestion
from resnet_core.records.gradient_table import GradientTableReport, Switches
from ui import recordings
from ui.charts.verdicts.gradient_table import switch_verdict
from ui.lessons.gradients import judge

ROWS = tuple(
    Switches(skip=skip, norm=norm, he=he) for skip in (False, True) for norm in (True, False) for he in (True, False)
)
ASKED = 0  # plain, BN, He


def table(*asked, depths=(20, 110), losses=2.3, others=1.0):
    """Eight settings and one seed; the ratios of the one that is asked about by depth, and `others` elsewhere."""
    first = np.full((8, len(depths), 1), others)
    first[ASKED, :, 0] = asked
    losses = np.broadcast_to(losses, first.shape)
    none = np.ones((8, 0))
    return GradientTableReport(ROWS, depths, first, np.ones(first.shape), losses, (0,), 20, (), none, none, none)


@pytest.mark.parametrize(("ratio", "option"), [(0.01, "vanishes"), (0.02, "even"), (99.0, "even"), (100.0, "explodes")])
def test_a_hundredth_vanishes_and_a_hundred_times_explodes(ratio, option):
    assert judge(table(1.0, ratio)) == option


def test_the_other_settings_and_the_shallower_networks_do_not_matter():
    assert judge(table(1.0, 1e6, others=1e-9)) == "explodes"
    assert judge(table(1e6, 1.0, others=1e-9)) == "even"


def test_nothing_is_decided_before_the_deepest_network_is_measured():
    early = table(1e6, np.nan, losses=np.array([[2.3], [np.nan]]))
    assert judge(early) == ""
    assert "20 layers" in switch_verdict(early)
    assert judge(table(np.nan, np.nan, losses=np.nan)) == ""


def test_a_gradient_that_is_not_finite_decides_nothing():
    assert judge(table(1.0, np.inf)) == ""


def test_the_recorded_answer_is_judged_as_its_sentence_says():
    record = recordings.record("gradient-table", GradientTableQuestion())
    said = switch_verdict(record)
    words = {"explodes": "It explodes towards the input for: ", "vanishes": "It vanishes for: "}
    told = [option for option, words in words.items() if words in said and "plain, BN, He" in _names(said, words)]
    assert [judge(record)] == (told or ["even"])


def _names(said, words):
    return said.partition(words)[2].partition(".")[0]
