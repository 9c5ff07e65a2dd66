"""What the construction shows: whether the built network was the same, and what training made of it."""

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.depth import ConstructionReport
from ui.charts.construction import BUILT, SCRATCH, SHALLOW, ends_of
from ui.charts.labels import Say, plain_number

SAME = 1e-4  # of the largest score: what the rounding of float32 makes of some dozen layers stays well below
CLEAR = 1.5  # times the loss: less is not called a difference


def construction_verdict(record: ConstructionReport, kind: int, say: Say = str) -> str:
    """For the networks of a kind (0 plain, 1 residual): were the two the same, and which loss is lower at the end?

    The built network counts as the same if no score differs from the shallow network's by more than 1/10,000 of the
    largest score. Of two losses at the end (mean over the last eighth of the steps) one is called higher only if the
    ranges over the seeds do not overlap and the medians differ by a factor of 1.5.
    """
    if not np.isfinite(record.copied[kind]).any():
        return ""
    said = [_at_first(record, kind, say), _in_the_end(record, kind, say), _from_scratch(record, kind, say)]
    return " ".join(filter(None, said))


def _at_first(record: ConstructionReport, kind: int, say: Say) -> str:
    there = np.isfinite(record.difference[kind])
    shallow, built = (float(np.median(losses[there])) for losses in record.copied[kind])
    difference = float(record.difference[kind][there].max())
    values = {"shallow": plain_number(shallow), "built": plain_number(built), "difference": plain_number(difference)}
    if (record.difference[kind][there] <= SAME * record.scores[kind][there]).all():
        words = say(
            "When it is built, the deep network is as good as the shallow one: loss {built} and {shallow}, and no "
            "score differs by more than {difference}."
        )
    else:
        words = say(
            "The built network does not compute the same here: loss {built} and {shallow}, scores differ by up to "
            "{difference}."
        )
    return words.format(**values)


def _in_the_end(record: ConstructionReport, kind: int, say: Say) -> str:
    if np.isinf(record.losses[kind, BUILT]).any():
        return say("Trained further, the built network diverges in at least one seed.")
    finals = ends_of(record)[kind]
    built, shallow = _present(finals[BUILT]), _present(finals[SHALLOW])
    if not built.size or not shallow.size:
        return ""
    values = {
        "steps": record.steps - record.grow_after,
        "built": plain_number(float(np.median(built))),
        "shallow": plain_number(float(np.median(shallow))),
    }
    if _clearly_above(built, shallow):
        words = say(
            "{steps} steps of training later it is worse, {built} against {shallow}: it had a solution in hand, and "
            "training left it."
        )
    elif _clearly_above(shallow, built):
        words = say("{steps} steps of training later it is better, {built} against {shallow}: the new layers are used.")
    else:
        words = say("{steps} steps of training later there is no clear difference, {built} against {shallow}.")
    return words.format(**values)


def _from_scratch(record: ConstructionReport, kind: int, say: Say) -> str:
    if np.isinf(record.losses[kind, SCRATCH]).any():
        return say("The deep network from scratch diverged in at least one seed.")
    finals = ends_of(record)[kind]
    scratch, built = _present(finals[SCRATCH]), _present(finals[BUILT])
    if not scratch.size or not built.size:
        return ""
    values = {"scratch": plain_number(float(np.median(scratch))), "steps": record.steps}
    if _clearly_above(scratch, built):
        words = say(
            "The deep network that started at random did not find anything as good in {steps} steps: {scratch}."
        )
    elif _clearly_above(built, scratch):
        words = say("The deep network that started at random is better than the built one: {scratch}.")
    else:
        words = say("The deep network that started at random is not clearly different: {scratch}.")
    return words.format(**values)


def _clearly_above(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool(one.min() > other.max() and np.median(one) >= CLEAR * np.median(other))


def _present(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[np.isfinite(values)]
