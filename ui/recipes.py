"""What every training run is asked for: pictures and recipe."""

from typing import NamedTuple

import streamlit as st

from resnet_core import DataConfig, DataName, OptimiserKind, ScheduleKind, TrainConfig
from ui import folders, link
from ui.text import say

SIZES = {"fashion": ((8, 16, 28), 16), "digits": ((8, 16), 8), "cifar10": ((16, 32), 16), "folder": ((16, 32, 64), 32)}
BATCHES = (16, 32, 64, 128)
MOST_STEPS, MOST_WARM_UP = 2000, 500
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


class Pictures(NamedTuple):
    """What to learn from, as a network must know it."""

    config: DataConfig
    channels: int  # 1 gray, 3 colour
    classes: int


def data() -> Pictures:
    """Ask what to learn from.

    Raises:
        DataError: the pictures are not there yet, or not what they should be.
    """
    names: dict[DataName, str] = {
        "fashion": say("Clothes (Fashion-MNIST)"),
        "digits": say("Handwritten digits"),
        "cifar10": say("CIFAR-10"),
        "folder": say("My own pictures"),
    }
    name = link.choose(st.selectbox, say("Pictures"), names, "fashion", "data")
    sizes, usual = SIZES[name]
    size = link.step(say("Picture size (pixels)"), sizes, usual, f"size_{name}")
    if name == "folder":
        return Pictures(*folders.own(size))
    if name == "cifar10":
        return Pictures(folders.cifar10(size), 3, 10)
    return Pictures(DataConfig(name=name, size=size), 1, 10)


def training(seed: int) -> TrainConfig:
    """Ask for the recipe."""
    one, two, three = st.columns(3)
    with one:
        steps = link.ask(st.number_input, say("Steps"), 1, MOST_STEPS, TrainConfig().steps, 10, key="steps")
        batch = link.step(say("Batch (pictures per step)"), BATCHES, 64, "batch")
        words = say("Shift each picture a little and mirror it at random.")
        augment = link.ask(st.toggle, say("Augment"), False, key="augment", help=words)
    with two:
        rate = link.step(say("Learning rate"), RATES, 0.05, "lr")
        kinds: dict[OptimiserKind, str] = {"sgd": say("SGD + momentum 0.9"), "adam": "Adam", "adamw": "AdamW"}
        optimiser = link.choose(st.selectbox, say("Optimiser"), kinds, "sgd", "opt")
    with three:
        shapes: dict[ScheduleKind, str] = {
            "constant": say("Constant"),
            "step": say("Divided by ten twice"),
            "cosine": say("Cosine"),
        }
        schedule = link.choose(st.selectbox, say("Schedule"), shapes, "constant", "schedule")
        warm_up = link.ask(st.number_input, say("Warm-up (steps)"), 0, MOST_WARM_UP, 0, 10, key="warm_up")
    return TrainConfig(
        steps=steps,
        batch=batch,
        optimiser=optimiser,
        learning_rate=rate,
        schedule=schedule,
        milestones=milestones(steps) if schedule == "step" else (),
        warm_up=warm_up,
        augment=augment,
        seed=seed,
    )


def milestones(steps: int) -> tuple[int, int]:
    """Where the learning rate is divided by ten: after a half and three quarters of the steps."""
    return max(1, steps // 2), max(1, steps * 3 // 4)
