"""Whole questions: which networks, which pictures, which recipe. Each gives the frozen values of an experiment."""

from typing import Literal, NamedTuple

import streamlit as st

from resnet_core import (
    BlockAnatomy,
    ConvCost,
    DataConfig,
    PictureReport,
    ResNetConfig,
    RunSpec,
    TrainConfig,
    bottleneck_costs,
    cifar,
    preset,
    preset_names,
    race,
)
from ui import controls, link, recipes, sheet
from ui.charts import layer_label
from ui.charts.costs import Quantity
from ui.charts.maps import Scale
from ui.text import say

ANY_SIZE = 96  # pixels at which a network sees a picture unless it was trained on others
BATCH = 32  # of the gradient page: half the training page's, since a class throws these switches all the time
Grain = Literal["stage", "layer"]
Comparison = Literal["degradation", "two_by_two", "vanishing", "exploding", "own"]


class GradientQuestion(NamedTuple):
    """How much gradient reaches each layer of `network`, and of its plain twin?"""

    network: ResNetConfig
    data: DataConfig
    training: TrainConfig
    seeds: int
    steps: int  # optimiser steps before the measurement


def run() -> RunSpec:
    """Ask for a whole run."""
    names: dict[Comparison, str] = {
        "degradation": say("Deeper and worse?"),
        "two_by_two": say("Skip × BatchNorm"),
        "vanishing": say("Vanishing"),
        "exploding": say("Exploding"),
        "own": say("My own"),
    }
    comparison = link.choose(st.segmented_control, say("Comparison"), names, "degradation", "race")
    own = st.container()
    with st.expander(say("Settings: pictures, recipe, seed"), icon=":material/tune:"):
        one, two, three = st.columns(3)
        with one:
            pictures = recipes.data()
        with two:
            width = controls.width()
        with three:
            seed = controls.seed()
        recipe = recipes.training(seed)
    shape = {"width": width, "in_channels": pictures.channels, "classes": pictures.classes}
    with own:
        networks = _own_networks(shape) if comparison == "own" else race(comparison, **shape)
    return RunSpec(networks=networks, data=pictures.config, training=recipe)


def _own_networks(shape: dict[str, int]) -> tuple[ResNetConfig, ...]:
    count = link.step(say("How many networks"), (1, 2, 3, 4), 2, "count")
    networks = []
    for number, column in enumerate(st.columns(count, border=True), start=1):
        with column, sheet.group(say("Network {number}").format(number=number)):
            depth = controls.depth(f"d{number}", 20)
            skip = controls.skip(f"s{number}", default=number > 1)
            norm = controls.norm(f"b{number}")
            init = controls.init(f"i{number}")
            zero_gamma = controls.zero_gamma(f"z{number}", allowed=skip and norm == "batch")
            networks.append(cifar(depth, plain=not skip, norm=norm, init=init, zero_gamma=zero_gamma, **shape))
    return tuple(networks)


def gradients() -> GradientQuestion:
    """Ask for a residual network, whose plain twin is measured beside it."""
    one, two, three = st.columns([4, 3, 5], vertical_alignment="center")
    with one:
        depth = controls.depth("depth", 56)
    with two:
        norm = controls.norm("bn")
    with three:
        init = controls.init("init")
    with st.expander(say("More switches: version, shortcut, steps, seeds, pictures"), icon=":material/tune:"):
        one, two, three = st.columns(3)
        with one:
            version = controls.version("version")
            shortcut = controls.shortcut("shortcut")
            zero_gamma = controls.zero_gamma("zg", allowed=norm == "batch" and version != "v2")
        with two:
            steps = link.step(say("After how many steps"), (0, 1, 5, 20), 0, "after")
            seeds = link.ask(st.slider, say("Number of seeds"), 1, 5, 3, key="seeds")
            seed = controls.seed()
        with three:
            pictures = recipes.data()
            width = controls.width()
    network = cifar(
        depth,
        width=width,
        norm=norm,
        init=init,
        version=version,
        shortcut=shortcut,
        zero_gamma=zero_gamma,
        in_channels=pictures.channels,
        classes=pictures.classes,
    )
    return GradientQuestion(network, pictures.config, TrainConfig(seed=seed, batch=BATCH), seeds, steps)


def reduction() -> tuple[ConvCost, tuple[ConvCost, ...]]:
    """Ask for a convolution, and for a 1x1 that first cuts its input channels. Gives the direct one and the chain."""
    one, two = st.columns(2)
    with one:
        side = link.ask(st.slider, say("Height and width (pixels)"), 1, 112, 28, key="side")
        kernel = link.step(say("Kernel (pixels)"), (1, 3, 5, 7), 5, "kernel")
    with two:
        before = link.ask(st.slider, say("Channels in"), 1, 512, 192, key="c_in")
        after = link.ask(st.slider, say("Channels out"), 1, 512, 32, key="c_out")
    reduced = link.ask(st.slider, say("Channels after the 1×1"), 1, 512, 16, key="reduce")
    return bottleneck_costs(side, side, before, after, kernel, reduced)


def bottleneck() -> tuple[ConvCost, tuple[ConvCost, ...]]:
    """Ask for a stage of ResNet-50. Gives a 3x3 at full width, and the bottleneck that replaces it."""
    stages = {"2": (56, 256), "3": (28, 512), "4": (14, 1024), "5": (7, 2048)}  # conv2_x ... conv5_x: pixels, channels
    words = say("stage {number} (conv{conv}_x)")
    names = {conv: words.format(number=number, conv=conv) for number, conv in enumerate(stages, start=1)}
    side, channels = stages[link.choose(st.segmented_control, say("Stage of ResNet-50"), names, "2", "stage")]
    return bottleneck_costs(side, side, channels, channels, 3, channels // ResNetConfig.EXPANSION, restore=True)


def network_to_count() -> tuple[ResNetConfig, int]:
    """Ask for a network by its paper's name and for a picture size in pixels."""
    one, two = st.columns(2)
    with one:
        names = {name: name for name in preset_names()}
        config = preset(link.choose(st.selectbox, say("Network"), names, "resnet50", "count_net"))
    sizes, usual = ((32, 64), 32) if config.stem == "cifar" else ((64, 128, 224, 320), 224)
    with two:
        size = link.step(say("Picture size (pixels)"), sizes, usual, f"px_{config.stem}")
    return config, size


def cost_view() -> tuple[Quantity, Grain]:
    """Ask which cost to draw, and whether per stage or per layer."""
    quantities: dict[Quantity, str] = {
        "macs": say("Multiplications"),
        "parameters": say("Parameters"),
        "activation_bytes": say("Activations"),
    }
    grains: dict[Grain, str] = {"stage": say("by stage"), "layer": say("by layer")}
    one, two = st.columns(2)
    with one:
        quantity = link.choose(st.segmented_control, say("Cost"), quantities, "macs", "cost")
    with two:
        grain = link.choose(st.segmented_control, say("One bar"), grains, "stage", "bars")
    return quantity, grain


def input_size(usual: int) -> int:
    """Ask at how many pixels the network sees the picture. Networks of different usual sizes keep answers apart."""
    return link.step(say("Picture size (pixels)"), (32, 64, 96, 128, 224), usual, f"map_size_{usual}")


def layer(report: PictureReport, *, drawn: bool = False) -> int:
    """Ask for the stem or a block, from 0. Where the network is `drawn` below, a click there chooses as well."""
    last = len(report.layers) - 1
    words = say("Layer: 0 is the stem, then every block")
    number = link.slider(words, 0, last, min(3, last), "layer") if last else 0  # a slider needs two ends
    name = layer_label(report.layers[number].name, say)
    sheet.ask("layer", words, f"{number}, {name}")
    st.caption(say("{layer} · or click a block below").format(layer=name) if drawn and not link.is_locked() else name)
    return number


def scale() -> Scale:
    """Ask for what the colours of a map are compared with."""
    names: dict[Scale, str] = {"unit": say("each map"), "layer": say("this layer"), "network": say("all layers")}
    return link.choose(st.segmented_control, say("One colour scale for"), names, "layer", "scale")


def channel(anatomy: BlockAnatomy) -> int:
    """Ask for a channel of a block, counted from 0."""
    last = len(anatomy.total) - 1
    return link.slider(say("Channel"), 1, last + 1, 1, "channel") - 1 if last else 0
