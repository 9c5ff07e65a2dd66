"""The figure of recorded degradation shows every run, and its table puts the paper's numbers beside them."""

import numpy as np

from resnet_core.records.depth import DegradationReport, DepthCurves
from ui.charts.depth_curves import depth_curves, depth_curves_alt, depth_table

LOOKS = np.array([100, 200])


def curves():
    train = np.full((2, 2, 2, 2), np.nan)
    train[0, 0] = [[0.9, 0.5], [0.8, 0.4]]
    train[0, 1, 0] = [0.9, 0.7]
    train[1, 0, 0] = [0.9, 0.45]
    train[1, 1, 0] = [0.9, 0.3]
    test = train + 0.02
    last = train[..., -1]
    report = DegradationReport(
        depths=(20, 56), seeds=(0, 1), steps=200, guess=0.9, norm="batch", train_loss=last, train_error=last,
        test_error=last + 0.01, diverged=np.zeros((2, 2, 2), bool),
    )  # fmt: skip
    return DepthCurves(report=report, looks=LOOKS, train=train, test=test, images=10_000)


def test_each_network_has_a_dotted_and_a_thick_line_in_the_figure_of_its_kind():
    plain, residual = (
        {(trace.name, trace.meta): trace for trace in depth_curves(curves(), kind).data} for kind in (0, 1)
    )
    marks = residual.pop(("paper, 164 epochs", None))
    assert (list(marks.x), list(marks.y)) == ([200, 200], [0.0875, 0.0697])  # He et al. 2015, table 6
    assert {name for name, _ in plain} == {"plain-20", "plain-56"}
    assert {name for name, _ in residual} == {"residual-20", "residual-56"}
    np.testing.assert_allclose(plain["plain-20", "train"].y, [0.85, 0.45])  # the median of two seeds
    np.testing.assert_allclose(residual["residual-56", "test"].y, [0.92, 0.32])
    for (_, meta), trace in (plain | residual).items():
        assert trace.line.dash == ("solid" if meta == "test" else "dot")


def test_a_network_that_is_not_recorded_yet_has_no_line_and_no_name():
    missing = curves()
    missing.test[0, 1] = np.nan
    figure = depth_curves(missing, 0)
    assert {trace.name for trace in figure.data} == {"plain-20"}
    assert {note.name for note in figure.layout.annotations} == {"plain-20", None}


def test_the_table_has_the_papers_numbers_beside_ours():
    """He et al. 2015, table 6: ResNet-20 8.75 %, ResNet-56 6.97 %."""
    rows = {row["Network"]: row for row in depth_table(curves())}
    assert rows["plain-20"] == {
        "Network": "plain-20", "Seeds": 2, "Training error": "45%", "Test error": "46%", "Paper's test error": "–",
    }  # fmt: skip
    assert rows["residual-20"]["Paper's test error"] == "8.75%"
    assert rows["residual-56"]["Paper's test error"] == "6.97%"


def test_the_words_say_where_every_network_ends():
    assert "plain-56: training error 70%, test error 71%" in depth_curves_alt(curves(), 0)
    assert "residual-56: training error 30%, test error 31%" in depth_curves_alt(curves(), 1)
    assert "residual" not in depth_curves_alt(curves(), 0)
