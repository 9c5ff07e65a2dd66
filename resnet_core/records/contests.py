"""Networks of equal cost that learned from the same batches, and how often they were wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """Errors of several networks, window by window. A window is a number of consecutive steps.

    Errors are NaN where a window has not been reached yet, or never will be because the loss was not finite.
    """

    names: tuple[str, ...]  # of the networks, such as "basic" or "4×24d"
    layers: tuple[int, ...]  # weighted layers of each
    parameters: tuple[int, ...]
    macs: tuple[int, ...]  # multiply-accumulates for one picture
    seeds: tuple[int, ...]
    steps: NDArray[np.int64]  # (windows,)  last step of each window
    train_error: NDArray[np.float64]  # (networks, seeds, windows)  share of wrong answers in its batches, 0 to 1
    test_error: NDArray[np.float64]  # (networks, seeds, windows)  ... on test pictures at its end, in eval mode
    diverged: NDArray[np.bool_]  # (networks, seeds)  whether the loss was no longer finite
    test_images: int

    @property
    def whole(self) -> bool:
        """Whether every network has come to its end."""
        return bool((np.isfinite(self.train_error[..., -1]) | self.diverged).all())
