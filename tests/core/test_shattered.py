"""Shattered gradients against published values, a sum written out by hand, and pencil and paper."""

import numpy as np
import pytest
import torch

from resnet_core.catalogue import answer
from resnet_core.experiments.shattered import autocorrelation, scalar_gradient
from resnet_core.questions.gradients import ShatteredQuestion
from resnet_core.records.shattered import ScalarNetwork


def test_autocorrelation_of_a_series_worked_by_hand():
    assert autocorrelation(np.array([1.0, -1, 1, -1]), 3) == pytest.approx([1, -3 / 4, 2 / 4, -1 / 4])
    assert np.isnan(autocorrelation(np.ones(5), 2)).all()


def test_the_gradient_of_one_layer_is_the_sum_over_the_units_that_are_on():
    generator = torch.Generator().manual_seed(4)
    weights = torch.randn(1, 30, generator=generator)[0].numpy() * np.sqrt(2)
    biases = torch.randn(30, generator=generator).numpy()
    readout = torch.randn(30, 1, generator=generator)[:, 0].numpy() / np.sqrt(30)
    inputs = np.linspace(-2, 2, 33)
    on = np.outer(inputs, weights) + biases > 0
    expected = (on * weights * readout).sum(axis=1)
    found = scalar_gradient(ScalarNetwork(1, skip=False, norm=False), torch.linspace(-2, 2, 33), 30, seed=4)
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_with_silent_branches_a_residual_network_is_linear():
    network = ScalarNetwork(20, skip=True, norm=True, beta=0.0)
    found = scalar_gradient(network, torch.linspace(-2, 2, 32), 20, seed=0)
    assert found == pytest.approx(np.full(32, found[0]), rel=1e-4)


def test_depth_shatters_the_gradient_and_shortcuts_slow_it_down():
    """Balduzzi et al. 2017, figures 1 and 2: brown noise, white noise, something between, and near brown again.

    Measured elsewhere over ten seeds, median at lag 1: 0.97, -0.05, -0.01, 0.50, and 0.82 with beta 0.1.
    """
    record = answer("shattered-gradients", ShatteredQuestion(seeds=3))
    one, plain, normed, residual, scaled = np.median(record.correlations, axis=1)[:, 1]
    assert one > 0.9
    assert abs(plain) < 0.2
    assert abs(normed) < 0.2
    assert 0.3 < residual < 0.7
    assert 0.7 < scaled < one
    assert record.correlations[:, :, 0] == pytest.approx(np.ones((5, 3)))
    assert record.noise == pytest.approx(1.96 / 16)
