"""What the fields say about depth, shortcuts and training."""

import math

import numpy as np

from resnet_core.records.inside import FieldReport, UnitField
from ui.charts.labels import Say, percent, plain_number

CLEAR = 0.1  # of a side; the draws of one default network lie up to a tenth around their middle
FITS = 0.9  # of a field's variance, that a Gaussian explains where the field is called Gaussian


def pair_verdict(plain: UnitField, residual: UnitField, say: Say = str) -> str:
    """Whether shortcuts make the field smaller at one depth.

    Two sides differ clearly if they are more than `CLEAR` of the larger apart, and, where each was measured on several
    fresh networks, no draw of one lies among the other's.
    """
    if not (plain.side > 0 and residual.side > 0):
        return say("In one of the networks nothing comes back to the picture, so there is nothing to compare.")
    values = {
        "plain": percent(plain.ratio),
        "residual": percent(residual.ratio),
        "theoretical": plain.theoretical,
        "depth": plain.depth,
    }
    if _clearly_less(residual, plain):
        words = say(
            "At depth {depth} a unit could see {theoretical} pixels across. The plain network uses {plain} of that, "
            "the residual one {residual}: the shortcuts make the field smaller."
        )
    elif _clearly_less(plain, residual):
        words = say(
            "At depth {depth} a unit could see {theoretical} pixels across. The plain network uses {plain} of that, "
            "the residual one {residual}: here the shortcuts make the field larger."
        )
    else:
        words = say(
            "At depth {depth} a unit could see {theoretical} pixels across. No clear difference: the plain network "
            "uses {plain} of that, the residual one {residual}."
        )
    return words.format(**values)


def profile_verdict(plain: UnitField, residual: UnitField, say: Say = str) -> str:
    """Whether both fields are bells rather than boxes: a Gaussian explains `FITS` of their variance or more."""
    fits = [plain.fit, residual.fit]
    if any(math.isnan(fit) for fit in fits):
        return say("One of the fields is empty, so no curve fits it.")
    values = {"low": percent(min(fits)), "high": percent(max(fits))}
    if min(fits) >= FITS and values["low"] == values["high"]:
        words = say("Both are bells: a Gaussian explains {low} of how each varies. The middle counts most.")
    elif min(fits) >= FITS:
        words = say("Both are bells: a Gaussian explains {low} to {high} of how they vary. The middle counts most.")
    else:
        words = say("Not everywhere a bell: a Gaussian explains {low} of one field and {high} of the other.")
    return words.format(**values)


def depth_verdict(report: FieldReport, say: Say = str) -> str:
    """How the used share changes with depth, and what training does to it.

    A share falls clearly with depth if it loses more than `CLEAR` of itself from the smallest depth to the largest. The
    exponent is that of the power law through all depths, against the number of 3x3 layers. Training changes a field
    clearly if its side moves by more than `CLEAR`; it is one run each, and the sentence says so.
    """
    sentences = []
    for plain in (True, False):
        fields = [field for field in report.fresh if field.plain is plain and field.side > 0]
        if len(fields) > 1:
            sentences.append(_with_depth(fields, plain, say))
    for before, after, loss in zip(report.before, report.after, report.losses, strict=False):
        sentences.append(_with_training(before, after, loss, say))
    return " ".join(sentences) or say("Too early to say.")


def exponent(fields: list[UnitField]) -> float:
    """Slope of log share against log number of layers."""
    layers = np.log([field.depth - 1 for field in fields])
    return float(np.polyfit(layers, np.log([field.ratio for field in fields]), 1)[0])


def _with_depth(fields: list[UnitField], plain: bool, say: Say) -> str:
    values = {
        "first": percent(fields[0].ratio),
        "last": percent(fields[-1].ratio),
        "power": f"{exponent(fields):.2f}".replace("-", "−"),
        "depth": fields[-1].depth,
    }
    if fields[-1].ratio < (1 - CLEAR) * fields[0].ratio:
        words = (
            say(
                "Plain: the used share falls from {first} to {last} at depth {depth}, about as n layers to the power "
                "{power}; 1/√n would be −0.5."
            )
            if plain
            else say(
                "Residual: the used share falls from {first} to {last} at depth {depth}, about as n layers to the "
                "power {power}."
            )
        )
    else:
        words = (
            say("Plain: no clear fall with depth, from {first} to {last}.")
            if plain
            else say("Residual: no clear fall with depth, from {first} to {last}.")
        )
    return words.format(**values)


def _with_training(before: UnitField, after: UnitField, loss: float, say: Say) -> str:
    kind = say("plain") if after.plain else say("residual")
    values = {
        "kind": kind,
        "before": plain_number(before.side),
        "after": plain_number(after.side),
        "steps": after.steps,
    }
    if not math.isfinite(loss):
        return say("The {kind} network diverged in training, so its field afterwards says nothing.").format(**values)
    if not (before.side > 0 and after.side > 0):
        return say("In the {kind} network nothing comes back to the picture.").format(**values)
    change = (after.side - before.side) / before.side
    if abs(change) <= CLEAR:
        words = say(
            "After {steps} steps, in one run, the {kind} field has not clearly changed: {before} and {after} pixels."
        )
    elif change > 0:
        words = say("After {steps} steps, in one run, the {kind} field has grown from {before} to {after} pixels.")
    else:
        words = say("After {steps} steps, in one run, the {kind} field has shrunk from {before} to {after} pixels.")
    return words.format(**values)


def _clearly_less(one: UnitField, other: UnitField) -> bool:
    apart = one.side < (1 - CLEAR) * other.side
    return apart and (len(one.sides) < 2 or float(one.sides.max()) < float(other.sides.min()))
