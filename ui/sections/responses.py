"""How small is F? The size of what each block adds."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from resnet_core.questions.responses import ResponsesQuestion
from resnet_core.records.responses import ResponsesReport
from ui import figure, link
from ui.charts.responses import Quantity, response_course, response_profile, responses_alt, responses_table
from ui.charts.verdicts.responses import responses_verdict
from ui.inquiry import inquire
from ui.sections import trained_longer
from ui.source import show_experiments
from ui.text import say, show

USUAL = ResponsesQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("How large is F beside x, and does training make it small?"))
    show("residual/responses")
    kept = trained_longer.choose("responses")
    question = _question() if kept is None else kept.question
    names: dict[Quantity, str] = {
        "ratio": say("F beside x"),
        "cosine": say("Their angle"),
        "response": say("Responses (Fig. 7)"),
    }
    quantity = link.choose(st.segmented_control, say("What to look at"), names, "ratio", "responses_view")
    show_these = partial(figures, question=question, quantity=quantity)
    if kept is None:
        inquire("responses", "responses", question, show_these)
        show_experiments({"responses": question})
    else:
        trained_longer.draw(kept, show_these)


def figures(record: ResponsesReport, question: ResponsesQuestion = USUAL, quantity: Quantity = "ratio") -> None:
    """Draw one quantity in every block or layer at one look, what follows from it, and its course over training."""
    if not record.networks:
        return
    whole = len(record.networks) == len(question.networks) and not np.isnan(record.networks[-1].losses).any()
    place = None  # while it is measured: each network as it was last seen
    if whole and question.steps:
        look = link.step(say("After how many steps"), record.steps, record.steps[-1], "responses_look")
        place = record.steps.index(look)
    networks = question.networks
    figure.draw(
        partial(response_profile, networks, record, quantity, place, say),
        key="response_profile",
        alt=responses_alt(networks, record, quantity, place, say),
        sentence=responses_verdict(networks, record, quantity, say),
        table=responses_table(networks, record, quantity, say),
    )
    if question.steps:
        st.markdown(say("Over training: the median of each network"))
        figure.draw(
            partial(response_course, networks, record, quantity, say),
            key="response_course",
            alt=responses_alt(networks, record, quantity, None, say),
        )


def _question() -> ResponsesQuestion:
    one, two, three = st.columns(3)
    with one:
        words = say("The paper compares by depth: this one is set beside 20 layers.")
        depth = link.step(say("Depth of the deeper pair"), (32, 44, 56), 56, "responses_depth", words)
    with two:
        steps = link.step(say("Optimiser steps"), (0, 20, 60, 120, 300), USUAL.steps, "responses_steps")
    with three:
        starts = {"usual": say("Gamma 1"), "zero": say("Zero-gamma")}
        words = say("With zero-gamma every F starts at exactly 0. Plain networks have no such start.")
        start = link.choose(st.segmented_control, say("Branches start with"), starts, "usual", "responses_start", words)
    networks = []
    for config in USUAL.networks:
        blocks = config.depths[0] if config.layers == 20 else (depth - 2) // 6
        zero = start == "zero" and not config.is_plain
        networks.append(replace(config, depths=(blocks,) * 3, zero_gamma=zero))
    return ResponsesQuestion(networks=tuple(networks), steps=steps)
