"""What errors against depth say: of the training error first, since that is what degradation means."""

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.depth import DegradationReport
from ui.charts.degradation import kinds
from ui.charts.labels import Say, percent

CLEAR = 0.03  # of the error, three percentage points: less is not called a difference


def degradation_verdict(record: DegradationReport, say: Say = str) -> str:
    """What happens to the training error of each kind with depth, then the deepest two, then the test error.

    The deepest network that was trained is compared with the shallower one of its kind that has the lowest median
    training error. One error is called higher than another only if the ranges over the seeds do not overlap and the
    medians differ by at least three percentage points; otherwise there is no clear difference.
    """
    labels = kinds(say)
    said = [_with_depth(record, kind, labels[kind], say) for kind in (0, 1)]
    said += [_deepest(record, labels, say), _test(record, say), _failures(record, labels, say)]
    if any(said):
        said.append(_single_seeds(record, say))
    return " ".join(filter(None, said))


def _single_seeds(record: DegradationReport, say: Say) -> str:
    """Of which depths only one start is known, of either kind."""
    counts = np.isfinite(record.train_error).sum(axis=-1)
    single = [depth for depth, of_each in zip(record.depths, counts.T, strict=True) if 1 in of_each]
    if len(single) == len(record.depths):
        return say("One seed only: another start may give other numbers.")
    if not single:
        return ""
    words = say("With {depths} layers one seed only: another start may give other numbers.")
    return words.format(depths=", ".join(map(str, single)))


def with_depth(record: DegradationReport, kind: int) -> int | None:
    """Whether the training error of plain (0) or residual (1) networks rises with depth: 1, 0, -1; None: unknown."""
    places = _trained(record, kind)
    if len(places) < 2:
        return None
    errors = record.train_error[kind]
    best, deepest = _best_and_deepest(record, kind)
    return int(clearly_above(errors[deepest], errors[best])) - int(clearly_above(errors[best], errors[deepest]))


def _best_and_deepest(record: DegradationReport, kind: int) -> tuple[int, int]:
    *shallower, deepest = _trained(record, kind)
    return min(shallower, key=lambda place: _median(record.train_error[kind, place])), deepest


def _with_depth(record: DegradationReport, kind: int, label: str, say: Say) -> str:
    course = with_depth(record, kind)
    if course is None:
        return ""
    errors = record.train_error[kind]
    best, deepest = _best_and_deepest(record, kind)
    values = {
        "label": label,
        "low": percent(_median(errors[best])),
        "shallow": record.depths[best],
        "high": percent(_median(errors[deepest])),
        "deep": record.depths[deepest],
    }
    if course > 0:
        words = say(
            "{label}: the training error rises from {low} with {shallow} layers to {high} with {deep}: deeper is worse."
        )
    elif course < 0:
        words = say("{label}: the training error falls from {low} with {shallow} layers to {high} with {deep}.")
    else:
        words = say(
            "{label}: no clear difference in training error, {low} with {shallow} layers and {high} with {deep}."
        )
    return words.format(**values)


def _deepest(record: DegradationReport, labels: tuple[str, str], say: Say) -> str:
    both = [place for place in _trained(record, 0) if place in _trained(record, 1)]
    if not both:
        return ""
    plain, residual = record.train_error[:, both[-1]]
    values = {"deep": record.depths[both[-1]], "plain": percent(_median(plain)), "residual": percent(_median(residual))}
    if clearly_above(plain, residual):
        words = say("With {deep} layers and the same steps the shortcuts bring it from {plain} down to {residual}.")
    elif clearly_above(residual, plain):
        words = say("With {deep} layers the shortcuts do not help here: {plain} without them, {residual} with them.")
    else:
        words = say("With {deep} layers the shortcuts make no clear difference: {plain} without, {residual} with them.")
    return words.format(**values)


def _test(record: DegradationReport, say: Say) -> str:
    """Whether the plain networks' test error goes the way of their training error."""
    places = _trained(record, 0)
    if len(places) < 2:
        return ""
    best, deepest = _best_and_deepest(record, 0)
    before, after = record.test_error[0, best], record.test_error[0, deepest]
    values = {"before": percent(_median(before)), "after": percent(_median(after))}
    if with_depth(record, 0) != 1:
        return ""
    if clearly_above(after, before):
        words = say(
            "The plain network's test error rises as well, from {before} to {after}. An overfitted network would be "
            "good at what it has learned from; this one is not, so it is not overfitting."
        )
    else:
        words = say("The plain network's test error does not clearly rise with it: {before} and {after}.")
    return words.format(**values)


def _failures(record: DegradationReport, labels: tuple[str, str], say: Say) -> str:
    words = say("{label} with {depth} layers: {count} of {seeds} seeds diverged and are left out.")
    return " ".join(
        words.format(label=labels[kind], depth=depth, count=int(count), seeds=len(record.seeds))
        for kind in (0, 1)
        for depth, count in zip(record.depths, record.diverged[kind].sum(axis=1), strict=True)
        if count
    )


def clearly_above(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether every seed of `one` lies above every seed of `other`, and the medians are at least CLEAR apart."""
    one, other = one[np.isfinite(one)], other[np.isfinite(other)]
    if not one.size or not other.size:
        return False
    return bool(one.min() > other.max() and np.median(one) - np.median(other) >= CLEAR)


def _trained(record: DegradationReport, kind: int) -> list[int]:
    """Places of the depths with at least one number."""
    return [place for place in range(len(record.depths)) if np.isfinite(record.train_error[kind, place]).any()]


def _median(values: NDArray[np.float64]) -> float:
    present = values[np.isfinite(values)]
    return float(np.median(present)) if present.size else float("nan")
