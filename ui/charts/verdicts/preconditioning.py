"""Whether writing a block as x + F(x) made the loss easier to descend."""

import numpy as np

from resnet_core.records.depth import PreconditioningReport
from ui.charts.labels import Say, percent, plain_number
from ui.charts.preconditioning import middle

CONDITION = 3.0  # times: condition numbers that differ by less are not called different
LOSS = 2.0  # times: the same for the losses at the end


def preconditioning_verdict(record: PreconditioningReport, say: Say = str) -> str:
    """The condition of both forms, the directions that are flat, where they start, and where descent ends.

    The condition is the largest eigenvalue of Gauss-Newton over the median one. One form is called better conditioned
    only if the ranges over the seeds do not overlap and the medians differ by a factor of three; the same with a factor
    of two for the losses at the end. If the residual form is not favoured, the sentence says so.
    """
    if not all(np.isfinite(record.spectrum[kind, :, 0]).any() for kind in (0, 1)):
        return ""
    return " ".join(filter(None, [_condition(record, say), _flat(record, say), _descent(record, say)]))


def _condition(record: PreconditioningReport, say: Say) -> str:
    plain, residual = (values[~np.isnan(values)] for values in record.condition)
    values = {"plain": plain_number(middle(plain)), "residual": plain_number(middle(residual))}
    if _clearly_above(plain, residual, CONDITION):
        words = say(
            "Written as x + F(x) the loss is better conditioned: its sharpest direction is {residual} times as curved "
            "as the median one, against {plain} times for H(x)."
        )
    elif _clearly_above(residual, plain, CONDITION):
        words = say(
            "Written as x + F(x) the loss is worse conditioned here: largest over median curvature {residual}, against "
            "{plain} for H(x)."
        )
    else:
        words = say(
            "No clear difference in condition: largest over median curvature {residual} for x + F(x), {plain} for H(x)."
        )
    return words.format(**values)


def _flat(record: PreconditioningReport, say: Say) -> str:
    plain, residual = (percent(middle(values)) for values in record.flat)
    words = say("Directions that change no output at all: {plain} with H(x), {residual} with x + F(x).")
    return words.format(plain=plain, residual=residual)


def _descent(record: PreconditioningReport, say: Say) -> str:
    rates = [record.best_rate(kind) for kind in (0, 1)]
    if rates[0] is None and rates[1] is None:
        return ""
    if rates[0] is None:
        return say("H(x) diverged or is not there yet at every learning rate; x + F(x) came down.")
    if rates[1] is None:
        return say("x + F(x) diverged or is not there yet at every learning rate; H(x) came down.")
    plain, residual = record.losses[0, rates[0]], record.losses[1, rates[1]]
    values = {
        "steps": record.losses.shape[-1] - 1,
        "plain_first": plain_number(middle(plain[:, 0])),
        "residual_first": plain_number(middle(residual[:, 0])),
        "plain": plain_number(middle(plain[:, -1])),
        "residual": plain_number(middle(residual[:, -1])),
    }
    if _clearly_above(plain[:, -1], residual[:, -1], LOSS):
        words = say(
            "After {steps} steps x + F(x) is at {residual}, H(x) at {plain}; they had started at {residual_first} and "
            "{plain_first}."
        )
    elif _clearly_above(residual[:, -1], plain[:, -1], LOSS):
        words = say(
            "Yet after {steps} steps H(x) is the better one: {plain}, against {residual} for x + F(x); they had "
            "started at {plain_first} and {residual_first}."
        )
    else:
        words = say(
            "After {steps} steps there is no clear difference: {residual} for x + F(x), {plain} for H(x); they had "
            "started at {residual_first} and {plain_first}."
        )
    return words.format(**values)


def _clearly_above(one: np.ndarray, other: np.ndarray, factor: float) -> bool:
    return bool(one.min() > other.max() and np.median(one) >= factor * np.median(other))
