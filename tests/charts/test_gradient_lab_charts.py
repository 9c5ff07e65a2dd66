"""The table of switches, the growth per layer, and shattered gradients: figures and sentences follow the record."""

import math

import numpy as np
import pytest

from resnet_core.records.gradient_table import GradientTableReport, GrowthReport, Switches, WideNetwork
from resnet_core.records.shattered import ScalarNetwork, ShatteredReport
from ui.charts.gradient_growth import growth_alt, growth_curves, growth_table
from ui.charts.shattered import correlation_curves, correlations_alt, correlations_table, gradient_traces, traces_alt
from ui.charts.switch_table import (
    switch_alt,
    switch_numbers,
    switch_table,
    switches_label,
    training_alt,
    training_numbers,
    training_table,
)
from ui.charts.verdicts.gradient_growth import growth_verdict
from ui.charts.verdicts.gradient_table import switch_verdict, training_verdict
from ui.charts.verdicts.shattered import shattered_verdict

PLAIN, RESIDUAL = Switches(skip=False, norm=True, he=True), Switches(skip=True, norm=True, he=False)


def table(ratios, *, losses=None, trained=None, trained_losses=None):
    """Two rows and one depth; `ratios` (rows, seeds)."""
    first = np.array(ratios, dtype=float)[:, None, :]
    losses = np.full(first.shape, 2.3) if losses is None else np.array(losses, dtype=float)[:, None, :]
    trained = np.ones((2, 0)) if trained is None else np.array(trained, dtype=float)
    steps = tuple(range(trained.shape[1]))
    trained_losses = np.full(trained.shape, 2.0) if trained_losses is None else np.array(trained_losses, dtype=float)
    return GradientTableReport(
        (PLAIN, RESIDUAL), (56,), first, np.ones(first.shape), losses, tuple(range(first.shape[2])), 20, steps,
        trained, np.ones(trained.shape), trained_losses,
    )  # fmt: skip


def test_a_cell_has_the_median_ratio_its_word_and_the_colour_of_its_exponent():
    (heat,) = switch_table(table([[500, 1000, 9000], [1, 0.5, 2]])).data
    assert np.ravel(heat.z).tolist() == pytest.approx([3, 0])
    assert heat.text[0][0] == "1,000<br>explodes"
    assert heat.text[1][0] == "1<br>even"
    assert (heat.zmin, heat.zmax) == (-heat.zmax, heat.zmax)  # white is exactly 1
    assert heat.colorscale[0][1] != heat.colorscale[-1][1]


def test_a_ratio_of_nothing_is_at_the_end_of_the_scale_and_large_ones_are_written_as_powers():
    (heat,) = switch_table(table([[0, 0, 0], [1e7, 2e7, 1.5e7]])).data
    assert heat.z[0][0] == heat.zmin
    assert heat.text[0][0] == "0<br>vanishes"
    assert heat.text[1][0] == "10⁷<br>explodes"
    assert heat.customdata[1][0] == "1.5×10⁷"


def test_a_cell_that_is_not_measured_is_empty_and_one_that_overflowed_says_so():
    (heat,) = switch_table(table([[np.nan], [np.nan]], losses=[[np.nan], [np.inf]])).data
    assert heat.text[0][0] == ""
    assert heat.text[1][0] == "not finite"


def test_the_verdict_on_the_switches_sorts_the_settings():
    found = switch_verdict(table([[1e5], [1e-4]]))
    assert found.startswith("Before the first step, 56 layers.")
    assert "It explodes towards the input for: plain, BN, He." in found
    assert "It vanishes for: residual, BN, default." in found
    assert "For 1 of 8 settings it is even." in switch_verdict(table([[1e5], [3]]))
    assert "No clear difference" in switch_verdict(table([[5], [0.5]]))
    assert "not finite any more for: plain, BN, He" in switch_verdict(table([[np.nan], [1]], losses=[[np.inf], [2]]))
    assert "not complete yet" in switch_verdict(table([[1], [np.nan]], losses=[[2], [np.nan]]))


def test_training_is_written_as_exponents_and_judged_at_its_last_step():
    record = table([[1], [1]], trained=[[300, 1e-5], [0, np.nan]], trained_losses=[[2, 2], [2, np.inf]])
    (heat,) = training_table(record).data
    assert [list(row) for row in heat.text] == [["2", "−5"], ["−∞", "✕"]]
    found = training_verdict(record)
    assert found.startswith("After 1 steps, 20 layers.")
    assert "It vanishes for: plain, BN, He." in found
    assert "not finite any more for: residual, BN, default." in found
    waiting = table([[1], [1]], trained=[[1], [np.nan]], trained_losses=[[2], [np.nan]])
    assert "not every network has been there yet" in training_verdict(waiting)


def test_the_tables_words_and_numbers_are_those_of_the_record():
    record = table([[4, 8, 6], [1, 1, 1]], trained=[[6, 2], [1, 1]])
    assert "plain, BN, He: 6; residual, BN, default: 1." in switch_alt(record)
    first = switch_numbers(record)[0]
    assert (first["First over last (median)"], first["Smallest"], first["Largest"]) == ("6", "4", "8")
    assert "plain, BN, He: from 6 to 2" in training_alt(record)
    assert training_numbers(record)[0]["step 1"] == "2"
    names = {switches_label(Switches(*map(bool, (a, b, c)))) for a in (0, 1) for b in (0, 1) for c in (0, 1)}
    assert len(names) == 8


def growth(*rates, batch=256):
    """A plain network with BatchNorm, one without, one with shortcuts, growing by `rates` per layer."""
    networks = (
        WideNetwork(batch, norm=True, skip=False),
        WideNetwork(batch, norm=False, skip=False),
        WideNetwork(batch, norm=True, skip=True),
    )
    squares = np.array([[rate ** np.arange(9, -1, -1.0)] for rate in rates])
    limit = math.pi / (math.pi - 1)
    predicted = np.array([limit, 1, np.nan])
    return GrowthReport(networks, squares, np.array(rates)[:, None], predicted, limit, "relu", 100)


def test_growth_is_drawn_on_the_way_back_beside_the_theory():
    figure = growth_curves(growth(1.5, 1.0, 1.1))
    lines = {trace.name: trace for trace in figure.data if trace.mode == "lines" and trace.name}
    assert lines["BN, batch 256"].y == pytest.approx(1.5 ** np.arange(10.0))
    assert lines["theory, 1.467"].y == pytest.approx(1.46694 ** np.arange(10.0), rel=1e-4)
    assert {"BN, batch 256", "no BN", "BN + shortcut"} <= set(lines)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (1.46, "agree within 0.5 %"),
        (1.60, "the measurement is 9.1 % off"),
        (np.nan, "BN, batch 256: not finite"),
        (0.8, "BN, batch 256: shrinks to 0.800 times per layer."),
        (1.01, "BN, batch 256: steady"),
    ],
)
def test_the_verdict_on_growth_compares_the_largest_batch_with_theory(rate, words):
    found = growth_verdict(growth(rate, 1.0, 1.1))
    assert words in found
    assert "no BN: steady, times 1.000 per layer." in found
    assert "BN + shortcut: grows 1.100 times per layer." in found


def test_growth_in_words_and_numbers():
    record = growth(1.5, 1.0, 1.1)
    assert "BN, batch 256: times 1.500 per layer" in growth_alt(record)
    rows = growth_table(record)
    assert rows[0]["Growth per layer (median)"] == 1.5
    assert rows[0]["First layer over last"] == "38.4"  # 1.5 ** 9
    assert rows[2]["Theory"] == "–"


NETWORKS = (
    ScalarNetwork(1, skip=False, norm=False),
    ScalarNetwork(24, skip=False, norm=True),
    ScalarNetwork(50, skip=True, norm=True),
)


def shattered(*first_lags, points=256):
    """Autocorrelations at lag 1 per network, one row of seeds each."""
    at_one = np.array(first_lags, dtype=float)
    correlations = np.stack([np.ones(at_one.shape), at_one, at_one / 2], axis=2)
    gradients = np.stack([np.sin(np.linspace(0, 6 * turn, points)) for turn in (1, 9, 4)])
    return ShatteredReport(NETWORKS, np.linspace(-2, 2, points), gradients, correlations, tuple(range(at_one.shape[1])))


def test_the_line_is_the_median_over_the_seeds_and_the_band_their_range():
    figure = correlation_curves(shattered([0.9, 0.95, 1.0], [0.0, 0.1, -0.1], [0.5, 0.4, 0.6]))
    lines = {trace.name: trace for trace in figure.data if trace.mode == "lines+markers"}
    assert lines["1 layer"].y.tolist() == pytest.approx([1, 0.95, 0.475])
    band = next(trace for trace in figure.data if trace.meta == "band")
    assert band.y.tolist() == pytest.approx([1, 1.0, 0.5, 0.45, 0.9, 1])
    assert figure.layout.shapes[0].y1 == pytest.approx(1.96 / 16)


def test_each_gradient_is_drawn_in_its_own_row_with_its_own_values_to_point_at():
    record = shattered([0.9], [0.0], [0.5])
    figure = gradient_traces(record)
    middles = [np.mean([trace.y.min(), trace.y.max()]) for trace in figure.data]
    assert middles == sorted(middles, reverse=True)
    assert np.array(figure.data[1].customdata) == pytest.approx(record.gradients[1])
    assert "1 layer: turns 2 times" in traces_alt(record)


def test_the_verdict_on_shattering_has_a_word_for_every_height_and_compares_by_all_seeds():
    found = shattered_verdict(shattered([0.9, 0.94], [0.01, -0.05], [0.4, 0.5]))
    assert "1 layer: neighbours are nearly alike (0.92)." in found
    assert "plain-24 + BN: like white noise (−0.02 between neighbours)." in found
    assert "residual-50 + BN: neighbours share a part (0.45)." in found
    assert found.endswith("For every seed residual-50 + BN keeps more than plain-24 + BN, although it is deeper.")
    assert "No clear difference" in shattered_verdict(shattered([0.9, 0.9], [0.0, 0.5], [0.3, 0.6]))
    assert "keeps less" in shattered_verdict(shattered([0.9], [0.5], [-0.4]))
    assert "neighbours are opposed" in shattered_verdict(shattered([0.9], [0.5], [-0.4]))
    assert "no autocorrelation to compare" in shattered_verdict(shattered([np.nan], [0.5], [0.4]))


def test_correlations_in_words_and_numbers():
    record = shattered([0.9, 0.8, 1.0], [0.0, 0.1, -0.1], [0.5, 0.4, 0.6])
    assert "residual-50 + BN: 0.50 at lag 1" in correlations_alt(record)
    rows = correlations_table(record)
    assert (rows[0]["Lag 1"], rows[0]["Lag 1, smallest"], rows[0]["Lag 1, largest"]) == (0.9, 0.8, 1.0)
