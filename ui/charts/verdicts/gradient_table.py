"""What the table of three switches says."""

import numpy as np

from resnet_core.records.gradient_table import GradientTableReport
from ui.charts.labels import Say
from ui.charts.switch_table import median_ratios, ratio_word, switches_label


def switch_verdict(record: GradientTableReport, say: Say = str) -> str:
    """For which settings the gradient vanishes or explodes in the deepest network that is measured, by medians.

    It vanishes where the first convolution's norm is at most a hundredth of the last one's, and explodes where it is at
    least a hundred times as large.
    """
    middles = median_ratios(record)
    complete = [place for place in range(len(record.depths)) if not np.isnan(record.losses[:, place]).any()]
    if not complete:
        return say("Measuring: the first depth is not complete yet.")
    place = max(complete, key=lambda place: record.depths[place])
    finite = np.isfinite(middles[:, place])
    losses = np.where(finite, 0.0, np.inf)
    return _sorted_out(
        say("Before the first step, {depth} layers.").format(depth=record.depths[place]),
        record, middles[:, place], losses, say,
    )  # fmt: skip


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
