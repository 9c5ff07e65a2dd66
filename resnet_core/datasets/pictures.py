"""What every loader returns, and the arithmetic that brings square pictures to another size."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).parents[2] / "assets" / "data"

Pixels = NDArray[np.uint8 | np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """A data set before it becomes tensors. Images are (N, height, width, channels) with values from 0 to 255."""

    train_images: Pixels
    train_labels: NDArray[np.int64]  # (N,)
    test_images: Pixels
    test_labels: NDArray[np.int64]
    classes: tuple[str, ...]
    mirror_ok: bool = True  # whether a mirrored picture still belongs to its class
    skipped: tuple[str, ...] = ()  # what could not be read, one line each


def pad(images: Pixels, size: int) -> Pixels:
    """Put (N, H, W, C) images in the middle of a black square of `size` pixels."""
    height, width = images.shape[1:3]
    top, left = (size - height) // 2, (size - width) // 2
    around = ((0, 0), (top, size - height - top), (left, size - width - left), (0, 0))
    return np.pad(images, around)


def average(images: Pixels, factor: int) -> NDArray[np.float32]:
    """Each `factor` x `factor` square of (N, H, W, C) images becomes one pixel, its mean, not rounded."""
    count, height, width, channels = images.shape
    squares = images.reshape(count, height // factor, factor, width // factor, factor, channels)
    return squares.mean(axis=(2, 4), dtype=np.float32)


def split(labels: NDArray[np.int64], share: float, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Sorted indices to train on and to test on. About `share` of every class is for testing, at least one of each.

    Over all classes the test part is `round(share * N)` where the classes allow it: a class gets the whole number below
    its due, and what is left goes to the classes with the largest remainders.
    """
    draw = np.random.default_rng(seed)
    members = [np.flatnonzero(labels == one) for one in np.unique(labels)]
    due = np.array([share * len(one) for one in members])
    take = np.maximum(np.floor(due), 1).astype(int)
    for one in np.argsort(np.floor(due) - due, kind="stable"):
        if take.sum() < round(share * len(labels)):
            take[one] += 1
    test = np.sort(np.concatenate([draw.permutation(one)[:n] for one, n in zip(members, take, strict=True)]))
    return np.setdiff1d(np.arange(len(labels)), test), test
