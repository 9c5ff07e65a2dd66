"""What batch sizes and statistics say."""

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.norm import NormBatches, NormStatistics
from ui.charts.labels import Say, percent, plain_number
from ui.charts.norm_batches import Told

APART = 0.06  # two test errors: twice the standard error of the difference of two shares of about 512 pictures
WORSE = 0.1  # nats between two training losses
MOVED = 0.1  # distance of gamma from 1, or of beta from 0, from which on it is said to have moved


def batches_verdict(record: NormBatches, told: Told, say: Say = str) -> str:
    """What the smallest batch costs, with BatchNorm and without.

    It costs what its test error, or its training loss, is above the best of all sizes. A test error counts from 6
    points on, which is twice the standard error of such a difference for 512 pictures; a loss from 0.1 nats on.
    """
    values = record.running_error if told == "test" else record.train_loss
    if np.isnan(values).any():
        return say("{done} of {all} runs are there.").format(done=int((~np.isnan(values)).sum()), all=values.size)
    if not np.isfinite(record.train_loss).all():
        return say("A run diverged, so its size cannot be compared. A lower learning rate may help.")
    costs = values[:, 0] - values.min(axis=1)
    clear = costs >= (APART if told == "test" else WORSE)
    shown = [percent(float(cost)) if told == "test" else plain_number(float(cost)) for cost in costs]
    words = (
        say("Batches of {size} cost {batch} of test error over the best size with BN, and {none} without.")
        if told == "test"
        else say("Batches of {size} cost {batch} nats of training loss over the best size with BN, and {none} without.")
    )
    text = words.format(size=int(record.sizes[0]), batch=shown[1], none=shown[0])
    return f"{text} {_cost(bool(clear[0]), bool(clear[1]), say)}"


def _cost(none: bool, batch: bool, say: Say) -> str:
    if batch and not none:
        return say("So the smallest batch hurts with BatchNorm only.")
    if none and not batch:
        return say("Here the smallest batch hurts only without BatchNorm.")
    if none and batch:
        return say("Here it hurts both, so BatchNorm is not the only reason.")
    return say("No clear difference here.")


def errors_verdict(record: NormStatistics, say: Say = str) -> str:
    """Until when the two kinds of statistics give different test errors.

    They differ at a look if they are 6 points or more apart, see `batches_verdict`.
    """
    seen = np.isfinite(record.running_error)
    if not seen.any():
        return say("Nothing has been measured yet.")
    gaps = np.where(seen, record.running_error - record.batch_error, 0.0)
    late = np.flatnonzero(np.abs(gaps) >= APART)
    if not late.size:
        return say("No clear difference between the two kinds of statistics at any look.")
    worst = int(np.argmax(np.abs(gaps)))
    words = say(
        "At step {step} the test error is {running} with running statistics and {batch} with the batch's own; the two "
        "were clearly apart for the last time at step {last}."
    )
    return words.format(
        step=int(record.steps[worst]),
        running=percent(float(record.running_error[worst])),
        batch=percent(float(record.batch_error[worst])),
        last=int(record.steps[late[-1]]),
    )


def gaps_verdict(record: NormStatistics, say: Say = str) -> str:
    """Whether the running statistics catch up: their distance from the batch's at the last look and at the first.

    They are said to catch up where the middle layer's distance has fallen to half or less.
    """
    seen = np.flatnonzero(np.isfinite(record.mean_gap).all(axis=0))
    if seen.size < 2:
        return say("Nothing has been measured yet.")
    first, last = (float(np.median(record.mean_gap[:, look])) for look in (seen[0], seen[-1]))
    words = say("The middle layer's running means are {first} deviations from the batch's at first and {last} at last.")
    text = words.format(first=plain_number(first), last=plain_number(last))
    if last <= first / 2:
        return f"{text} " + say("They catch up.")
    return f"{text} " + say("They do not clearly catch up here.")


def gamma_verdict(record: NormStatistics, look: int, say: Say = str) -> str:
    """How far gamma and beta have gone, and how many BatchNorms have a channel that moved by 0.1 or more."""
    gamma, beta = record.gamma[:, :, look], record.beta[:, :, look]
    if not (np.isfinite(gamma).all() and np.isfinite(beta).all()):
        return say("Not finite: the training diverged.")
    words = say(
        "At step {step} gamma reaches from {g_low} to {g_high} and beta from {b_low} to {b_high}; in {moved} of {all} "
        "layers a channel has moved by 0.1 or more."
    )
    return words.format(
        step=int(record.steps[look]),
        g_low=plain_number(float(gamma.min())),
        g_high=plain_number(float(gamma.max())),
        b_low=plain_number(float(beta.min())),
        b_high=plain_number(float(beta.max())),
        moved=int(np.logical_or(_moves(gamma, 1.0), _moves(beta, 0.0)).sum()),
        all=len(record.layers),
    )


def _moves(values: NDArray[np.float64], start: float) -> NDArray[np.bool_]:
    """Which layers have a channel that moved."""
    return np.any(np.abs(values - start) >= MOVED, axis=0)
