"""What the levels of a pyramid, their sums and their anchors say."""

import numpy as np

from resnet_core.records.beyond import PyramidReport
from ui.charts.labels import Say, count, percent, plain_number
from ui.charts.pyramid import source_of

SAME_SIZE = 1.5  # norms that differ by less than this factor are called equally large


def level_verdict(report: PyramidReport, say: Say = str) -> str:
    """Stride and view of the coarsest level of the backbone, and whether that view holds the whole picture."""
    one, size = report.levels[3], report.picture.shape[0]
    words = say("From C2 to {name} the grid goes from {finest} cells to {side}×{side}, one for every {stride} pixels.")
    finest = f"{report.levels[0].side}×{report.levels[0].side}"
    start = words.format(name=one.name, finest=finest, side=one.side, stride=one.stride)
    if one.field >= size:
        more = say("A cell of {name} could see {field} pixels, more than the whole picture of {size}.")
    else:
        more = say("A cell of {name} sees {field} pixels at most, {share} of the picture's side of {size}.")
    return f"{start} {more}".format(name=one.name, field=one.field, size=size, share=percent(one.field / size))


def top_down_verdict(report: PyramidReport, level: int, say: Say = str) -> str:
    """How exactly the sum holds, and which of the two terms is larger over all channels; within 1.5 neither is."""
    if level == len(report.sums) - 1:
        return say("Nothing lies above the coarsest level: it is the 1×1 alone.")
    lateral, above = float(report.lateral_norms[level]), float(report.above_norms[level])
    if not (np.isfinite(report.sums[level]).all() and np.isfinite([lateral, above]).all()):
        return say("Values are not finite, as in a network that has diverged: nothing can be compared.")
    off = float(np.abs(report.sums[level] - (report.lateral[level] + report.above[level])).max())
    start = say("Largest difference between the sum and its two terms: {off}.").format(off=plain_number(off))
    if lateral == 0:
        return f"{start} " + say("The lateral is exactly 0 here.")
    ratio = above / lateral
    if ratio >= SAME_SIZE:
        words = say("What comes from above has {ratio} times the norm of the lateral, whose weights are random.")
    elif ratio <= 1 / SAME_SIZE:
        words = say("What comes from above has only {ratio} times the norm of the lateral, whose weights are random.")
    else:
        words = say("No clear difference: what comes from above has {ratio} times the norm of the lateral.")
    return f"{start} " + words.format(ratio=plain_number(ratio))


def anchor_verdict(report: PyramidReport, level: int, say: Say = str) -> str:
    """How many anchors the level and the whole pyramid have, and whether its square one fits into the picture."""
    one, size = report.levels[level], report.picture.shape[0]
    each = report.anchors.shape[1]
    words = say("{name} has {cells} cells with {each} anchors each, {own}; all five levels together have {all}.")
    start = words.format(
        name=one.name.replace("C", "P"),
        cells=count(one.side**2),
        each=each,
        own=count(each * one.side**2),
        all=count(each * sum(level.side**2 for level in report.levels)),
    )
    side = round(one.area**0.5)
    if side > size:
        more = say("Its square anchor of {side} pixels is larger than this picture; detectors look at larger ones.")
        return f"{start} " + more.format(side=side)
    if one.field < side:
        more = say("Its square anchor has {side} pixels, more than {name} alone can see ({field}).")
        return f"{start} " + more.format(side=side, name=source_of(one.name), field=one.field)
    return start
