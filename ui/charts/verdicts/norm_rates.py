"""What the sweep of learning rates says."""

import math

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.norm import NormRates
from ui.charts.labels import Say, plain_number
from ui.charts.norm_rates import typical

TRAINS = 0.75  # of the loss of guessing: a run that ends at or below this is said to train
CLEAR = 2  # rates, or settings of the map, by which one must be ahead of the other


def rates_verdict(record: NormRates, gain: int, say: Say = str) -> str:
    """Which learning rates train at one size of the starting weights.

    A rate is said to train where the median over the seeds ends at three quarters of the loss of guessing or less.
    One network is said to stand more rates than the other if it trains with at least two more of them.
    """
    ahead = rates_ahead(record, gain)
    if ahead is None:
        return say("{done} of {all} runs are there.").format(
            done=int((~np.isnan(record.losses)).sum()), all=record.losses.size
        )
    trained = _trained(record)[:, gain]
    sentences = [
        _one(label, record.rates[good], len(record.rates), say)
        for label, good in ((say("without BN"), trained[0]), (say("with BN"), trained[1]))
    ]
    return " ".join([*sentences, _more(ahead, say)])


def rates_ahead(record: NormRates, gain: int) -> int | None:
    """With which of the two more rates train, by `rates_verdict`'s rule: BatchNorm 1, neither 0, without -1.

    None while a run is missing.
    """
    if np.isnan(typical(record)[:, gain]).any():
        return None
    none, batch = _trained(record)[:, gain].sum(axis=1)
    return int(batch - none >= CLEAR) - int(none - batch >= CLEAR)


def _trained(record: NormRates) -> NDArray[np.bool_]:
    return typical(record) <= TRAINS * math.log(record.classes)


def _one(label: str, rates: NDArray[np.float64], count: int, say: Say) -> str:
    label = label[:1].upper() + label[1:]
    if not rates.size:
        return say("{label}, none of the {all} rates trains.").format(label=label, all=count)
    if rates.size == 1:
        return say("{label}, 1 of {all} rates trains, {rate}.").format(
            label=label, all=count, rate=plain_number(rates[0])
        )
    words = say("{label}, {number} of {all} rates train, from {low} to {high}.")
    return words.format(
        label=label, number=rates.size, all=count, low=plain_number(rates[0]), high=plain_number(rates[-1])
    )


def _more(ahead: int, say: Say) -> str:
    if ahead > 0:
        return say("BatchNorm widens the range.")
    if ahead < 0:
        return say("Here the range is wider without BatchNorm.")
    return say("No clear difference here.")


def map_verdict(record: NormRates, say: Say = str) -> str:
    """How many pairs of starting weights and learning rate train; the same rule as for one row."""
    losses = typical(record)
    if np.isnan(losses).any():
        return say("{done} of {all} runs are there.").format(
            done=int((~np.isnan(record.losses)).sum()), all=record.losses.size
        )
    trained = _trained(record)
    none, batch = int(trained[0].sum()), int(trained[1].sum())
    starts = trained.any(axis=2).sum(axis=1)
    words = say(
        "{none} of {all} settings train without BN and {batch} with it; some rate trains for {none_starts} of {starts} "
        "starting sizes without BN and for {batch_starts} with it."
    )
    text = words.format(
        none=none, all=trained[0].size, batch=batch, starts=len(record.gains), none_starts=int(starts[0]),
        batch_starts=int(starts[1]),
    )  # fmt: skip
    if batch - none >= CLEAR:
        return f"{text} " + say("Training depends less on the start with BatchNorm.")
    if none - batch >= CLEAR:
        return f"{text} " + say("Here training depends less on the start without BatchNorm.")
    return f"{text} " + say("No clear difference here.")
