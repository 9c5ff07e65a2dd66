"""Lesson 10 judges by the zeros behind the last block beside those behind the first; ten points decide."""

import numpy as np
import pytest

from resnet_core.records import LayerMaps, PictureReport
from ui.charts.verdicts.zeros import zeros_verdict
from ui.charts.zeros import zero_bars, zeros_alt, zeros_table
from ui.lessons.maps import judge


def layer(name, stage, zeros, values=10):
    maps = np.ones((1, 1, values), np.float32)
    maps[..., :zeros] = 0
    return LayerMaps(name, stage, 0, maps)


def with_blocks(*blocks, stem=10):
    picture = np.zeros((2, 2), np.uint8)
    return PictureReport(picture, (layer("stem", 0, stem), *blocks), np.array([0.5, 0.5]), ("a", "b"))


def report(*zeros, stem=10):
    return with_blocks(*(layer(f"stages.{place}.0", place + 1, count) for place, count in enumerate(zeros)), stem=stem)


@pytest.mark.parametrize(
    ("zeros", "option", "words"),
    [
        (
            (1, 9, 4),
            "more",
            "At the end more is exactly zero: 10% behind the first block, 40% behind the last.",
        ),
        ((6, 0, 3), "fewer", "At the end less is exactly zero: 60% behind the first block, 30% behind the last."),
        ((4, 9, 4), "same", "No clear difference: 40% is exactly zero behind the first block, 40% behind the last."),
    ],
)
def test_the_first_and_the_last_block_decide_and_the_sentence_says_the_same(zeros, option, words):
    found = report(*zeros)
    assert judge(found) == option
    assert words in zeros_verdict(found)


@pytest.mark.parametrize(("last", "option"), [(49, "same"), (51, "more")])
def test_ten_points_decide(last, option):
    blocks = layer("stages.0.0", 1, 40, values=100), layer("stages.1.0", 2, last, values=100)
    assert judge(with_blocks(*blocks)) == option


def test_the_stem_is_no_block():
    assert judge(report(5, 5, stem=10)) == judge(report(5, 5, stem=0)) == "same"
    assert zeros_verdict(report(2, 4, stem=10)).endswith("The most is zero in stage 2, block 1: 40%.")


def test_one_block_alone_decides_nothing():
    assert judge(report(5)) == ""


def test_values_that_are_not_finite_decide_nothing():
    found = report(2, 2)
    found.layers[1].maps[0, 0, 5] = np.nan
    assert judge(found) == ""
    assert zeros_verdict(found).startswith("Some values are not finite")


def test_each_layer_has_its_bar_and_its_row():
    found = report(2, 4, stem=5)
    (bars,) = zero_bars(found).to_dict()["data"]
    assert list(bars["y"]) == [0.5, 0.2, 0.4]
    assert [row["Exactly zero"] for row in zeros_table(found)] == ["50%", "20%", "40%"]
    assert [row["Height × width"] for row in zeros_table(found)] == ["1 × 10"] * 3
    assert "2 blocks" in zeros_alt(found)
