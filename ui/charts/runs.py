"""A run's records, network by network, as columns of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_core.records import RunRecord, StepRecord


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How one network's training went."""

    step: NDArray[np.int64]  # (steps,)
    loss: NDArray[np.float64]  # (steps,)  of each batch, nats
    accuracy: NDArray[np.float64]  # (steps,)
    mean_loss: NDArray[np.float64]  # (steps,)  mean of the last `window(steps)` batches
    mean_accuracy: NDArray[np.float64]
    tests: tuple[tuple[int, float], ...]  # (step, accuracy on the test pictures)
    diverged: int  # the step whose loss was not finite; 0 if there was none

    @property
    def tail(self) -> NDArray[np.float64]:
        """Losses of the last eighth of the steps, at least one: what "the final loss" means everywhere in the app."""
        return self.loss[-max(1, len(self.loss) // 8) :]


def courses(records: Sequence[RunRecord], count: int) -> list[Course]:
    """One course per network, empty where a network has made no step."""
    sorted_out: list[list[StepRecord]] = [[] for _ in range(count)]
    for network, record in records:
        sorted_out[network].append(record)
    return [_course(steps) for steps in sorted_out]


def window(steps: int) -> int:
    """Batches in the running mean of a course of `steps` steps."""
    return min(max(1, steps // 20), 50)


def running_mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Mean of each value and up to `width` - 1 before it."""
    # Windows are summed one by one: a difference of running sums would never recover from one huge loss.
    padded = np.concatenate([np.zeros(width - 1), values])
    sums = np.lib.stride_tricks.sliding_window_view(padded, width).sum(axis=1) if len(values) else values
    return sums / np.minimum(np.arange(1, len(values) + 1), width)


def _course(records: Sequence[StepRecord]) -> Course:
    loss = np.array([record.loss for record in records], dtype=float)
    accuracy = np.array([record.accuracy for record in records], dtype=float)
    bad = ~np.isfinite(loss)
    width = window(len(records))
    with np.errstate(over="ignore", invalid="ignore"):
        mean_loss, mean_accuracy = running_mean(loss, width), running_mean(accuracy, width)
    return Course(
        step=np.array([record.step for record in records], dtype=np.int64),
        loss=loss,
        accuracy=accuracy,
        mean_loss=mean_loss,
        mean_accuracy=mean_accuracy,
        tests=tuple((record.step, record.inspection.test_accuracy) for record in records if record.inspection),
        diverged=records[int(bad.argmax())].step if bad.any() else 0,
    )
