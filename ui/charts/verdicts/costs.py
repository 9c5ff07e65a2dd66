"""What counted multiplications and measured milliseconds say."""

import math
from collections.abc import Sequence

from resnet_core.records import ConvCost, CostReport, LayerTime
from ui.charts.costs import Quantity, kind_name, stage_costs
from ui.charts.labels import Say, count, percent, plain_number

SAME_COST = 1.05  # counts that differ by less than this factor are called equal
SAME_SPEED = 1.5  # so are measured speeds; a busy classroom machine moves a median that far


def cost_verdict(direct: ConvCost, reduced: Sequence[ConvCost], say: Say = str) -> str:
    """How many times fewer, or more, multiplications the reduction takes; within 5 % it is no clear difference."""
    total = sum(cost.macs for cost in reduced)
    values = {"direct": count(direct.macs), "total": count(total)}
    if direct.macs >= SAME_COST * total:
        words = say("{total} multiplications instead of {direct}: {factor} times fewer.")
        return words.format(**values, factor=f"{direct.macs / total:.2f}")
    if total >= SAME_COST * direct.macs:
        words = say("{total} multiplications instead of {direct}: here the reduction costs {factor} times more.")
        return words.format(**values, factor=f"{total / direct.macs:.2f}")
    return say("{total} multiplications and {direct}: no clear difference.").format(**values)


def stage_verdict(report: CostReport, quantity: Quantity = "macs", say: Say = str) -> str:
    """Which stage costs the most, and how much of the whole that is; a lead of less than 5 % is no clear difference.

    "Most" is more than half of the whole.
    """
    stages = sorted(stage_costs(report, quantity).items(), key=lambda item: -item[1])
    whole = sum(value for _, value in stages)
    names = {"stem": say("the stem"), "head": say("the head")}
    (first, most), *rest = ((names.get(stage) or say("stage {number}").format(number=stage), c) for stage, c in stages)
    share = most / whole if whole else math.nan
    values = {"first": first, "share": percent(share), "second": rest[0][0] if rest else "–"}
    if rest and most < SAME_COST * rest[0][1]:
        return say("No clear difference between {first} and {second}, {share} each.").format(**values)
    if share > 0.5:
        return say("Most of the cost is in {first}: {share} of the whole.").format(**values)
    return say("The largest share is in {first}: {share} of the whole.").format(**values)


def largest_stage(report: CostReport, quantity: Quantity = "macs") -> str:
    """The stage that costs the most: "stem", "1", ..., "head"; "" where it leads by less than 5 %."""
    first, second, *_ = sorted(stage_costs(report, quantity).items(), key=lambda item: -item[1])
    return "" if first[1] < SAME_COST * second[1] else first[0]


def total_verdict(report: CostReport, say: Say = str) -> str:
    """The whole network in exact numbers, with what the multiplications leave out."""
    words = say(
        "{parameters} parameters, {macs} multiply-accumulates for one picture of {height}×{width} pixels, "
        "{megabytes} MB of activations in float32. Not counted as multiplications: {not_counted}."
    )
    return words.format(
        parameters=count(report.parameters),
        macs=count(report.macs),
        height=report.input[1],
        width=report.input[2],
        megabytes=f"{report.activation_bytes / 1e6:.1f}",
        not_counted=", ".join(kind_name(kind, say) for kind in report.not_counted),
    )


def timing_verdict(times: Sequence[LayerTime], say: Say = str) -> str:
    """Whether time follows multiplications: the fastest and the slowest layer, in MACs per second.

    Speeds less than a factor of 1.5 apart, or with overlapping quartiles, are no clear difference.
    """
    order = sorted(times, key=lambda time: time.macs / time.milliseconds)
    slow, fast = order[0], order[-1]
    factor = (fast.macs / fast.milliseconds) / (slow.macs / slow.milliseconds)
    apart = fast.macs / fast.high > slow.macs / slow.low
    if factor < SAME_SPEED or not apart:
        return say("No clear difference: on this machine, time follows the number of multiplications here.")
    words = say(
        "Time does not follow multiplications: one of them takes {factor} times as long in {slow} as in {fast}."
    )
    return words.format(factor=plain_number(factor), slow=slow.name, fast=fast.name)
