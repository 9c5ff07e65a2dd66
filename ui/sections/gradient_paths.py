"""Paths: the gradient that comes through few residual branches, and through many."""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core.questions.gradients import GradientPathsQuestion
from resnet_core.records.gradient_parts import GradientPathsReport
from ui import controls, figure, link
from ui.charts.gradient_paths import path_norms, path_shares, paths_alt, paths_table
from ui.charts.verdicts.gradient_paths import paths_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    st.header(say("Does the gradient come through the short paths or through the long ones?"))
    show("gradients/paths")
    question = _question()
    inquire("gradient_paths", "gradient-paths", question, _show)
    show_experiments({"gradient-paths": question})


def _show(record: GradientPathsReport) -> None:
    figure.draw(
        partial(path_shares, record, say),
        key="path_shares",
        alt=paths_alt(record, say),
        sentence=paths_verdict(record, say),
        table=paths_table(record, say),
    )
    st.markdown(say("The gradient norm that comes along one path, by its length"))
    figure.draw(partial(path_norms, record, say), key="path_norms", alt=paths_alt(record, say))


def _question() -> GradientPathsQuestion:
    usual = GradientPathsQuestion()
    one, two, three = st.columns(3)
    with one:
        depth = link.step(say("Depth (layers)"), (8, 20, 32, 56, 110), usual.network.layers, "paths_depth")
    with two:
        words = say("How many steps the network learns before its gradient is taken apart.")
        steps = link.step(say("Optimiser steps"), (0, 20, 60, 200), usual.steps, "paths_steps", words)
    with three:
        version = controls.version("paths_version")
    network = replace(usual.network, depths=((depth - 2) // 6,) * 3, version=version)
    return GradientPathsQuestion(network=network, steps=steps)
