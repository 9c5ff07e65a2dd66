"""What the cost of basic and bottleneck blocks says."""

from resnet_core.records.block_kinds import BlockCostReport, BlockShare, NetworkShare
from ui.charts.labels import Say, big, percent

SAME_COST = 1.1  # costs that differ by less than this factor are called about the same; 18/17 is 1.06


def block_verdict(report: BlockCostReport, say: Say = str) -> str:
    """How the cost of the basic block compares with that of the bottleneck (v1), within a tenth as about the same.

    Then what share of the bottleneck its 3x3 has, and how many times wider its input is.
    """
    basic, bottleneck = _one(report, "basic"), _one(report, "bottleneck")
    values = {"basic": big(basic.macs), "bottleneck": big(bottleneck.macs)}
    factor = bottleneck.macs / basic.macs
    if max(factor, 1 / factor) < SAME_COST:
        words = say("About the same cost: {basic} for the basic block, {bottleneck} for the bottleneck.")
    elif factor > 1:
        words = say("Here the bottleneck costs more: {bottleneck} against {basic} for the basic block.")
    else:
        words = say("Here the basic block costs more: {basic} against {bottleneck} for the bottleneck.")
    spatial = sum(one.macs for one in bottleneck.convolutions if one.part == "3x3")
    share = say("The bottleneck spends {share} on its 3×3 and hands on {wide} channels instead of {narrow}.")
    wide, narrow = _handed_on(bottleneck), _handed_on(basic)
    return f"{words} {share}".format(**values, share=percent(spatial / bottleneck.macs), wide=wide, narrow=narrow)


def network_verdict(report: BlockCostReport, say: Say = str) -> str:
    """What 16 more layers cost, in the paper's order of strides and in torchvision's."""
    basic, paper, moved = report.networks
    words = say(
        "ResNet-50 has {more} more layers than ResNet-34 and costs {paper} as in the paper (v1), {moved} with the "
        "stride on the 3×3 (v1.5), against {basic}: {factor} and {factor_moved} times as much."
    )
    return words.format(
        more=paper.layers - basic.layers,
        basic=_giga(basic),
        paper=_giga(paper),
        moved=_giga(moved),
        factor=f"{paper.macs / basic.macs:.2f}",
        factor_moved=f"{moved.macs / basic.macs:.2f}",
    )


def _one(report: BlockCostReport, kind: str) -> BlockShare:
    return next(block for block in report.blocks if block.kind == kind)


def _handed_on(block: BlockShare) -> int:
    """Channels after the last convolution of the branch."""
    return [one for one in block.convolutions if one.part != "projection"][-1].after


def _giga(network: NetworkShare) -> str:
    return big(network.macs)
