"""What the blocks of a network drawing are coloured by: one number each, counted or measured."""

import math

from resnet_core.records import CostReport, GradientReport, PictureReport
from resnet_core.records.signals import NetworkSignals
from ui.charts.costs import Quantity
from ui.charts.network_plan import Say, Shade, block_of, grouped
from ui.charts.seeds import band


def cost_shade(costs: CostReport, quantity: Quantity, say: Say = str) -> Shade:
    """Weights, multiplications or memory of stem, blocks and head."""
    groups = grouped(costs).items()
    if quantity == "parameters":
        weights = {name: sum(one.parameters for one in all_) for name, all_ in groups}
        return Shade(say("weights"), weights, form="{:,.0f}")
    if quantity == "activation_bytes":
        handed = {name: float(math.prod(all_[-1].output)) for name, all_ in groups}
        return Shade(say("numbers handed on"), handed, form="{:,.0f}")
    values = {name: sum(one.macs for one in all_) / 1e6 for name, all_ in groups}
    return Shade(say("million multiplications"), values, form="{:,.2f}")


def gradient_shade(report: GradientReport, say: Say = str) -> Shade:
    """The gradient norm of the first convolution of stem and every block, median over the seeds."""
    values: dict[str, float] = {}
    for name, norm in zip(report.layers, band(report.norms).middle.tolist(), strict=True):
        values.setdefault(block_of(name), norm)
    return Shade(say("gradient norm of its first convolution"), values, measured=True)


def deviation_shade(signals: NetworkSignals, say: Say = str) -> Shade:
    """The standard deviation of what stem and every block hand on."""
    values = dict(zip(signals.layers, signals.deviation.tolist(), strict=True))
    return Shade(say("standard deviation of its output"), values, measured=True)


def ratio_shade(signals: NetworkSignals, say: Say = str) -> Shade:
    """The size of F(x) over that of x in every block with a shortcut."""
    values = dict(zip(signals.layers, signals.ratio.tolist(), strict=True))
    return Shade(say("‖F(x)‖ / ‖x‖"), values, measured=True)


def picture_shade(report: PictureReport, say: Say = str) -> Shade:
    """The standard deviation of what stem and every block hand on of one picture."""
    values = {layer.name: layer.deviation for layer in report.layers}
    return Shade(say("standard deviation of its output"), values, measured=True)
