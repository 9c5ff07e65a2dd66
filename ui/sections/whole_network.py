"""A whole network as a drawing: what it is made of, what it costs, and what passes through it before the first step."""

import re
from dataclasses import replace

import streamlit as st

from resnet_core import DataConfig, ResNetConfig
from ui import cache, colours, figure, link, questions, sheet
from ui.charts import network_plan
from ui.charts.labels import layer_label
from ui.components import drawing
from ui.text import say, show

CUT = re.compile(r"(\d+)-(\d+)")  # stage and block in a link
PICTURES = {"cifar": DataConfig(), "imagenet": DataConfig(size=32)}  # by stem; one that halves twice needs larger ones


def draw() -> None:
    """Draw the part."""
    st.header(say("Every block, to scale"))
    show("network/drawing")
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row.container():
        config, size = questions.network_to_count()
    data = PICTURES[config.stem]
    key = f"drawing_{config.block}_{'_'.join(map(str, config.depths + config.widths))}_{config.groups}"
    config = replace(config, cut=cuts(key, config))
    network = replace(config, in_channels=1)  # Fashion-MNIST is grey
    colour, seed = colours.choose(network, data, row.container(width=160))
    costs = cache.cost_report(config, size)
    coloured = colours.of(colour, config, costs, network, data, seed)
    plan = network_plan.plan(config, costs, coloured.shade, say)
    figure.network(plan, key=key, block="stages.0.0", cut=config.cut, can_cut=can_cut(config))
    colours.tell(colour, coloured, data, seed, gray=True)


def can_cut(config: ResNetConfig) -> bool:
    """Whether a click on the drawing may cut a shortcut: there are some, and no teacher's link forbids it."""
    return config.shortcut != "none" and not link.is_locked()


def cuts(key: str, config: ResNetConfig) -> drawing.Cut:
    """What is cut: by a click on the drawing, else by the link; it goes into the link."""
    asked = {tuple(map(int, pair)) for pair in CUT.findall(st.query_params.get("cut", ""))}
    clicked = drawing.cuts(key, config)
    cut = drawing.sensible(asked, config) if clicked is None else clicked
    if cut and config.shortcut != "none":  # a plain network has none, but those of a residual one stay in the link
        names = (layer_label(f"stages.{stage}.{block}", say) for stage, block in cut)
        sheet.ask("cut", say("Shortcuts that are cut"), "; ".join(names))
    link.write("cut", "_".join(f"{stage}-{block}" for stage, block in cut), "")
    return cut if config.shortcut != "none" else ()
