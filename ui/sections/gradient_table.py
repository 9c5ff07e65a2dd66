"""The ratio table: how the gradient grows or shrinks for skip x BatchNorm x initialisation."""

from functools import partial

import numpy as np
import streamlit as st

from resnet_core.questions.gradients import GradientTableQuestion
from resnet_core.records.gradient_table import GradientTableReport
from ui import controls, figure, link
from ui.charts.switch_table import (
    switch_alt,
    switch_numbers,
    switch_table,
    training_alt,
    training_numbers,
    training_table,
)
from ui.charts.verdicts.gradient_table import switch_verdict, training_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    st.header(say("Which of the three switches makes the gradient vanish or explode?"))
    show("gradients/table")
    question = _question()
    inquire("gradient_table", "gradient-table", question, _show)
    show_experiments({"gradient-table": question})


def _show(record: GradientTableReport) -> None:
    figures(record)
    _in_training(record)


def figures(record: GradientTableReport) -> None:
    """Draw the table before the first step, and what it says."""
    st.markdown(say("First convolution's gradient over the last one's, before the first step"))
    figure.draw(
        partial(switch_table, record, say),
        key="switch_table",
        alt=switch_alt(record, say),
        sentence=switch_verdict(record, say),
        table=switch_numbers(record, say),
    )


def _in_training(record: GradientTableReport) -> None:
    if record.steps and np.isfinite(record.trained_losses).any():
        words = say(
            "The same ratio in training, at {depth} layers, as an exponent of ten: 0 is even, 2 a hundred times as "
            "large, −2 a hundredth"
        )
        st.markdown(words.format(depth=record.trained_depth))
        figure.draw(
            partial(training_table, record, say),
            key="switch_training",
            alt=training_alt(record, say),
            sentence=training_verdict(record, say),
            table=training_numbers(record, say),
        )


def _question() -> GradientTableQuestion:
    usual = GradientTableQuestion()
    one, two, three, four = st.columns([3, 3, 3, 4])
    with one:
        deepest = link.step(say("Deepest network (layers)"), usual.depths, usual.depths[-1], "gradient_table_deepest")
    with two:
        depths = (8, 20, 32, 56)
        depth = link.step(say("Depth in training (layers)"), depths, usual.trained_depth, "gradient_table_depth")
    with three:
        steps = link.step(say("Optimiser steps"), (0, 8, 32, 64), usual.steps, "gradient_table_steps")
    with four:
        version = controls.version("gradient_table_version")
    measured = tuple(known for known in usual.depths if known <= deepest)
    return GradientTableQuestion(depths=measured, trained_depth=depth, steps=steps, version=version)
