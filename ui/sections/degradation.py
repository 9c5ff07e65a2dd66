"""Degradation: training and test error against depth."""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core import DataConfig
from resnet_core.questions.depth import DegradationQuestion
from resnet_core.records.depth import DegradationReport
from ui import controls, figure, link
from ui.charts.degradation import error_alt, error_by_depth, error_table
from ui.charts.verdicts.degradation import degradation_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (8, 20, 38, 56, 80, 110)
STEPS = (30, 60, 150, 400, 1000)
USUAL = DegradationQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("Does a deeper network learn the pictures it is shown any better?"))
    show("depth/degradation")
    question = _question()
    inquire("degradation", "degradation", question, figures)
    show_experiments({"degradation": question})


def _question() -> DegradationQuestion:
    one, two, three = st.columns(3)
    with one:
        deepest = link.step(say("Deepest network (layers)"), DEPTHS[1:], USUAL.depths[-1], "degradation_deep")
        norm = controls.norm("degradation_bn")
    with two:
        steps = link.step(say("Steps of each training"), STEPS, USUAL.training.steps, "degradation_steps")
        init = controls.init("degradation_init", "he")
    with three:
        seeds = link.step(say("Number of seeds"), (1, 2, 3, 5), USUAL.seeds, "degradation_seeds")
        pictures = {"digits": say("Handwritten digits"), "fashion": say("Clothes (Fashion-MNIST)")}
        name = link.choose(st.selectbox, say("Pictures"), pictures, "digits", "degradation_data")
    return DegradationQuestion(
        depths=tuple(depth for depth in DEPTHS if depth <= deepest),
        norm=norm,
        init=init,
        data=DataConfig(name="fashion" if name == "fashion" else "digits", size=8),
        training=replace(USUAL.training, steps=steps),
        seeds=seeds,
    )


def figures(record: DegradationReport) -> None:
    """Draw training and test error against depth, and what they say."""
    left, right = st.columns(2)
    with left:
        figure.draw(
            partial(error_by_depth, record, "train", say),
            key="degradation_train",
            alt=error_alt(record, "train", say),
        )
    with right:
        figure.draw(
            partial(error_by_depth, record, "test", say),
            key="degradation_test",
            alt=error_alt(record, "test", say),
        )
    figure.tell(degradation_verdict(record, say), error_table(record, say))
    words = say("Each network trained for {steps} steps. That is far from the end: what is slow here may still arrive.")
    figure.note(words.format(steps=record.steps))
