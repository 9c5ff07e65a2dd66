"""BatchNorm's figures draw what is in the record, and each verdict says what the numbers say."""

import math

import numpy as np
import pytest

from resnet_core.records.norm import NormActivations, NormBatches, NormRates, NormStart, NormStatistics
from ui.charts.norm_activations import (
    activations_table,
    bands_alt,
    branch_alt,
    branch_lines,
    colour_limits,
    deviation_alt,
    deviation_maps,
    percentile_bands,
    start_gradients,
)
from ui.charts.norm_batches import (
    batch_lines,
    batches_alt,
    batches_table,
    gamma_beta,
    statistics_gaps,
    statistics_tests,
)
from ui.charts.norm_rates import rate_curves, rate_map, rates_alt, typical
from ui.charts.theme import NOT_FINITE
from ui.charts.verdicts.norm_activations import activations_verdict, bands_verdict, branch_verdict, start_verdict
from ui.charts.verdicts.norm_batches import batches_verdict, errors_verdict, gamma_verdict, gaps_verdict
from ui.charts.verdicts.norm_rates import map_verdict, rates_verdict

GUESS = math.log(10)


def activations(none, received, passed, widths=None):
    """Two layers, two looks; `none` and so on are the layers' deviations, and `widths` every view's at the looks."""
    deviations = np.array([np.stack([pair, pair], axis=1) for pair in (none, received, passed)], dtype=float)
    percentiles = np.zeros((3, 3, 2, 2))
    for view, (first, last) in enumerate(widths or ((2, 2), (2, 2), (2, 2))):
        percentiles[view, 2, :, 0], percentiles[view, 2, :, 1] = first / 2, last / 2
        percentiles[view, 0] = -percentiles[view, 2]
    return NormActivations(
        layers=("stem.conv", "stages.0.0.conv1"), steps=np.array([0, 10]), percentiles=percentiles,
        means=np.zeros((3, 2, 2)), deviations=deviations, losses=np.full((2, 10), 2.0), plain=True, depth=4, classes=10,
    )  # fmt: skip


def start(ratios, plain=(1.0, 500.0), residual=(1.0, 2.0)):
    """Branch over shortcut without and with BN, and first over last gradient."""
    branch = np.array(ratios, dtype=float)
    gradients = np.ones((2, 2, 3))
    gradients[0, :, 0], gradients[1, :, 0] = residual, plain
    blocks = tuple(f"stages.0.{place}" for place in range(branch.shape[1]))
    return NormStart(blocks, np.ones_like(branch), branch, ("a", "b", "c"), gradients, 8)


def rates(none, batch, gains=(1.0,)):
    losses = np.array([none, batch], dtype=float).reshape(2, len(gains), -1, 1)
    places = 10.0 ** np.arange(-2, losses.shape[2] - 2)
    return NormRates(places, np.array(gains), losses, 50, False, 8, 10)


def batches(none=(0.3, 0.3, 0.3), batch=(0.5, 0.3, 0.3), loss=((1.0, 1.0, 1.0), (2.0, 1.0, 1.0))):
    errors = np.array([none, batch], dtype=float)
    return NormBatches(np.array([2, 4, 8]), np.array(loss, dtype=float), errors, errors - 0.01, 64, 512, False, 8)


def statistics(running=(0.9, 0.5, 0.2), batch=(0.9, 0.2, 0.2), gap=(0.4, 0.2, 0.1), gamma=1.3):
    gaps = np.array([gap, gap], dtype=float)
    shape = np.ones((3, 2, 3))
    shape[2, 1, 2] = gamma
    return NormStatistics(
        layers=("stem.norm", "stages.0.0.norm1"), steps=np.array([0, 5, 10]), mean_gap=gaps, scale_ratio=1 + gaps,
        running_error=np.array(running), batch_error=np.array(batch), gamma=shape, beta=np.zeros((3, 2, 3)), batch=64,
        tested=512, plain=False, depth=8,
    )  # fmt: skip


def test_the_maps_show_the_logarithm_of_each_deviation():
    figure = deviation_maps(activations((0.1, 10), (1, 2), (1, 1)))
    assert [heat.z[:, 1].tolist() for heat in figure.data] == [[-1, 1], [0, pytest.approx(0.301, abs=1e-3)], [0, 0]]
    assert figure.data[0].customdata[0][0] == 0.1
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (-1, 1)


def test_what_was_not_measured_is_left_out_of_the_maps():
    record = activations((np.nan, np.nan), (1, 1), (1, 1))
    assert np.isnan(deviation_maps(record).data[0].z).all()
    assert colour_limits(np.full((2, 2), np.nan)) == (-1, 1)


def test_the_band_reaches_from_the_15th_to_the_85th_percentile():
    figure = percentile_bands(activations((1, 1), (1, 1), (1, 1), ((2, 8), (2, 4), (2, 2))), 1)
    bands = [list(trace.y) for trace in figure.data if trace.meta == "band"]
    assert bands == [[1, 4, -4, -1], [1, 2, -2, -1], [1, 1, -1, -1]]
    assert figure.layout.yaxis.range == figure.layout.yaxis3.range  # one scale for all three


def test_panels_do_not_overlap_and_are_readable():
    layout = deviation_maps(activations((1, 1), (1, 1), (1, 1))).layout
    assert layout.yaxis3.domain[1] < layout.yaxis2.domain[0] < layout.yaxis2.domain[1] < layout.yaxis.domain[0]
    assert min(note.font.size for note in layout.annotations) >= 16
    assert layout.yaxis3.tickfont.size >= 16


@pytest.mark.parametrize(
    ("none", "passed", "words"),
    [
        ((0.1, 1), (1, 1), "BatchNorm evens the layers out."),
        ((1, 1), (0.1, 1), "more even without BatchNorm"),
        ((1, 1.5), (1, 1), "No clear difference here."),
        ((np.nan, np.nan), (1, 1), "diverged"),
    ],
)
def test_the_layers_are_called_even_or_not_by_their_deviations(none, passed, words):
    assert words in activations_verdict(activations(none, (1, 1), passed))


@pytest.mark.parametrize(
    ("widths", "words"),
    [
        (((1, 9), (1, 2), (1, 1)), "steadier input"),
        (((1, 1), (1, 2), (1, 9)), "steadier without BatchNorm"),
        (((1, 1.2), (1, 2), (1, 1)), "No clear difference here."),
    ],
)
def test_a_distribution_is_called_steady_by_its_width(widths, words):
    record = activations((1, 1), (1, 1), (1, 1), widths)
    assert words in bands_verdict(record, 0)
    assert f"changes {widths[0][1]:g} times" in bands_verdict(record, 0)


def test_a_network_that_diverged_was_only_measured_until_then():
    record = activations((1, 1), (1, 1), (1, 1), ((1, np.nan), (1, 1), (1, 1)))
    assert "only until the training diverged" in bands_verdict(record, 0)


def test_activations_in_words_and_numbers():
    record = activations((0.1, 10), (1, 2), (1, 1))
    assert "without BN: first layer 0.1, last layer 10 at step 10" in deviation_alt(record)
    assert "without BN: from -1 to 1 at step 0" in bands_alt(record, 0)
    assert activations_table(record)[1]["without BN, step 10"] == 10


def test_the_branch_is_drawn_over_the_shortcut_beside_the_law():
    record = start([[1, 1, 1, 1], [1, 0.7, 0.6, 0.5]])
    drawn = {trace.name: list(trace.y) for trace in branch_lines(record).data}
    assert drawn["with BN"] == [1, 0.7, 0.6, 0.5]
    assert drawn["1 / √ℓ"] == pytest.approx([1, 2**-0.5, 3**-0.5, 0.5])
    assert "with BN: 1 in the first block, 0.5 in the last" in branch_alt(record)


@pytest.mark.parametrize(
    ("ratios", "words"),
    [
        ([[1, 1, 1, 1], [1, 0.7, 0.6, 0.5]], "BatchNorm scales the branches down"),
        ([[1, 1, 1, 1], [1, 1, 1, 0.9]], "No clear difference"),
        ([[1, 0.7, 0.6, 0.5], [1, 0.7, 0.6, 0.5]], "No clear difference"),
        ([[np.inf, 1, 1, 1], [1, 1, 1, 0.4]], "Not every block"),
    ],
)
def test_the_branchs_share_falls_or_it_does_not(ratios, words):
    assert words in branch_verdict(start(ratios))


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ((1, 2000), "Plain network: first over last convolution 1 without BN, 2,000 with BN: here BatchNorm itself"),
        ((500, 2000), "explodes either way"),
        ((1e-6, 1), "vanishes without BatchNorm and not with it"),
        ((500, 1), "explodes without BatchNorm and not with it"),
        ((1, 2), "neither vanishes nor explodes with BatchNorm"),
        ((np.nan, 2), "nothing can be compared"),
    ],
)
def test_what_batchnorm_does_to_the_first_gradient(plain, words):
    record = start([[1, 1], [1, 1]], plain)
    assert words in start_verdict(record)
    assert {trace.name for trace in start_gradients(record).data} >= {"plain + BN", "residual, no BN"}


def test_a_rate_that_diverged_is_a_cross_and_not_a_point():
    figure = rate_curves(rates([1, 2, np.inf], [1, 1, 1]), 0)
    lines = {trace.name: trace for trace in figure.data if trace.mode == "lines+markers"}
    assert list(lines["without BN"].y) == [1, 2]
    assert list(lines["with BN"].x) == [0.01, 0.1, 1]
    (cross,) = [trace for trace in figure.data if trace.meta == "lost"]
    assert list(cross.x) == [1]


def test_the_map_is_pink_where_the_loss_is_worse_than_guessing():
    figure = rate_map(rates([1, 9, np.inf, np.nan], [1, 2, 2, 2], gains=(0.5, 2.0)))
    none, batch = figure.data
    assert none.z[0].tolist() == [1, pytest.approx(1.1 * GUESS)]
    assert none.z[1][0] == pytest.approx(1.1 * GUESS)
    assert np.isnan(none.z[1][1])
    assert batch.z.tolist() == [[1, 2], [2, 2]]
    assert figure.layout.coloraxis.colorscale[-1][1] == NOT_FINITE


def test_the_middle_seed_counts_and_a_diverged_one_is_the_worst():
    record = rates([1], [1])
    losses = np.array([[[[1.0, np.inf, 3.0]]], [[[1.0, np.inf, np.nan]]]])
    record = NormRates(record.rates, record.gains, losses, 50, False, 8, 10)
    assert typical(record).ravel().tolist() == [3, np.inf]


@pytest.mark.parametrize(
    ("none", "batch", "words"),
    [
        ([9, 1, 9, 9], [1, 1, 1, 9], "Without BN, 1 of 4 rates trains, 0.1."),
        ([9, 1, 9, 9], [1, 1, 1, 9], "With BN, 3 of 4 rates train, from 0.01 to 1. BatchNorm widens the range."),
        ([1, 1, 1, 9], [9, 1, 9, 9], "wider without BatchNorm"),
        ([1, 1, 9, 9], [1, 1, 1, 9], "No clear difference"),
        ([9, 9, 9, np.inf], [1, 1, 9, 9], "Without BN, none of the 4 rates trains."),
        ([1, 1, 9, 9], [1, 1, 1, np.nan], "7 of 8 runs are there."),
    ],
)
def test_which_rates_train_follows_from_the_losses(none, batch, words):
    assert words in rates_verdict(rates(none, batch), 0)


@pytest.mark.parametrize(
    ("none", "batch", "words"),
    [
        ([1, 9, 9, 9], [1, 1, 1, 9], "1 of 4 settings train without BN and 3 with it; some rate trains for 1 of 2"),
        ([1, 9, 9, 9], [1, 1, 1, 9], "depends less on the start with BatchNorm"),
        ([1, 1, 1, 9], [1, 9, 9, 9], "depends less on the start without BatchNorm"),
        ([1, 1, 9, 9], [1, 1, 1, 9], "No clear difference"),
        ([1, 1, 9, 9], [1, 1, 1, np.nan], "runs are there"),
    ],
)
def test_the_maps_verdict_counts_the_settings_that_train(none, batch, words):
    assert words in map_verdict(rates(none, batch, gains=(0.5, 2.0)))


def test_rates_in_words():
    assert "without BN: 1 at rate 0.01, not finite at rate 0.1" in rates_alt(rates([1, np.inf], [1, 1]), 0)


def test_both_tests_and_both_losses_are_drawn_by_batch_size():
    record = batches()
    drawn = {trace.name: list(trace.y) for trace in batch_lines(record, "test").data}
    assert drawn["BN, running statistics"] == [0.5, 0.3, 0.3]
    assert drawn["BN, statistics of the test batch"] == pytest.approx([0.49, 0.29, 0.29])
    assert {trace.name for trace in batch_lines(record, "loss").data} == {"without BN", "with BN"}
    assert "with BN: 2 with batches of 2, 1 with batches of 8" in batches_alt(record, "loss")
    assert batches_table(record)[0]["training loss, with BN"] == 2


@pytest.mark.parametrize(
    ("record", "told", "words"),
    [
        (batches(), "test", "cost 20% of test error over the best size with BN, and 0.0% without. So the smallest"),
        (batches(none=(0.5, 0.3, 0.3), batch=(0.3, 0.3, 0.3)), "test", "only without BatchNorm"),
        (batches(none=(0.5, 0.3, 0.3)), "test", "hurts both"),
        (batches(batch=(0.32, 0.3, 0.3)), "test", "No clear difference"),
        (batches(), "loss", "cost 1 nats of training loss over the best size with BN, and 0 without. So the smallest"),
        (batches(loss=((1, np.inf, 1), (1, 1, 1))), "test", "diverged"),
        (batches(none=(np.nan, 0.3, 0.3)), "test", "5 of 6 runs are there."),
    ],
)
def test_what_small_batches_cost_follows_from_the_numbers(record, told, words):
    assert words in batches_verdict(record, told)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (statistics(), "At step 5 the test error is 50% with running statistics and 20% with the batch's own; the two"),
        (statistics(), "for the last time at step 5"),
        (statistics(running=(0.9, 0.22, 0.2)), "No clear difference between the two kinds"),
        (statistics(running=(np.nan,) * 3), "Nothing has been measured"),
    ],
)
def test_the_two_kinds_of_statistics_are_compared_look_by_look(record, words):
    assert words in errors_verdict(record)


def test_the_running_statistics_catch_up_or_they_do_not():
    assert gaps_verdict(statistics()).endswith("They catch up.")
    assert gaps_verdict(statistics(gap=(0.4, 0.3, 0.3))).endswith("They do not clearly catch up here.")
    assert gaps_verdict(statistics(gap=(0.4, np.nan, np.nan))) == "Nothing has been measured yet."


def test_gamma_has_moved_where_a_channel_is_a_tenth_away():
    assert "gamma reaches from 1 to 1.3 and beta from 0 to 0; in 1 of 2 layers" in gamma_verdict(statistics(), 2)
    assert "in 0 of 2 layers" in gamma_verdict(statistics(gamma=1.05), 2)
    assert "diverged" in gamma_verdict(statistics(gamma=np.nan), 2)


def test_the_figures_of_the_statistics_hold_their_numbers():
    record = statistics()
    assert [list(trace.y) for trace in statistics_tests(record).data] == [[0.9, 0.5, 0.2], [0.9, 0.2, 0.2]]
    gaps = [list(trace.y) for trace in statistics_gaps(record).data if trace.meta != "band"]
    assert gaps == [[0.4, 0.2, 0.1], [1.4, 1.2, 1.1]]
    gamma, beta = gamma_beta(record, 2).data
    assert list(gamma.error_y.array) == pytest.approx([0, 0.3])
    assert list(beta.y) == [0, 0]
