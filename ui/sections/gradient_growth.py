"""Growth per layer: what BatchNorm does to the gradient of a wide network without shortcuts."""

from functools import partial

import streamlit as st

from resnet_core.questions.gradients import GradientGrowthQuestion
from ui import figure, link, measure, take_home
from ui.charts.gradient_growth import growth_alt, growth_curves, growth_table
from ui.charts.verdicts.gradient_growth import growth_verdict
from ui.source import show_experiments
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    st.header(say("By how much does the gradient grow per layer?"))
    show("gradients/growth")
    question = _question()
    record = measure.short("gradient-growth", question)
    figure.draw(
        partial(growth_curves, record, say),
        key="growth_curves",
        alt=growth_alt(record, say),
        sentence=growth_verdict(record, say),
        table=growth_table(record, say),
    )
    take_home.offer("growth", "gradient-growth", question)
    show_experiments({"gradient-growth": question})


def _question() -> GradientGrowthQuestion:
    usual = GradientGrowthQuestion()
    one, two, three = st.columns(3)
    with one:
        names = {"relu": "ReLU", "linear": say("None (linear)")}
        activation = link.choose(st.segmented_control, say("Activation"), names, usual.activation, "growth_activation")
    with two:
        depth = link.step(say("Depth (layers)"), (20, 30, 50, 80), usual.depth, "growth_depth")
    with three:
        width = link.step(say("Width (units per layer)"), (50, 100, 200, 500), usual.width, "growth_width")
    return GradientGrowthQuestion(activation=activation, depth=depth, width=width)
