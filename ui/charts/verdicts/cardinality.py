"""What the counts of ResNeXt's family say."""

from resnet_core.records.beyond import FamilyReport
from ui.charts.labels import Say, count, percent

SAME_COST = 0.05  # a family whose largest and smallest cost differ by no more than this is said to cost the same


def family_verdict(report: FamilyReport, say: Say = str) -> str:
    """Whether the members cost the same, and how wide the 3x3 of the last one is beside the first one's."""
    first, last = report.members[0], report.members[-1]
    macs = _apart([member.macs for member in report.members])
    parameters = _apart([member.parameters for member in report.members])
    words = (
        say("The costs hardly differ: parameters by {parameters}, multiplications by {macs}.")
        if max(macs, parameters) <= SAME_COST
        else say("The costs do differ: parameters by {parameters}, multiplications by {macs}.")
    )
    widths = say("For that, {last} has {wide} channels in its first 3×3 where {first} has {narrow}.")
    return f"{words} {widths}".format(
        parameters=percent(parameters),
        macs=percent(macs),
        first=first.name,
        last=last.name,
        wide=last.groups * last.group_width,
        narrow=first.groups * first.group_width,
    )


def wiring_verdict(report: FamilyReport, say: Say = str) -> str:
    """What share of the pairs of channels has a kernel, counted in the weights, and how many weights that leaves."""
    there, pairs = int((report.wiring > 0).sum()), report.wiring.size
    if there == pairs:
        words = say("Every channel reads all {channels}: {weights} weights in this 3×3.")
        return words.format(channels=len(report.wiring), weights=count(9 * there))
    words = say("Each channel reads {own} of {channels}: {share} of the pairs, {weights} weights in this 3×3.")
    return words.format(
        own=there // len(report.wiring),
        channels=len(report.wiring),
        share=percent(there / pairs),
        weights=count(9 * there),
    )


def _apart(costs: list[int]) -> float:
    return 1 - min(costs) / max(costs)
