"""How large the residual function is: F beside x in every block, and the responses of every layer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class NetworkResponses:
    """What one network did at each look, on the same images. What was not measured is NaN.

    F is what a block adds: its output before the last ReLU, less x. In a residual block that is the branch's output; in
    a plain one it is what would have been the branch's. x is what the shortcut hands on; where a plain block changes
    the shape there is nothing to compare, and the numbers are NaN.
    """

    layers: tuple[str, ...]  # convolutions of the main path
    blocks: tuple[str, ...]
    ratio: NDArray[np.float64]  # (looks, blocks)  L2 norm of F over L2 norm of x, over all images
    cosine: NDArray[np.float64]  # (looks, blocks)  between F and x, from -1 to 1
    response: NDArray[np.float64]  # (looks, layers)  standard deviation after BatchNorm, before ReLU and addition
    losses: NDArray[np.float64]  # (looks,)  cross-entropy in nats; NaN: not looked yet, infinite: diverged


@dataclass(frozen=True, slots=True, eq=False)
class ResponsesReport:
    """Some networks at several moments of their training. Those not begun yet are missing at the end."""

    networks: tuple[NetworkResponses, ...]
    steps: tuple[int, ...]  # optimiser steps before each look; the first is 0
