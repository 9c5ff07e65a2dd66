"""The debate's figures draw what is in the record, and each side's verdict says what the numbers say."""

import math

import numpy as np
import pytest

from resnet_core.records.norm import CovariateShift
from ui.charts.covariate_shift import (
    debate_losses,
    losses_alt,
    rough_alt,
    rough_lines,
    rough_table,
    shift_alt,
    shift_lines,
    shift_table,
    shifts,
    smoothed,
)
from ui.charts.verdicts.covariate_shift import (
    learning,
    losses_verdict,
    noise_verdict,
    rough_verdict,
    shift_verdict,
)

LOOKS = 4


def debate(ends=(1.0, 0.5, 0.7), distance=((1, 1), (1, 1), (1, 1)), rough=(1.0, 1.0, 1.0), start=1.0, moved=(0, 0, 0)):
    """Three networks, two layers, four looks. `rough` is each network's range, gradient change and smoothness."""
    scale = np.array(rough, dtype=float)[:, None]
    even = np.ones((3, LOOKS))
    layers = np.ones((3, 2, LOOKS))
    distances = np.array(distance, dtype=float)[:, :, None] * layers
    return CovariateShift(
        losses=np.repeat(np.array(ends, dtype=float)[:, None], 16, axis=1), steps=np.array([1, 5, 9, 13]),
        reach=np.array([1.0, 2.0]), start=start * even, line=np.stack([start * even, start * even + scale], axis=1),
        norm=even, change=np.stack([0.5 * scale * even, scale * even], axis=1), smoothness=scale * even,
        layers=("stem.conv.weight", "stages.0.0.conv1.weight"), gradient=2 * layers, distance=distances,
        cosine=0.5 * layers, moved=np.array(moved, dtype=float)[:, None, None] * layers, rate=0.03, plain=True, depth=8,
        classes=10,
    )  # fmt: skip


def drawn(figure, axis):
    return {trace.name: list(trace.y) for trace in figure.data if (trace.yaxis or "y") == axis}


def test_the_running_mean_is_over_ten_steps_and_ends_where_the_losses_end():
    steps, means = smoothed(np.array([*range(12), np.nan, np.inf], dtype=float))
    assert steps.tolist() == list(range(1, 13))
    assert means[[0, 1, 11]].tolist() == [0, 0.5, 6.5]  # 2..11


def test_the_three_losses_are_named_and_drawn():
    record = debate()
    assert drawn(debate_losses(record), "y")["BN + noise"] == pytest.approx([0.7] * 16)
    assert "with BN: 0.5 nats at step 16" in losses_alt(record)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((1.0, 0.5, 0.55), "about as well as BatchNorm alone"),
        ((1.0, 0.5, 0.7), "not the whole advantage"),
        ((1.0, 0.5, 0.95), "the whole advantage of BatchNorm here"),
        ((1.0, 0.95, 2.0), "no clear advantage"),
        ((np.inf, 0.5, 0.6), "Training loss at the end: ∞ without BN"),
        ((np.inf, 0.5, 0.6), "the training diverged"),
    ],
)
def test_what_noise_costs_follows_from_the_losses(ends, words):
    assert words in losses_verdict(debate(ends))


def test_a_loss_that_was_once_not_finite_counts_as_diverged():
    record = debate()
    record.losses[0, 3], record.losses[0, 4:] = np.inf, np.nan
    assert "∞ without BN, 0.5 with BN" in losses_verdict(record)


def test_covariate_shift_is_told_in_three_ways():
    record = debate(distance=((1, 1), (3, 3), (1, 1)))
    assert shifts(record, "relative")[1, 0].tolist() == [1.5] * LOOKS
    assert shifts(record, "angle")[0, 0] == pytest.approx([60] * LOOKS)  # cosine 0.5
    assert drawn(shift_lines(record, "distance"), "y2")["with BN"] == [3] * LOOKS
    assert drawn(shift_lines(record, "angle"), "y")["without BN"] == pytest.approx([60] * LOOKS)
    assert "stem: 1 without BN, 3 with BN, 1 with noise" in shift_alt(record, "distance")
    assert len(shift_table(record)) == LOOKS * 2 * 3


def test_the_legend_names_each_network_once():
    assert sum(bool(trace.showlegend) for trace in shift_lines(debate(), "distance").data) == 3


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        ((0.5, 0.5), "reduces internal covariate shift"),
        ((2, 2), "increases internal covariate shift"),
        ((1, 1.2), "No clear difference here."),
        ((1, 2), "does not reduce it in any"),
        ((0.5, 1), "smaller in some layers and no different in others"),
        ((0.5, 2), "no clear answer"),
    ],
)
def test_side_as_verdict_follows_from_the_layers(batch, words):
    assert words in shift_verdict(debate(distance=((1, 1), batch, (1, 1))), "distance")


def test_the_line_is_drawn_as_range_change_and_smoothness():
    record = debate(rough=(4.0, 2.0, 1.0))
    figure = rough_lines(record)
    for axis in ("y", "y2", "y3"):
        assert drawn(figure, axis)["without BN"] == [4] * LOOKS
        assert drawn(figure, axis)["BN + noise"] == [1] * LOOKS
    assert "Loss range (nats): 4 without BN, 2 with BN, 1 with noise" in rough_alt(record)
    assert rough_table(record)[0]["Effective β (per distance)"] == 4


@pytest.mark.parametrize(
    ("rough", "words"),
    [
        ((4, 2, 2), "the loss range is 2 times, the gradient change 2 times and the effective β 2 times"),
        ((4, 2, 2), "By all three the loss is smoother with BatchNorm. It stays smoother with noise."),
        ((4, 2, 4), "With noise that is not clear"),
        ((2, 4, 4), "rougher with BatchNorm here"),
        ((2, 1.8, 2), "No clear difference here."),
    ],
)
def test_side_bs_verdict_follows_from_the_line(rough, words):
    assert words in rough_verdict(debate(rough=rough))


def test_measures_that_disagree_are_not_called_smooth_by_all_three():
    record = debate(rough=(4, 2, 2))
    record.smoothness[:] = 1
    assert "By some of the three" in rough_verdict(record)
    record.smoothness[1] = 9
    assert "No clear difference here." in rough_verdict(record)


def test_looks_on_the_plateau_of_guessing_are_not_compared():
    record = debate(rough=(4, 2, 2))
    record.start[2, :2] = math.log(10)
    assert learning(record).tolist() == [False, False, True, True]
    for verdict in (rough_verdict(record), shift_verdict(record, "distance")):
        assert "Too few looks yet" in verdict


def test_the_noise_is_told_by_how_far_outputs_move():
    words = noise_verdict(debate(moved=(0.1, 0.01, 0.25)))
    assert "move by 0.1 deviations without BN, 0.01 with BN and 0.25 with BN and noise" in words
    assert "Too few looks" in noise_verdict(debate(moved=(0.1, np.nan, 0.25)))
