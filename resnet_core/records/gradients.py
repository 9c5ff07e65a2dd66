"""Gradients, layer by layer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class GradientReport:
    """How much gradient reaches each convolution, in the order of the forward pass, for several seeds."""

    layers: tuple[str, ...]  # names of the convolutions of the branches and the stem; projections are left out
    norms: NDArray[np.float64]  # (seeds, layers)  L2 norm of dloss/dweight; NaN where the run had diverged
    losses: NDArray[np.float64]  # (seeds,)  cross-entropy in nats of the batch that was measured
    seeds: tuple[int, ...]
    steps: int  # optimiser steps before the measurement; 0 is at initialisation

    @property
    def first_over_last(self) -> NDArray[np.float64]:
        """First convolution's norm over the last one's, (seeds,). Above 1 it grows towards the input."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.norms[:, 0] / self.norms[:, -1]
