"""What the zeros in the feature maps of one picture say."""

import numpy as np

from resnet_core.records import PictureReport
from ui.charts.labels import Say, layer_label, percent
from ui.charts.zeros import zero_share

CLEAR = 0.1  # of all values, ten points: shares of zeros that are closer than this are called about the same


def zeros_verdict(report: PictureReport, say: Say = str) -> str:
    """Whether the last block leaves clearly more or fewer zeros than the first one; ten points decide. Then the most.

    The stem is no block.
    """
    change = with_depth(report)
    if change is None:
        return say("Some values are not finite, as in a network that has diverged: zeros cannot be counted.")
    blocks = [layer for layer in report.layers if layer.stage]
    shares = [zero_share(layer) for layer in blocks]
    if change > 0:
        words = say("At the end more is exactly zero: {first} behind the first block, {last} behind the last.")
    elif change < 0:
        words = say("At the end less is exactly zero: {first} behind the first block, {last} behind the last.")
    else:
        words = say("No clear difference: {first} is exactly zero behind the first block, {last} behind the last.")
    most = int(np.argmax(shares))
    words += " " + say("The most is zero in {block}: {share}.")
    return words.format(
        first=percent(shares[0]),
        last=percent(shares[-1]),
        block=layer_label(blocks[most].name, say),
        share=percent(shares[most]),
    )


def with_depth(report: PictureReport) -> int | None:
    """Whether zeros get clearly more (1) or fewer (-1) from the first block to the last; None: it cannot be told."""
    shares = [zero_share(layer) for layer in report.layers if layer.stage]
    if len(shares) < 2 or not np.isfinite(shares).all():
        return None
    change = shares[-1] - shares[0]
    return 0 if abs(change) < CLEAR else int(np.sign(change))
