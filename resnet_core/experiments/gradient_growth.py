"""Growth per layer: what does BatchNorm do to the gradient of a wide network at initialisation?"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_core.errors import Sentence
from resnet_core.questions.gradients import GradientGrowthQuestion
from resnet_core.records.gradient_table import GrowthReport, WideNetwork
from resnet_core.records.progress import Progress

EPSILON = 1e-5  # BatchNorm's
ENDS = 0.1  # share of the layers at each end that the slope leaves out: near them the gradient still settles


def gradient_growth(question: GradientGrowthQuestion) -> Iterator[Progress]:
    """Squared gradient norm of each layer of wide fully connected networks at initialisation.

    Random numbers go in; at the top, where a loss would be, comes a random gradient. Theorem 8 of Yang et al. 2019
    (arXiv:1902.08129): with BatchNorm and ReLU the square of the norm grows by pi / (pi - 1) = 1.467 per layer towards
    the input for large batches, and by more for small ones; with BatchNorm and no ReLU by (B - 2) / (B - 3) for a
    batch of B. For comparison the same without BatchNorm (He's initialisation), and with a shortcut around each layer.
    Each record holds the seeds that are there by then.
    """
    networks = wide_networks(question)
    seeds = range(question.seed, question.seed + question.seeds)
    squares = np.full((len(networks), question.seeds, question.depth), np.nan)
    for number, seed in enumerate(seeds):
        for index, network in enumerate(networks):
            squares[index, number] = squared_gradients(network, question, seed)
            done = (number + (index + 1) / len(networks)) / question.seeds
            known = _report(question, networks, squares[:, : number + 1]) if index + 1 == len(networks) else None
            yield Progress(done, known, Sentence("Drawing new weights"))


def wide_networks(question: GradientGrowthQuestion) -> tuple[WideNetwork, ...]:
    """A plain network with BatchNorm for each batch size, then the two for comparison."""
    middle = sorted(question.batches)[len(question.batches) // 2]
    plain = tuple(WideNetwork(batch, norm=True, skip=False) for batch in question.batches)
    return (*plain, WideNetwork(middle, norm=False, skip=False), WideNetwork(middle, norm=True, skip=True))


def squared_gradients(network: WideNetwork, question: GradientGrowthQuestion, seed: int) -> NDArray[np.float64]:
    """|dloss/dz|^2 of each layer's linear output z, (layers,), the input's side first."""
    generator = torch.Generator().manual_seed(seed)
    width, linear = question.width, question.activation == "linear"
    gain = 1.0  # the first layer's input has not been halved by a ReLU
    h = torch.randn(network.batch, width, generator=generator, requires_grad=True)
    found: list[Tensor] = []
    for _ in range(question.depth):
        weight = torch.randn(width, width, generator=generator) * math.sqrt(gain / width)
        z = h @ weight
        found.append(z)
        gain = 1.0 if linear else 2.0
        y = _standard(z) if network.norm else z
        y = y if linear else torch.relu(y)
        h = h + y if network.skip else y
    top = torch.randn(h.shape, generator=generator)
    gradients = torch.autograd.grad(h, found, top)
    return np.array([float(gradient.double().pow(2).sum()) for gradient in gradients])


def growth_per_layer(squares: NDArray[np.float64]) -> float:
    """Factor per layer towards the input: the slope of a straight line through the logarithms, ends left out."""
    skip = int(ENDS * len(squares))
    inside = squares[skip : len(squares) - skip]
    if not (np.isfinite(inside) & (inside > 0)).all():
        return math.nan
    return float(np.exp(-np.polyfit(np.arange(len(inside)), np.log(inside), 1)[0]))


def predicted_growth(network: WideNetwork, activation: str) -> float:
    """What theory says of one layer; NaN where it says nothing.

    Without BatchNorm, He's initialisation keeps the square as it is, on average (He et al. 2015, arXiv:1502.01852).
    """
    if network.skip:
        return math.nan
    if not network.norm:
        return 1.0
    return (network.batch - 2) / (network.batch - 3) if activation == "linear" else math.pi / (math.pi - 1)


def _report(
    question: GradientGrowthQuestion, networks: tuple[WideNetwork, ...], squares: NDArray[np.float64]
) -> GrowthReport:
    return GrowthReport(
        networks=networks,
        squares=squares.copy(),
        growth=np.array([[growth_per_layer(seed) for seed in network] for network in squares]),
        predicted=np.array([predicted_growth(network, question.activation) for network in networks]),
        limit=1.0 if question.activation == "linear" else math.pi / (math.pi - 1),
        activation=question.activation,
        width=question.width,
    )


def _standard(z: Tensor) -> Tensor:
    return (z - z.mean(0)) / torch.sqrt(z.var(0, unbiased=False) + EPSILON)
