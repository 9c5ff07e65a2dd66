"""The gradient at every block: what arrives, what the shortcut carries, what the branch adds, and path by path."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class BlockGradients:
    """How the gradient divides at every block of one network, in the order of the forward pass.

    All norms are L2 norms over the whole of the samples. `total` is the gradient at the place where the two paths
    part: at the block's input, or, in a v2 block with a projection, after the first BatchNorm and ReLU.
    """

    blocks: tuple[str, ...]
    arriving: NDArray[np.float64]  # (blocks,)  norm of dloss/dy, y the block's output
    skip: NDArray[np.float64]  # (blocks,)  norm of the part through the shortcut; NaN without one
    branch: NDArray[np.float64]  # (blocks,)  norm of the part through the branch
    total: NDArray[np.float64]  # (blocks,)  norm of dloss/dx
    cosine: NDArray[np.float64]  # (blocks,)  between the two parts, from -1 to 1; NaN without a shortcut
    sum_error: NDArray[np.float64]  # (blocks,)  |skip + branch - total| / |total|; without a shortcut branch - total
    formula_error: NDArray[np.float64]  # (blocks,)  |arriving + branch - total| / |total|; NaN: shape changes, no skip
    factors: NDArray[np.float32]  # (blocks, samples)  |dloss/dx| / |dloss/dy| of one image at one block; NaN for 0/0
    whole: NDArray[np.float32]  # (samples,)  the same from the last block's output to the first block's input


@dataclass(frozen=True, slots=True, eq=False)
class GradientPartsReport:
    """Some networks, in the order of the question. Those that were not reached yet are missing at the end."""

    networks: tuple[BlockGradients, ...]
    steps: int  # optimiser steps before the measurement
    samples: int


@dataclass(frozen=True, slots=True, eq=False)
class GradientPathsReport:
    """The gradient taken apart into paths: each goes through the branch of some blocks and around all others."""

    norms: NDArray[np.float64]  # (blocks + 1, paths)  L2 norm at the first block's input of one path; NaN: not measured
    counts: tuple[int, ...]  # (blocks + 1,)  how many paths pass 0, 1, ... branches
    total: float  # L2 norm of the whole gradient there, the vector sum over all paths
    steps: int  # optimiser steps before the measurement
    loss: float  # cross-entropy in nats of the batch

    @property
    def means(self) -> NDArray[np.float64]:
        """Mean norm of a path of each length, (blocks + 1,); NaN where none was measured."""
        found = np.isfinite(self.norms).sum(axis=1)
        sums = np.nansum(self.norms, axis=1)
        return np.where(found > 0, sums / np.maximum(found, 1), np.nan)

    @property
    def contributions(self) -> NDArray[np.float64]:
        """Number of paths times their mean norm, (blocks + 1,), as a share of the sum over all lengths."""
        weights = np.array([float(count) for count in self.counts]) * np.nan_to_num(self.means)
        return weights / weights.sum() if weights.sum() > 0 else weights

    @property
    def path_shares(self) -> NDArray[np.float64]:
        """Share of all paths that have each length, (blocks + 1,)."""
        return np.array([count / sum(self.counts) for count in self.counts])
