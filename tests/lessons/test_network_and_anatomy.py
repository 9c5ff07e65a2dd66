"""Which prediction the numbers of lessons 3 and 4 bear out."""

import numpy as np
import pytest

from resnet_core import BlockAnatomy, cost_report, preset
from resnet_core.records import CostReport, LayerCost
from ui.charts.verdicts.anatomy import anatomy_verdict
from ui.lessons import anatomy, network


def block(branch, shortcut):
    one = np.ones((2, 3, 3), np.float32)
    given = None if shortcut is None else shortcut * one
    return BlockAnatomy("stages.0.0", one, given, branch * one, one)


@pytest.mark.parametrize(
    ("branch", "shortcut", "found", "words"),
    [
        (1, 4, "shortcut", "The shortcut carries more"),
        (4, 1, "branch", "The branch carries more"),
        (1.2, 1, "same", "No clear difference"),
        (0, 1, "shortcut", "exactly 0"),
        (1, None, "", "no shortcut"),
        (0, 0, "", "Both paths are exactly 0"),
        (np.inf, 1, "", "not finite"),
    ],
)
def test_the_larger_path_is_the_one_that_the_sentence_names(branch, shortcut, found, words):
    record = block(branch, shortcut)
    assert anatomy.judge(record) == found
    assert words in anatomy_verdict(record)


def costs(**stages):
    layers = tuple(
        LayerCost(f"{name}.conv", "conv", name.strip("s"), (1, 1, 1), count, 0, 0) for name, count in stages.items()
    )
    return CostReport((3, 8, 8), layers, sum(stages.values()), 0, 0, ())


@pytest.mark.parametrize(
    ("stages", "found"),
    [
        ({"s1": 10, "s2": 30}, "last"),
        ({"s1": 30, "s2": 10}, "early"),
        ({"s1": 10, "s2": 10, "head": 40}, "head"),
        ({"s1": 100, "s2": 101}, ""),
    ],
)
def test_where_most_weights_are(stages, found):
    assert network.judge(costs(**stages)) == found


def test_resnet18_has_most_of_its_weights_in_its_last_stage():
    """He et al. 2015, table 1: two blocks of two 3x3 convolutions with 512 channels, of 11.7 million weights in all."""
    report = cost_report(preset("resnet18"), (3, 224, 224))
    last = sum(layer.parameters for layer in report.layers if layer.stage == "4")
    assert last == 9 * (256 * 512 + 3 * 512 * 512) + 256 * 512 + 5 * 2 * 512
    assert last > report.parameters / 2
    assert network.judge(report) == "last"
