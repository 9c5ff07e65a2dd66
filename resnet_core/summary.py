"""What a run comes to, network by network, in numbers that the whole app means by the same words."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from resnet_core.records import RunRecord, StepRecord

TAIL = 8  # "final" is the mean over the last eighth of the steps, at least one


class NetworkSummary(NamedTuple):
    """How one network of a run ended."""

    steps: int  # that it took
    loss: float  # cross-entropy in nats of its training batches, mean over the last eighth of the steps; NaN for none
    error: float  # share of wrong answers in the same batches, from 0 to 1; NaN for none
    test_error: float | None  # at the last look at test pictures, from 0 to 1; None where there was no look
    diverged: bool  # its last loss was not finite


def summarise(records: Sequence[RunRecord], networks: int) -> tuple[NetworkSummary, ...]:
    """One summary for each of `networks` networks, also of those that have taken no step."""
    courses: list[list[StepRecord]] = [[] for _ in range(networks)]
    for network, record in records:
        courses[network].append(record)
    return tuple(map(_summary, courses))


def _summary(records: Sequence[StepRecord]) -> NetworkSummary:
    if not records:
        return NetworkSummary(0, math.nan, math.nan, None, diverged=False)
    tail = records[-max(1, len(records) // TAIL) :]
    looks = [record.inspection for record in records if record.inspection]
    return NetworkSummary(
        steps=records[-1].step,
        loss=math.fsum(record.loss for record in tail) / len(tail),
        error=math.fsum(1.0 - record.accuracy for record in tail) / len(tail),
        test_error=1.0 - looks[-1].test_accuracy if looks else None,
        diverged=not math.isfinite(records[-1].loss),
    )
