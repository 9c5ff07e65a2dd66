"""Shattered gradients: how alike are the gradients at neighbouring inputs?"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_core.errors import Sentence
from resnet_core.questions.gradients import ShatteredQuestion
from resnet_core.records.progress import Progress
from resnet_core.records.shattered import ScalarNetwork, ShatteredReport

EPSILON = 1e-5  # BatchNorm's


def shattered_gradients(question: ShatteredQuestion) -> Iterator[Progress]:
    """Gradient of random networks from one number to one number, at evenly spaced inputs, and how fast it forgets.

    The autocorrelation at lag k says how much a gradient tells about the one k inputs further on. A random walk (brown
    noise) has one near 1; white noise has none. Balduzzi et al. 2017 (arXiv:1702.08591), figures 1 and 2: one layer
    gives brown noise, 24 layers white noise, a residual network of 50 something between. Weights are He's; each layer
    of a plain network is centred over the inputs, so that every unit is on for about half of them, as their theorem 1
    takes for granted. A residual layer is h + beta W relu(BN(h)). Each record holds the seeds that are there by then.
    """
    networks = scalar_networks(question)
    inputs = torch.linspace(-2, 2, question.points)
    shown = np.full((len(networks), question.points), np.nan)
    seeds = tuple(range(question.seed, question.seed + question.seeds))
    correlations = np.full((len(networks), len(seeds), question.lags + 1), np.nan)
    for number, seed in enumerate(seeds):
        for index, network in enumerate(networks):
            gradient = scalar_gradient(network, inputs, question.units, seed)
            correlations[index, number] = autocorrelation(gradient, question.lags)
            if number == 0:
                shown[index] = gradient
        known = correlations[:, : number + 1].copy()
        record = ShatteredReport(networks, inputs.double().numpy(), shown, known, seeds[: number + 1])
        yield Progress((number + 1) / len(seeds), record, Sentence("Drawing new weights"))


def scalar_networks(question: ShatteredQuestion) -> tuple[ScalarNetwork, ...]:
    """One layer, a plain network without and with BatchNorm, a residual one, and one with its branches scaled down."""
    return (
        ScalarNetwork(1, skip=False, norm=False),
        ScalarNetwork(question.plain_depth, skip=False, norm=False),
        ScalarNetwork(question.plain_depth, skip=False, norm=True),
        ScalarNetwork(question.residual_depth, skip=True, norm=True),
        ScalarNetwork(question.residual_depth, skip=True, norm=True, beta=question.beta),
    )


def scalar_gradient(network: ScalarNetwork, inputs: Tensor, units: int, seed: int) -> NDArray[np.float64]:
    """d(sum of outputs)/dx at each of `inputs` (points,), for weights drawn from the seed, (points,)."""
    generator = torch.Generator().manual_seed(seed)
    x = inputs.clone().requires_grad_()
    h = x[:, None] @ _draw(1, units, generator, gain=2) + _bias(units, generator)  # (points, units)
    if network.skip:
        for _ in range(network.layers - 1):
            h = h + network.beta * torch.relu(_standard(h)) @ _draw(units, units, generator, gain=2)
    else:
        h = torch.relu(h)
        for _ in range(network.layers - 1):
            h = h @ _draw(units, units, generator, gain=2)
            h = torch.relu(_standard(h) if network.norm else h - h.mean(0))
    (gradient,) = torch.autograd.grad((h @ _draw(units, 1, generator, gain=1)).sum(), x)
    return gradient.double().numpy()


def autocorrelation(values: NDArray[np.float64], lags: int) -> NDArray[np.float64]:
    """Correlation of a series with itself 0, 1, ... `lags` places further on, (lags + 1,); NaN for a constant one."""
    around = values - values.mean()
    square = float(around @ around)
    if square == 0:
        return np.full(lags + 1, np.nan)
    return np.array([float(around[: len(around) - lag] @ around[lag:]) / square for lag in range(lags + 1)])


def _standard(h: Tensor) -> Tensor:
    return (h - h.mean(0)) / torch.sqrt(h.var(0, unbiased=False) + EPSILON)


def _draw(inputs: int, outputs: int, generator: torch.Generator, gain: float) -> Tensor:
    return torch.randn(inputs, outputs, generator=generator) * math.sqrt(gain / inputs)


def _bias(units: int, generator: torch.Generator) -> Tensor:
    """Spreads the places where the first layer's units switch on over the inputs."""
    return torch.randn(units, generator=generator)
