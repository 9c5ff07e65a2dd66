"""Shattered gradients: how alike are the gradients at neighbouring inputs?"""

from functools import partial

import streamlit as st

from resnet_core.questions.gradients import ShatteredQuestion
from ui import figure, link, measure, take_home
from ui.charts.shattered import (
    correlation_curves,
    correlations_alt,
    correlations_table,
    gradient_traces,
    traces_alt,
)
from ui.charts.verdicts.shattered import shattered_verdict
from ui.source import show_experiments
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    st.header(say("How alike are the gradients at neighbouring inputs?"))
    show("gradients/shattered")
    question = _question()
    record = measure.short("shattered-gradients", question)
    figure.draw(partial(gradient_traces, record, say), key="shattered_traces", alt=traces_alt(record, say))
    figure.draw(
        partial(correlation_curves, record, say),
        key="shattered_correlations",
        alt=correlations_alt(record, say),
        sentence=shattered_verdict(record, say),
        table=correlations_table(record, say),
    )
    take_home.offer("shattered", "shattered-gradients", question)
    show_experiments({"shattered-gradients": question})


def _question() -> ShatteredQuestion:
    usual = ShatteredQuestion()
    one, two, three = st.columns(3)
    with one:
        plain = link.step(say("Depth of the plain network"), (6, 12, 24, 48), usual.plain_depth, "shattered_plain")
    with two:
        depths = (12, 24, 50, 100)
        residual = link.step(say("Depth of the residual network"), depths, usual.residual_depth, "shattered_residual")
    with three:
        words = say("The factor before each branch in the second residual network.")
        beta = link.step(say("β"), (0.05, 0.1, 0.2, 0.5), usual.beta, "shattered_beta", words)
    return ShatteredQuestion(plain_depth=plain, residual_depth=residual, beta=beta)
