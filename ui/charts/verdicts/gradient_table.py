"""What the table of three switches says."""

import numpy as np

from resnet_core.records.gradient_table import GradientTableReport, Switches
from ui.charts.labels import Say
from ui.charts.switch_table import median_ratios, ratio_word, switches_label


def switch_verdict(record: GradientTableReport, say: Say = str) -> str:
    """For which settings the gradient vanishes or explodes in the deepest network that is measured, by medians.

    It vanishes where the first convolution's norm is at most a hundredth of the last one's, and explodes where it is at
    least a hundred times as large.
    """
    place = deepest(record)
    if place is None:
        return say("Measuring: the first depth is not complete yet.")
    opening = say("Before the first step, {depth} layers.").format(depth=record.depths[place])
    return _sorted_out(opening, record, *_at_start(record, place), say)


def deepest(record: GradientTableReport) -> int | None:
    """Place of the deepest network of which every setting is measured; None before the first."""
    complete = [place for place in range(len(record.depths)) if not np.isnan(record.losses[:, place]).any()]
    return max(complete, key=lambda place: record.depths[place], default=None)


def word_at_start(record: GradientTableReport, switches: Switches, place: int) -> str:
    """What `switch_verdict` calls one setting at one depth: vanishes, even, explodes, or not finite."""
    ratios, losses = _at_start(record, place)
    row = record.rows.index(switches)
    return ratio_word(float(ratios[row]), float(losses[row]))


def _at_start(record: GradientTableReport, place: int) -> tuple[np.ndarray, np.ndarray]:
    """The median ratios before the first step, and losses that are infinite where there is none."""
    ratios = median_ratios(record)[:, place]
    return ratios, np.where(np.isfinite(ratios), 0.0, np.inf)


def training_verdict(record: GradientTableReport, say: Say = str) -> str:
    """The same after the last step, at the depth that is trained."""
    if not record.steps or np.isnan(record.trained_losses).any():
        return say("Training: not every network has been there yet.")
    opening = say("After {steps} steps, {depth} layers.").format(steps=record.steps[-1], depth=record.trained_depth)
    return _sorted_out(opening, record, record.trained_ratios[:, -1], record.trained_losses[:, -1], say)


def _sorted_out(opening: str, record: GradientTableReport, ratios: np.ndarray, losses: np.ndarray, say: Say) -> str:
    kinds: dict[str, list[str]] = {}
    for switches, ratio, loss in zip(record.rows, ratios, losses, strict=True):
        kinds.setdefault(ratio_word(float(ratio), float(loss)), []).append(switches_label(switches, say))
    if set(kinds) == {"even"}:
        return f"{opening} {say('No clear difference: the gradient is even for all eight settings.')}"
    told = [
        words.format(names="; ".join(kinds[kind]))
        for kind, words in {
            "explodes": say("It explodes towards the input for: {names}."),
            "vanishes": say("It vanishes for: {names}."),
            "not finite": say("The loss is not finite any more for: {names}."),
        }.items()
        if kind in kinds
    ]
    if "even" in kinds:
        told.append(say("For {count} of 8 settings it is even.").format(count=len(kinds["even"])))
    return " ".join([opening, *told])
