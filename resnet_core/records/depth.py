"""Depth: errors against depth, a deep network built from a shallow one, copies of the input, curvature of the loss.

Wherever there are two kinds of network, the plain one is first and the residual one second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class DegradationReport:
    """Errors of plain and residual networks of several depths. NaN: not trained yet, or diverged."""

    depths: tuple[int, ...]  # weighted layers
    seeds: tuple[int, ...]
    steps: int  # optimiser steps of each training
    guess: float  # error of guessing, from 0 to 1
    norm: str  # "batch" or "none"
    train_loss: NDArray[np.float64]  # (2, depths, seeds)  nats, mean over the batches of the last eighth of the steps
    train_error: NDArray[np.float64]  # (2, depths, seeds)  from 0 to 1, of the same batches
    test_error: NDArray[np.float64]  # (2, depths, seeds)  from 0 to 1, after the last step, with running statistics
    diverged: NDArray[np.bool_]  # (2, depths, seeds)  whether the loss stopped being finite


@dataclass(frozen=True, slots=True, eq=False)
class DepthCurves:
    """How the errors of plain and residual networks of several depths fell. NaN: no such run."""

    report: DegradationReport  # where they ended; its test error is of all test pictures
    looks: NDArray[np.int64]  # (looks,)  steps after which they were tested
    train: NDArray[np.float64]  # (2, depths, seeds, looks)  from 0 to 1, mean over the steps since the look before
    test: NDArray[np.float64]  # (2, depths, seeds, looks)  from 0 to 1, on some of the test pictures
    images: int  # all test pictures


@dataclass(frozen=True, slots=True, eq=False)
class ConstructionReport:
    """A shallow network, a deep one built from it by layers that do nothing, and a deep one from scratch."""

    shallow: int  # weighted layers
    deep: int
    seeds: tuple[int, ...]
    steps: int
    grow_after: int  # steps of the shallow network before it was copied into the deep one
    norm: str  # "batch" or "none"
    guess: float  # loss of guessing, in nats
    losses: NDArray[np.float64]  # (2, 3, seeds, steps)  nats, of each batch; networks: shallow, built, from scratch.
    # NaN: not there yet, before the built one was built, or after it diverged; infinite: the step at which it did
    copied: NDArray[np.float64]  # (2, 2, seeds)  nats on training pictures at that moment: shallow, built; eval mode
    difference: NDArray[np.float64]  # (2, seeds)  largest difference of any score of the two, at that moment
    scores: NDArray[np.float64]  # (2, seeds)  largest score, to compare the difference with


@dataclass(frozen=True, slots=True, eq=False)
class IdentityReport:
    """How well stacks of layers learned to copy their input. Axes: (plain, residual), (with, without BatchNorm), ..."""

    depths: tuple[int, ...]  # fully connected layers
    rates: tuple[float, ...]  # learning rates
    seeds: tuple[int, ...]
    steps: int
    start: str  # "default", "he" or "zero"
    errors: NDArray[np.float64]  # (2, 2, depths, rates, seeds)  mean squared error over the pixels' variance, mean over
    # the last eighth of the steps: 0 is a copy, 1 what the mean picture gets; NaN: not trained yet, or diverged
    tests: NDArray[np.float64]  # (2, 2, depths, rates, seeds)  the same on test pictures, with running statistics
    diverged: NDArray[np.bool_]  # (2, 2, depths, rates, seeds)
    picture: NDArray[np.float32]  # (height, width)  a test picture, from 0 to 1
    copies: NDArray[
        np.float32
    ]  # (2, 2, depths, height, width)  what the first seed at its best rate makes of it, or NaN

    @property
    def best(self) -> NDArray[np.float64]:
        """(2, 2, depths, seeds): errors at the learning rate whose median over the seeds is lowest, else NaN."""
        chosen = np.full((*self.errors.shape[:3], len(self.seeds)), np.nan)
        for place in np.ndindex(*self.errors.shape[:3]):
            rate = self.best_rate(place)
            if rate is not None:
                chosen[place] = self.errors[place][rate]
        return chosen

    def best_rate(self, place: tuple[int, ...]) -> int | None:
        """Which learning rate did best for a stack (kind, norm, depth); None where none has ended well."""
        medians = [np.median(errors) if np.isfinite(errors).all() else np.inf for errors in self.errors[place]]
        best = int(np.argmin(medians))
        return best if np.isfinite(medians[best]) else None


@dataclass(frozen=True, slots=True, eq=False)
class PreconditioningReport:
    """Curvature and descent of the same small network written as H(x) and as x + F(x)."""

    parameters: int  # of either
    blocks: int
    width: int
    far: float  # how far the wanted map is from the identity, from 0 to 1
    init: str  # "he" or "default"
    seeds: tuple[int, ...]
    rates: tuple[float, ...]  # learning rates
    spectrum: NDArray[np.float64]  # (2, seeds, parameters)  eigenvalues of Gauss-Newton at the start, largest first;
    # 0 below what float64 resolves; NaN: not there yet
    hessian: NDArray[np.float64]  # (2, seeds, 2)  smallest and largest eigenvalue of the Hessian at the start
    losses: NDArray[np.float32]  # (2, rates, seeds, steps + 1)  over the loss of answering 0; NaN: not there, diverged

    @property
    def condition(self) -> NDArray[np.float64]:
        """(2, seeds): largest eigenvalue over the median one; infinite where more than half of them are 0."""
        with np.errstate(divide="ignore"):
            return self.spectrum[..., 0] / np.median(self.spectrum, axis=-1)

    @property
    def flat(self) -> NDArray[np.float64]:
        """(2, seeds): share of directions in which the outputs do not change; NaN: not there yet."""
        return np.where(np.isnan(self.spectrum[..., 0]), np.nan, (self.spectrum == 0).mean(axis=-1))

    def best_rate(self, kind: int) -> int | None:
        """The learning rate whose median final loss is lowest; None where none has ended well for every seed."""
        final = self.losses[kind, :, :, -1]
        medians = [np.median(row) if np.isfinite(row).all() else np.inf for row in final]
        best = int(np.argmin(medians))
        return best if np.isfinite(medians[best]) else None
