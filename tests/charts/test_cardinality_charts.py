"""ResNeXt's family as bars and its wiring as a picture."""

import numpy as np
import pytest

from resnet_core.records.beyond import FamilyReport, Member
from ui.charts.cardinality import family_alt, family_bars, family_table, wiring, wiring_alt
from ui.charts.verdicts.cardinality import family_verdict, wiring_verdict


def report(*, last_macs=410, groups=2):
    members = (Member(1, 64, 1000, 400, 70, 20), Member(2, 40, 980, last_macs, 71, 21))
    blocks = np.kron(np.eye(groups), np.ones((8 // groups, 8 // groups))).astype(np.float32)
    return FamilyReport(224, members, 1, blocks)


def test_bars_are_shares_of_the_first_member():
    macs, parameters = family_bars(report()).data
    assert (macs.name, parameters.name) == ("MACs", "parameters")
    assert list(parameters.x) == pytest.approx([1, 0.98])
    assert list(macs.x) == pytest.approx([1, 1.025])
    assert list(macs.text) == ["400", "410"]
    assert list(macs.y) == ["1×64d", "2×40d"]


def test_the_wiring_is_drawn_as_it_is_in_the_record():
    (cells,) = wiring(report()).data
    assert np.array_equal(np.array(cells.z), report().wiring)
    assert wiring_alt(report()).startswith("2×40d: 32 of 64 pairs of channels have a kernel, in 2 squares")


def test_words_and_table_have_the_numbers():
    assert family_alt(report()).endswith("2×40d: 980 parameters, 410 multiply-accumulates.")
    assert family_table(report())[1]["Parameters of one block"] == "71"


def test_a_family_of_equal_cost_is_told_from_one_that_is_not():
    words = family_verdict(report())
    assert words.startswith("The costs hardly differ: parameters by 2.0%, multiplications by 2.4%.")
    assert words.endswith("2×40d has 80 channels in its first 3×3 where 1×64d has 64.")
    assert family_verdict(report(last_macs=500)).startswith("The costs do differ: parameters by 2.0%, multi")


def test_a_dense_convolution_reads_everything_and_a_grouped_one_its_group():
    assert wiring_verdict(report(groups=1)) == "Every channel reads all 8: 576 weights in this 3×3."
    assert wiring_verdict(report(groups=4)) == "Each channel reads 2 of 8: 25% of the pairs, 144 weights in this 3×3."
