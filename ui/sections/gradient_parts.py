"""The formula, measured: the gradient at every block, through the shortcut and through the branch."""

from dataclasses import replace
from functools import partial
from typing import Literal

import streamlit as st

from resnet_core import TrainConfig
from resnet_core.questions.gradients import GradientPartsQuestion
from resnet_core.records.gradient_parts import GradientPartsReport
from ui import controls, figure, link, measure, take_home
from ui.charts.gradient_parts import (
    factor_histogram,
    formula_errors,
    part_angles,
    parts_alt,
    parts_profile,
    parts_table,
    variant_label,
)
from ui.charts.verdicts.gradient_parts import (
    angle_verdict,
    factor_verdict,
    formula_verdict,
    parts_verdict,
    whole_verdict,
)
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

View = Literal["parts", "error", "angle", "factor", "whole"]


def draw() -> None:
    """Draw the part."""
    st.header(say("Does the gradient at a block divide as the formula says?"))
    show("gradients/formula")
    question = _question()
    view, chosen = _view(question)
    show_it = partial(_show, question=question, view=view, chosen=chosen)
    if question.steps:
        inquire("gradient_parts", "gradient-parts", question, show_it)
    else:
        show_it(measure.short("gradient-parts", question))
        take_home.offer("gradient_parts", "gradient-parts", question)
    show_experiments({"gradient-parts": question})


def _show(record: GradientPartsReport, question: GradientPartsQuestion, view: View, chosen: int) -> None:
    measured = list(zip(question.networks, record.networks, strict=False))
    if chosen >= len(measured):
        st.caption(say("This network is still to be measured."))
        return
    config, found = measured[chosen]
    table = parts_table(found, say)
    if view == "parts":
        drawing, sentence = partial(parts_profile, found, say), parts_verdict(config, found, say)
    elif view == "error":
        drawing, sentence = partial(formula_errors, measured, say), formula_verdict(measured, say)
    elif view == "angle":
        drawing, sentence = partial(part_angles, measured, say), angle_verdict(measured, say)
    elif view == "factor":
        drawing, sentence = partial(factor_histogram, measured, say), factor_verdict(measured, say)
    else:
        drawing, sentence = partial(factor_histogram, measured, say, whole=True), whole_verdict(measured, say)
    figure.draw(drawing, key=f"parts_{view}", alt=parts_alt(measured, say), sentence=sentence, table=table)


def _question() -> GradientPartsQuestion:
    usual = GradientPartsQuestion()
    one, two, three, four = st.columns([3, 3, 4, 3])
    with one:
        depth = link.step(say("Depth (layers)"), (8, 20, 32, 56), 56, "parts_depth")
    with two:
        words = say("How many steps each network learns before it is measured. Some tens of seconds for 30.")
        steps = link.step(say("Optimiser steps"), (0, 10, 30, 100), usual.steps, "parts_steps", words)
    with three:
        init = controls.init("parts_init", "he")
    with four:
        norm = controls.norm("parts_bn")
    blocks = (depth - 2) // 6
    networks = tuple(replace(config, depths=(blocks,) * 3, init=init, norm=norm) for config in usual.networks)
    return GradientPartsQuestion(networks=networks, steps=steps, training=TrainConfig(batch=32, learning_rate=0.02))


def _view(question: GradientPartsQuestion) -> tuple[View, int]:
    names: dict[View, str] = {
        "parts": say("The two parts"),
        "error": say("How far off"),
        "angle": say("Their angle"),
        "factor": say("The factor"),
        "whole": say("All blocks"),
    }
    view = link.choose(st.segmented_control, say("What to look at"), names, "parts", "parts_view")
    if view != "parts":
        return view, 0
    labels = {str(place): variant_label(config, say) for place, config in enumerate(question.networks)}
    return view, int(link.choose(st.segmented_control, say("Network"), labels, "0", "parts_network"))
