"""What the two paths of one block say."""

import math

import numpy as np

from resnet_core.records import BlockAnatomy
from ui.charts.labels import Say, plain_number

SAME_SIZE = 1.5  # norms of branch and shortcut that differ by less than this factor are called equally large


def anatomy_verdict(block: BlockAnatomy, say: Say = str) -> str:
    """Which path carries more, by the ratio of their L2 norms over all channels; within a factor 1.5 neither does.

    A value that is not finite ends the comparison: it is neither large nor zero.
    """
    if not _is_finite(block):
        return say("Values of this block are not finite, as in a network that has diverged: nothing can be compared.")
    if block.shortcut is None:
        return say("This block has no shortcut: all that goes on is F(x).")
    ratio = block.branch_over_shortcut
    if math.isnan(ratio):
        return say("Both paths are exactly 0 for this picture.")
    text = plain_number(ratio)
    if ratio == 0:
        return say("F(x) is exactly 0: the block hands on what came in.")
    if math.isinf(ratio):
        return say("The shortcut is exactly 0: all that goes on is F(x).")
    larger = larger_path(block)
    if larger == "shortcut":
        return say("The shortcut carries more: F(x) has {ratio} times its norm, a correction to it.").format(ratio=text)
    if larger == "branch":
        return say("The branch carries more: F(x) has {ratio} times the norm of the shortcut.").format(ratio=text)
    return say("No clear difference: F(x) has {ratio} times the norm of the shortcut.").format(ratio=text)


def larger_path(block: BlockAnatomy) -> str:
    """ "shortcut", "branch" or "same" by the ratio of their L2 norms; "" where there is nothing to compare."""
    ratio = block.branch_over_shortcut
    if math.isnan(ratio) or not _is_finite(block):
        return ""
    if ratio <= 1 / SAME_SIZE:
        return "shortcut"
    return "branch" if ratio >= SAME_SIZE else "same"


def _is_finite(block: BlockAnatomy) -> bool:
    parts = (block.shortcut, block.branch, block.total)
    return all(bool(np.isfinite(part).all()) for part in parts if part is not None)
