"""What the crops say about the layers that chose them."""

import math

from resnet_core.records.inside import FilterReport
from ui.charts.labels import Say, percent

CLEAR = 0.15  # of all crops


def purity_verdict(report: FilterReport, say: Say = str) -> str:
    """Whether the last layer's units answer to one class more than the stem's do, and whether that was learned.

    Two shares of crops differ clearly from `CLEAR` on. The rise from stem to last stage counts as learned where the
    last stage had clearly less before training.
    """
    first, last = report.layers[0], report.layers[-1]
    values = {
        "first": percent(first.purity),
        "last": percent(last.purity),
        "before": percent(last.purity_before),
        "chance": percent(report.chance),
    }
    if report.steps and not math.isfinite(report.loss):
        return say("The network diverged while it learned; these are the last weights that were finite.")
    if math.isnan(first.purity) or math.isnan(last.purity):
        return say("In one of the layers no unit is ever active, so there is nothing to compare.")
    if last.purity - first.purity < CLEAR:
        words = say(
            "No clear difference: {first} of a stem unit's strongest crops are of one class, and {last} of a unit's in "
            "the last stage; by lot it would be {chance}."
        )
    elif not math.isnan(last.purity_before) and last.purity - last.purity_before >= CLEAR:
        words = say(
            "Units of the stem answer to many classes ({first} of their strongest crops are of one class; by lot it "
            "would be {chance}), units of the last stage more often to one: {last}, and {before} before training."
        )
    else:
        words = say(
            "Units of the last stage answer to one class more often than those of the stem, {last} against {first}; "
            "by lot it would be {chance}. That training made it so cannot be said here."
        )
    return words.format(**values)
