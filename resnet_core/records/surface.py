"""The loss around trained networks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LossSurface:
    """The loss of some networks in a plane and along lines through their trained weights.

    Distances are in lengths of the network's own filter weights: at 1 the weights have moved as far as they are long.
    NaN is what is not measured yet, infinity where the loss has overflowed. Rows are y, columns are x.
    """

    plane: str  # "random", or "path": the plane through the trained weights that lies closest to the optimiser's path
    points: int  # per side, once it is whole; `loss` begins with fewer
    x: NDArray[np.float64]  # (networks, side)  distance along the first direction
    y: NDArray[np.float64]  # (networks, side)  distance along the second direction
    loss: NDArray[np.float64]  # (networks, side, side)  cross-entropy in nats
    path: NDArray[np.float64]  # (networks, saves, 2)  the weights during training, projected onto the plane
    path_steps: NDArray[np.int64]  # (saves,)  steps that were taken by then; the last save is the trained network
    captured: NDArray[np.float64]  # (networks,)  share of the path's squared length that lies in the plane
    line: NDArray[np.float64]  # (line_points,)  distance along a random direction
    line_loss: NDArray[np.float64]  # (networks, directions, line_points)  cross-entropy in nats
    centre: NDArray[np.float64]  # (networks,)  loss of the trained network itself
    test_error: NDArray[np.float64]  # (networks,)  share of test pictures that the trained network gets wrong
    guess: float  # loss of a network that holds every class for equally likely: the logarithm of their number
    images: int  # training pictures over which each loss is the mean
    weights: tuple[int, ...]  # that are moved, per network
    diverged: NDArray[np.bool_]  # (networks,)  whether the training ended early, with a loss that was not finite
