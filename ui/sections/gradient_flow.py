"""The gradient of every convolution of a network and of its plain twin"""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from resnet_core import GradientReport, ResNetConfig, gradient_flow, plain_twin
from ui import charts, figure, link, measure, network_picker, questions
from ui.charts.network_plan import STEM
from ui.charts.shades import gradient_shade
from ui.later import when_over
from ui.source import show_source
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    question = questions.gradients()
    gradients = measure.gradients((plain_twin(question.network), question.network), question)
    reports = gradients.reports()

    network = question.network
    layers = (STEM, *(f"stages.{stage}.{n}" for stage, depth in enumerate(network.depths) for n in range(depth)))
    marked = link.kept("block", ("", *layers), "")
    figure.draw(
        partial(charts.gradient_profile, reports, say, marked=marked),
        key="gradient_profile",
        alt=charts.gradient_alt(reports, say),
    )
    _pick(reports, network, question.data.size, layers, marked)
    figure.tell(charts.gradient_verdict(reports, say), charts.gradient_table(reports, say))
    there = len(reports[network].seeds)
    if there < question.seeds and gradients.possible():
        words = say("{there} of {wanted} seeds so far. The others follow as soon as nobody waits for a first one.")
        figure.note(words.format(there=there, wanted=question.seeds))
        when_over(gradients.more_to_come)
    elif there < question.seeds:
        words = say("{there} of {wanted} seeds. The others could not be measured; reload the page to try again.")
        figure.note(words.format(there=there, wanted=question.seeds))

    st.header(say("What the papers say"))
    show("gradients/literature")
    show_source(gradient_flow)


def _pick(
    reports: Mapping[ResNetConfig, GradientReport],
    network: ResNetConfig,
    size: int,
    layers: tuple[str, ...],
    marked: str,
) -> None:
    """Draw one of the networks, coloured by these gradients, to mark a block in the figure above."""

    def mark(block: str) -> None:
        st.session_state["block"] = "" if block == marked else block

    if not link.is_locked():
        words = say("Click a block of {network} to find it in the figure.")
        st.markdown(words.format(network=charts.network_label(network, say)))
    shade = gradient_shade(reports[network], say)
    network_picker.draw(network, size, shade, key="profile_drawing", chosen=marked, layers=layers, pick=mark)
    if words := charts.block_in_words(reports, marked, say):
        figure.words(words)
