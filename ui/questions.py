"""Whole questions: which networks, which pictures, which recipe. Each gives the frozen values that an experiment takes."""

from typing import Literal, NamedTuple, get_args

import streamlit as st

from resnet_core import ConvCost, DataConfig, ResNetConfig, RunSpec, TrainConfig, cifar, race
from ui import controls, folders, link
from ui.controls import KEEP
from ui.text import say

Comparison = Literal["degradation", "two_by_two", "vanishing", "exploding", "own"]


class Pictures(NamedTuple):
    """What to learn from, as a network must know it."""

    config: DataConfig
    channels: int  # 1 gray, 3 colour
    classes: int


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
    comparison = link.choose(
        st.segmented_control,
        say("Comparison"),
        get_args(Comparison),
        "degradation",
        "race",
        format_func=lambda name: names[name],
    )
    own = st.container()
    with st.expander(say("Settings: pictures, recipe, seed"), icon=":material/tune:"):
        one, two, three = st.columns(3)
        with one:
            pictures = data()
        with two:
            width = controls.width()
        with three:
            seed = controls.seed()
        recipe = training(seed)
    shape = {"width": width, "in_channels": pictures.channels, "classes": pictures.classes}
    with own:
        networks = _own_networks(shape) if comparison == "own" else race(comparison, **shape)
    return RunSpec(networks=networks, data=pictures.config, training=recipe)


def data() -> Pictures:
    """Ask what to learn from."""
    names = {
        "fashion": say("Clothes (Fashion-MNIST)"),
        "digits": say("Handwritten digits"),
        "cifar10": say("CIFAR-10"),
        "folder": say("My own pictures"),
    }
    name = link.choose(
        st.selectbox, say("Pictures"), tuple(names), "fashion", "data", format_func=lambda option: names[option]
    )
    sizes, usual = _SIZES[name]
    size = st.select_slider(say("Picture size (pixels)"), sizes, usual, key=f"size_{name}", **KEEP)
    if name == "folder":
        return Pictures(*folders.own(size))
    if name == "cifar10":
        return Pictures(folders.cifar10(size), 3, 10)
    return Pictures(DataConfig(name=name, size=size), 1, 10)


_SIZES = {"fashion": ((8, 16, 28), 16), "digits": ((8, 16), 8), "cifar10": ((16, 32), 16), "folder": ((16, 32, 64), 32)}


def training(seed: int) -> TrainConfig:
    """Ask for the recipe."""
    one, two, three = st.columns(3)
    with one:
        steps = st.number_input(say("Steps"), 1, 2000, TrainConfig().steps, 10, key="steps", **KEEP)
        batch = st.select_slider(say("Batch (pictures per step)"), (16, 32, 64, 128), 64, key="batch", **KEEP)
        help_text = say("Shift each picture a little and mirror it at random.")
        augment = st.toggle(say("Augment"), False, key="augment", help=help_text, **KEEP)
    with two:
        rate = st.select_slider(say("Learning rate"), _RATES, 0.05, key="lr", **KEEP)
        words = {"sgd": say("SGD + momentum 0.9"), "adam": "Adam", "adamw": "AdamW"}
        optimiser = link.choose(
            st.selectbox, say("Optimiser"), ("sgd", "adam", "adamw"), "sgd", "opt", format_func=words.__getitem__
        )
    with three:
        shapes = {"constant": say("Constant"), "step": say("Divided by ten twice"), "cosine": say("Cosine")}
        schedule = link.choose(
            st.selectbox, say("Schedule"), tuple(shapes), "constant", "schedule", format_func=shapes.__getitem__
        )
        warm_up = st.number_input(say("Warm-up (steps)"), 0, 500, 0, 10, key="warm_up", **KEEP)
    return TrainConfig(
        steps=steps,
        batch=batch,
        optimiser=optimiser,
        learning_rate=rate,
        schedule=schedule,
        milestones=(max(1, steps // 2), max(1, steps * 3 // 4)) if schedule == "step" else (),
        warm_up=warm_up,
        augment=augment,
        seed=seed,
    )


_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def _own_networks(shape: dict[str, int]) -> tuple[ResNetConfig, ...]:
    count = st.segmented_control(say("How many networks"), (1, 2, 3, 4), default=2, key="count", required=True, **KEEP)
    networks = []
    for number, column in enumerate(st.columns(count, border=True), start=1):
        with column:
            depth = controls.depth(f"d{number}", 20)
            skip = controls.skip(f"s{number}", default=number > 1)
            norm = controls.norm(f"b{number}")
            networks.append(
                cifar(
                    depth,
                    plain=not skip,
                    norm=norm,
                    init=controls.init(f"i{number}"),
                    zero_gamma=controls.zero_gamma(f"z{number}", allowed=skip and norm == "batch"),
                    **shape,
                )
            )
    return tuple(networks)


def gradients() -> GradientQuestion:
    """Ask for a residual network, whose plain twin is measured beside it."""
    one, two, three = st.columns(3, vertical_alignment="bottom")
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
            steps = st.select_slider(say("After how many steps"), (0, 1, 5, 20), 0, key="after", **KEEP)
            seeds = st.slider(say("Number of seeds"), 1, 5, 3, key="seeds", **KEEP)
            seed = controls.seed()
        with three:
            pictures = data()
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
    return GradientQuestion(network, pictures.config, TrainConfig(seed=seed), seeds, steps)


def reduction() -> tuple[ConvCost, tuple[ConvCost, ConvCost]]:
    """Ask for a convolution, and for a 1x1 that first cuts its input channels. Gives the direct one and the pair."""
    one, two, three = st.columns(3)
    with one:
        side = st.slider(say("Height and width (pixels)"), 1, 112, 28, key="side", **KEEP)
        kernel = st.select_slider(say("Kernel"), (1, 3, 5, 7), 5, key="kernel", format_func=lambda k: f"{k}×{k}", **KEEP)
    with two:
        before = st.slider(say("Channels in"), 1, 512, 192, key="c_in", **KEEP)
        after = st.slider(say("Channels out"), 1, 512, 32, key="c_out", **KEEP)
    with three:
        reduced = st.slider(say("Channels after the 1×1"), 1, 512, 16, key="reduce", **KEEP)
    direct = ConvCost(side, side, after, kernel, before)
    return direct, (ConvCost(side, side, reduced, 1, before), ConvCost(side, side, after, kernel, reduced))
