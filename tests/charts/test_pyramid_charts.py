"""The pyramid's figures: maps, sums and boxes are those of the record, and each sentence has its record."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_core.records.beyond import Level, PyramidReport
from ui.charts.pyramid import (
    anchors,
    anchors_alt,
    level_alt,
    level_maps,
    level_table,
    top_down_alt,
    top_down_sum,
)
from ui.charts.verdicts.pyramid import anchor_verdict, level_verdict, top_down_verdict

SIDES = (16, 8, 4, 2)
FIELDS = (43, 99, 211, 435, 435)


@pytest.fixture
def report():
    draw = np.random.default_rng(0)
    lateral = tuple(draw.standard_normal((side, side)).astype(np.float32) for side in SIDES)
    above = tuple(draw.standard_normal((side, side)).astype(np.float32) for side in SIDES[:3])
    above = (*above, np.zeros((2, 2), np.float32))
    levels = [Level(f"C{n + 2}", 4 * 2**n, side, 64 * 2**n, FIELDS[n], 32**2 * 4**n) for n, side in enumerate(SIDES)]
    return PyramidReport(
        picture=draw.integers(0, 255, (64, 64, 3), dtype=np.uint8),
        levels=(*levels, Level("P6", 64, 1, 256, 435, 512**2)),
        backbone=tuple(np.abs(one) for one in lateral),
        lateral=lateral,
        above=above,
        sums=tuple(one + other for one, other in zip(lateral, above, strict=True)),
        lateral_norms=np.array([1.0, 2.0, 4.0, 1.0]),
        above_norms=np.array([2.0, 2.0, 1.0, 0.0]),
        channel=6,
        channels=256,
        anchors=np.array([[[32.0 * 2**n, 32.0 * 2**n]] * 3 for n in range(5)]),
    )


def test_each_level_is_drawn_in_shares_of_its_own_largest_value(report):
    traces = level_maps(report).data
    assert [np.array(trace.z).shape for trace in traces] == [(side, side) for side in SIDES]
    for trace, values in zip(traces, report.backbone, strict=True):
        assert np.array(trace.z) == pytest.approx(values / values.max(), rel=1e-5)
    titles = [note.text for note in level_maps(report).layout.annotations]
    assert titles == ["<b>C2</b> 16×16", "<b>C3</b> 8×8", "<b>C4</b> 4×4", "<b>C5</b> 2×2"]


def test_words_and_table_of_the_levels(report):
    assert level_alt(report).startswith("C2: 16 by 16 cells, one for every 4 pixels, 64 channels; C3:")
    assert level_table(report)[4]["Anchor area (pixels)"] == "512²"
    assert [row["Sees at most (pixels)"] for row in level_table(report)] == list(FIELDS)


def test_the_three_pictures_are_the_two_terms_and_their_sum_on_one_scale(report):
    figure = top_down_sum(report, 1)
    assert [np.array(trace.z).shape for trace in figure.data] == [(8, 8)] * 3
    one, other, total = (np.array(trace.z) for trace in figure.data)
    assert total == pytest.approx(one + other, abs=1e-6)
    assert figure.layout.coloraxis.cmin == -figure.layout.coloraxis.cmax
    assert [note.text for note in figure.layout.annotations] == ["<b>1×1(C3)</b>", "<b>+ P4 ↑2</b>", "<b>= P3</b>"]
    assert top_down_alt(report, 1).startswith("Channel 7 of 256: 1×1(C3) from ")


def test_the_coarsest_level_is_one_picture(report):
    figure = top_down_sum(report, 3)
    assert np.array_equal(np.array(figure.data[0].z), report.sums[3])
    assert len(figure.data) == 1
    assert top_down_verdict(report, 3).startswith("Nothing lies above")


def test_the_boxes_lie_around_the_middle_of_the_cell(report):
    figure = anchors(report, 1, (2, 5))
    boxes = [trace for trace in figure.data if trace.type == "scatter" and trace.name != "grid"]
    centre = (2.5 * 8, 5.5 * 8)  # stride 8
    for box, side in zip(boxes, (8, 64, 64, 64, 99), strict=True):
        assert (min(box.x) + max(box.x)) / 2 == pytest.approx(centre[0])
        assert (min(box.y) + max(box.y)) / 2 == pytest.approx(centre[1])
        assert max(box.x) - min(box.x) == pytest.approx(side)
    assert boxes[-1].name == "C3 alone sees 99×99"
    assert figure.layout.xaxis.range[0] < min(boxes[-1].x)
    assert figure.layout.xaxis.range[1] > max(boxes[-1].x)
    assert anchors_alt(report, 1, (2, 5)).startswith("The cell in column 3, row 6 of P3, 8 pixels wide")


def test_the_view_is_held_against_the_picture(report):
    assert level_verdict(report).endswith("A cell of C5 could see 435 pixels, more than the whole picture of 64.")
    large = replace(report, picture=np.zeros((870, 870, 3), np.uint8))
    assert level_verdict(large).endswith("A cell of C5 sees 435 pixels at most, 50% of the picture's side of 870.")


def test_the_larger_term_is_named_and_a_small_difference_is_none(report):
    assert "What comes from above has 2 times the norm" in top_down_verdict(report, 0)
    assert "No clear difference: what comes from above has 1 times" in top_down_verdict(report, 1)
    assert "has only 0.25 times" in top_down_verdict(report, 2)
    assert top_down_verdict(report, 0).startswith("Largest difference between the sum and its two terms: 0.")
    off = replace(report, sums=tuple(total + 1 for total in report.sums))
    assert top_down_verdict(off, 0).startswith("Largest difference between the sum and its two terms: 1.")


def test_silence_and_overflow_are_said(report):
    silent = replace(report, lateral_norms=np.zeros(4))
    assert top_down_verdict(silent, 0).endswith("The lateral is exactly 0 here.")
    broken = replace(report, above_norms=np.full(4, np.inf))
    assert top_down_verdict(broken, 0).startswith("Values are not finite")
    holes = replace(report, backbone=tuple(np.full_like(one, np.nan) for one in report.backbone))
    assert level_maps(holes).data


def test_anchors_are_counted_and_held_against_picture_and_view(report):
    words = anchor_verdict(report, 0)
    assert words == "P2 has 256 cells with 3 anchors each, 768; all five levels together have 1,023."
    assert anchor_verdict(report, 2).endswith("is larger than this picture; detectors look at larger ones.")
    narrow = replace(report, levels=tuple(level._replace(field=20) for level in report.levels))
    assert anchor_verdict(narrow, 0).endswith("Its square anchor has 32 pixels, more than C2 alone can see (20).")
