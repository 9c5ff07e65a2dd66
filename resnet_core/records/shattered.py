"""How alike gradients at neighbouring inputs are."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class ScalarNetwork(NamedTuple):
    """A network from one number to one number."""

    layers: int
    skip: bool
    norm: bool  # BatchNorm over the inputs
    beta: float = 1.0  # the factor before each residual branch


@dataclass(frozen=True, slots=True, eq=False)
class ShatteredReport:
    """Gradients of some networks over the same inputs, and their autocorrelations."""

    networks: tuple[ScalarNetwork, ...]
    inputs: NDArray[np.float64]  # (points,)  from -2 to 2
    gradients: NDArray[np.float64]  # (networks, points)  d(sum of outputs)/dx of the first seed
    correlations: NDArray[np.float64]  # (networks, seeds, lags + 1)  from lag 0, which is 1; NaN: not measured yet
    seeds: tuple[int, ...]

    @property
    def noise(self) -> float:
        """Half width of the band that holds 95 % of the autocorrelations of white noise of this length."""
        return float(1.96 / np.sqrt(len(self.inputs)))
