"""A whole network as a drawing: what it is made of, what it costs, and what reaches its layers."""

import math
import re
from dataclasses import replace
from typing import Literal

import streamlit as st

from resnet_core import (
    CostReport,
    DataConfig,
    GradientReport,
    ResNetConfig,
    TrainConfig,
    cost_report,
    gradient_flow,
    plain_twin,
)
from ui import cache, charts, figure, link, measure, questions
from ui.charts import network_plan
from ui.charts.costs import Quantity
from ui.charts.network_plan import Shade, block_of, grouped
from ui.components import drawing
from ui.questions import BATCH, GradientQuestion
from ui.source import show_source
from ui.text import say, show

CUT = re.compile(r"(\d+)-(\d+)")  # stage and block in a link
Colour = Literal["macs", "parameters", "activation_bytes", "gradient"]
MOST_LAYERS = 110  # that are measured while somebody waits


def draw() -> None:
    """Draw the part."""
    st.subheader(say("Every block, to scale"))
    show("network/drawing")
    config, size = questions.network_to_count()
    measurable = config.stem == "cifar" and config.layers <= MOST_LAYERS
    names: dict[Colour, str] = {
        "macs": say("Multiplications"),
        "parameters": say("Parameters"),
        "activation_bytes": say("Values handed on"),
    }
    if measurable:
        names["gradient"] = say("Gradient at the start")
    colour = link.choose(st.segmented_control, say("Colour by"), names, "macs", "colour")
    key = f"drawing_{config.block}_{'_'.join(map(str, config.depths + config.widths))}_{config.groups}"
    config = replace(config, cut=cuts(key, config))
    costs = cache.cost_report(config, size)
    reports: dict[ResNetConfig, GradientReport] = {}
    if colour == "gradient":
        reports = _gradients(config)
        shade = gradient_shade(reports[_measured(config)])
    else:
        shade = cost_shade(costs, colour)
    data = network_plan.plan(config, costs, shade, say)
    drawing.drawing(data, key=key, block="stages.0.0", cut=config.cut, can_cut=config.shortcut != "none")
    if colour == "gradient":
        figure.tell(charts.gradient_verdict(reports, say), charts.gradient_table(reports, say))
        show_source(gradient_flow)
    else:
        figure.tell(charts.stage_verdict(costs, colour, say), charts.cost_table(costs, say))
        show_source(cost_report)


def cuts(key: str, config: ResNetConfig) -> drawing.Cut:
    """What is cut: by a click on the drawing, else by the link; it goes into the link."""
    asked = {tuple(map(int, pair)) for pair in CUT.findall(st.query_params.get("cut", ""))}
    clicked = drawing.cuts(key, config)
    cut = drawing.sensible(asked, config) if clicked is None else clicked
    link.write("cut", "_".join(f"{stage}-{block}" for stage, block in cut), "")
    return cut if config.shortcut != "none" else ()


def _measured(config: ResNetConfig) -> ResNetConfig:
    return replace(config, in_channels=1)  # Fashion-MNIST is grey


def _gradients(config: ResNetConfig) -> dict[ResNetConfig, GradientReport]:
    network = _measured(config)
    question = GradientQuestion(network, DataConfig(), TrainConfig(batch=BATCH), 1, 0)
    return measure.gradients((plain_twin(network), network), question).reports()


def gradient_shade(report: GradientReport) -> Shade:
    """The gradient norm of the first convolution of stem and every block."""
    values: dict[str, float] = {}
    for name, norm in zip(report.layers, report.norms[0].tolist(), strict=True):
        values.setdefault(block_of(name), norm)
    return Shade(say("gradient norm of its first convolution"), values, measured=True)


def cost_shade(costs: CostReport, quantity: Quantity) -> Shade:
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
