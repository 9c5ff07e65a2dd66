"""Colours, sentences and table of the signal: they follow the numbers, with a branch for no clear difference."""

import math
import statistics

import numpy as np
import pytest

from resnet_core.records import LayerMaps, PictureReport
from resnet_core.records.signals import NetworkSignals
from ui.charts.gradients import block_in_words, gradient_profile
from ui.charts.shades import deviation_shade, gradient_shade, picture_shade, ratio_shade
from ui.charts.signals import signals_table
from ui.charts.verdicts.signals import deviation_verdict, ratio_verdict

NAMES = ("stem", "stages.0.0", "stages.0.1", "stages.0.2", "stages.1.0", "stages.2.0")


def found(deviation, ratio=()):
    ratio = (math.nan, *ratio, *([math.nan] * (len(deviation) - 1 - len(ratio))))
    return NetworkSignals(NAMES[: len(deviation)], np.array(deviation, dtype=float), np.array(ratio, dtype=float))


@pytest.fixture
def residual(network):
    return network(3)


@pytest.mark.parametrize(
    ("deviation", "says"),
    [
        ([1, 1, 2, 3], "the signal grows, from 1 behind the first block to 3 behind the last."),
        ([9, 3, 2, 1], "the signal shrinks, from 3 behind the first block to 1 behind the last."),
        ([9, 1, 1, 1.4], "no clear difference between the signal behind the first block, 1, and behind the last, 1.4."),
        ([1, 1, 5, 1], "and behind the last, 1. It is largest behind stage 1, block 2, 5."),
        ([1, 1, math.inf, math.inf], "from stage 1, block 2 on the signal is too large for a number."),
        ([1, 1e-3, 1e-9, 0], "shrinks, from 0.001 behind the first block to 0 behind the last."),
    ],
)
def test_the_sentence_compares_the_last_block_with_the_first(residual, deviation, says):
    sentence = deviation_verdict({residual: found(deviation)})
    assert sentence.startswith("residual-20 + BN: ")
    assert sentence.endswith(says)


@pytest.mark.parametrize(
    ("ratio", "says"),
    [
        (
            [2, 1, 0.5],
            "F(x) is 1 times x (median over the blocks): 2 in stage 1, block 1, 0.5 in stage 1, block 3. "
            "Within stage 1 it falls, from 2 in the first block to 0.5 in the last.",
        ),
        (
            [1, 1.2, 1.4],
            "F(x) is 1.2 times x (median). No clear difference between the blocks: from 1 to 1.4. "
            "Within stage 1: no clear difference between the first block, 1, and the last, 1.4.",
        ),
        ([0.5, 1, 2], None),
        ([0, 0, 0], "F(x) is exactly 0 in every block: each begins as the identity, or as its projection."),
        ([], "No block has an x and an F(x) whose sizes could be compared."),
    ],
)
def test_the_sentence_about_f_beside_x(residual, ratio, says):
    sentence = ratio_verdict(residual, found([1, 1, 1, 1], ratio))
    assert sentence == says if says else "Within stage 1 it rises, from 0.5" in sentence


def test_the_colours_are_the_numbers_of_the_record(residual):
    record = found([1, 2, 3, 4], [0.5, 0.25, 0.125])
    assert deviation_shade(record).values == {"stem": 1, "stages.0.0": 2, "stages.0.1": 3, "stages.0.2": 4}
    assert {name: value for name, value in ratio_shade(record).values.items() if value == value} == {
        "stages.0.0": 0.5, "stages.0.1": 0.25, "stages.0.2": 0.125,
    }  # fmt: skip
    rows = signals_table({residual: record})
    assert [row["Layer"] for row in rows] == ["stem", *(f"stage 1, block {block}" for block in (1, 2, 3))]
    assert [row["Standard deviation, residual-20 + BN"] for row in rows] == [1, 2, 3, 4]


def test_a_plain_network_has_no_column_for_what_it_does_not_have(network):
    (row, *_) = signals_table({network(3, skip=False): found([1, 2])})
    assert list(row) == ["Layer", "Standard deviation, plain-20 + BN"]


def test_the_gradient_of_a_block_is_its_first_convolutions_median_over_the_seeds(report):
    values = gradient_shade(report([1, 10], [2, 40], [9, 30])).values
    assert values == {"stem": 2, "stages.0.0": 30}


def test_a_pictures_colours_are_the_deviations_of_its_maps():
    maps = [[[0.0, 3.0], [1.0, 8.0]]]
    layers = (
        LayerMaps("stem", 0, 0, np.array(maps, np.float32)),
        LayerMaps("stages.0.0", 1, 0, np.full((1, 2, 2), np.inf, np.float32)),
        LayerMaps("stages.0.1", 1, 1, np.array([[[0, 3e38]]], np.float32)),  # whose square no float32 holds
    )
    report = PictureReport(np.zeros((2, 2), np.uint8), layers, np.ones(1), ("a",))
    values = picture_shade(report).values
    assert values["stem"] == pytest.approx(statistics.pstdev([0, 3, 1, 8]))
    assert values["stages.0.0"] == math.inf
    assert values["stages.0.1"] == pytest.approx(1.5e38)


def test_a_block_is_marked_where_its_convolutions_are(network, report):
    reports = {network(): report([4, 3, 2], [6, 5, 1])}
    (band,) = gradient_profile(reports, marked="stages.0.0").to_dict()["layout"]["shapes"]
    assert (band["x0"], band["x1"]) == (1.5, 2.5)  # the second convolution
    assert block_in_words(reports, "stages.0.0") == (
        "Gradient norms in stage 1, block 1 (on the band): residual-20 + BN: 4."
    )
    assert "shapes" not in gradient_profile(reports).to_dict()["layout"]
    assert block_in_words(reports, "") == block_in_words(reports, "stages.7.0") == ""
