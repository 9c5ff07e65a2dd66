"""Trained networks without some of their blocks, and with blocks in other orders."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Lesions:
    """The test error of some networks after operations on their blocks. All undergo the same ones.

    An error is the share of the test pictures seen by then that the network gets wrong, from 0 to 1; NaN while a
    network is still to be trained.
    """

    blocks: tuple[str, ...]  # names, in the order of the forward pass
    reshaping: tuple[bool, ...]  # per block, whether it changes the shape, so that something has to stand in for it
    base: NDArray[np.float64]  # (networks,)  error of the whole network
    single: NDArray[np.float64]  # (networks, blocks)  error without this one block
    counts: NDArray[np.int64]  # (counts,)  how many blocks are taken out at random
    many: NDArray[np.float64]  # (networks, counts, draws)  error without so many; each draw takes other blocks
    tau: NDArray[np.float64]  # (orders,)  Kendall's tau of an order with the right one; 1 is the right one
    order: NDArray[np.float64]  # (networks, orders)  error with the blocks in this order
    guess: float  # error of a network that guesses, all classes being equally frequent
    train_loss: NDArray[np.float64]  # (networks,)  mean over the last tenth of the training, nats
    images: tuple[int, ...]  # test pictures seen so far, per network
    diverged: NDArray[np.bool_]  # (networks,)  whether the training ended early, with a loss that was not finite
