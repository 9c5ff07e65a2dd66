"""The gradient for every setting of three switches, and its growth per layer in a wide network."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Switches(NamedTuple):
    """One setting of the three switches."""

    skip: bool
    norm: bool  # BatchNorm
    he: bool  # He's initialisation; otherwise PyTorch's default


@dataclass(frozen=True, slots=True, eq=False)
class GradientTableReport:
    """First convolution's gradient norm over the last one's. What is not measured yet is NaN."""

    rows: tuple[Switches, ...]
    depths: tuple[int, ...]
    first: NDArray[np.float64]  # (rows, depths, seeds)  L2 norm of dloss/dweight at initialisation; NaN if not finite
    last: NDArray[np.float64]  # (rows, depths, seeds)
    losses: NDArray[
        np.float64
    ]  # (rows, depths, seeds)  cross-entropy in nats of the first batch; infinite if it overflowed
    seeds: tuple[int, ...]
    trained_depth: int
    steps: tuple[int, ...]  # optimiser steps before each measurement in training; empty where none was asked for
    trained_first: NDArray[np.float64]  # (rows, steps)  NaN after a run has diverged
    trained_last: NDArray[np.float64]  # (rows, steps)
    trained_losses: NDArray[np.float64]  # (rows, steps)  in nats; infinite after a run has diverged

    @property
    def ratios(self) -> NDArray[np.float64]:
        """First over last at initialisation, (rows, depths, seeds). Above 1 it grows towards the input."""
        return over(self.first, self.last)

    @property
    def trained_ratios(self) -> NDArray[np.float64]:
        """First over last in training, (rows, steps)."""
        return over(self.trained_first, self.trained_last)


def over(first: NDArray[np.float64], last: NDArray[np.float64]) -> NDArray[np.float64]:
    """Their ratio; 0 where both have underflowed to 0, since then nothing reaches the first layer."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((first == 0) & (last == 0), 0.0, first / last)


class WideNetwork(NamedTuple):
    """A wide fully connected network whose gradient is followed from layer to layer."""

    batch: int  # examples
    norm: bool  # BatchNorm
    skip: bool  # each layer adds its input to its output


@dataclass(frozen=True, slots=True, eq=False)
class GrowthReport:
    """Squared gradient norm of each layer of wide networks at initialisation."""

    networks: tuple[WideNetwork, ...]
    squares: NDArray[np.float64]  # (networks, seeds, layers)  |dloss/dz|^2 of each layer's linear output, input first
    growth: NDArray[np.float64]  # (networks, seeds)  factor per layer towards the input, from a straight line's slope
    predicted: NDArray[np.float64]  # (networks,)  what theory says; NaN where it says nothing
    limit: float  # its limit for large batches: pi / (pi - 1), or 1 for a linear network
    activation: str  # "relu" or "linear"
    width: int  # units per layer
