"""The gradient of every convolution of a network and of its plain twin"""

from functools import partial

import streamlit as st

from resnet_core import gradient_flow, plain_twin
from ui import charts, figure, measure, questions
from ui.later import when_over
from ui.source import show_source
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    question = questions.gradients()
    gradients = measure.gradients((plain_twin(question.network), question.network), question)
    reports = gradients.reports()

    figure.draw(
        partial(charts.gradient_profile, reports, say),
        key="gradient_profile",
        alt=charts.gradient_alt(reports, say),
        sentence=charts.gradient_verdict(reports, say),
        table=charts.gradient_table(reports, say),
    )
    there = len(reports[question.network].seeds)
    if there < question.seeds and gradients.possible():
        words = say("{there} of {wanted} seeds so far. The others follow as soon as nobody waits for a first one.")
        st.caption(words.format(there=there, wanted=question.seeds))
        when_over(gradients.more_to_come)
    elif there < question.seeds:
        words = say("{there} of {wanted} seeds. The others could not be measured; reload the page to try again.")
        st.caption(words.format(there=there, wanted=question.seeds))

    st.subheader(say("What the papers say"))
    show("gradients/literature")
    show_source(gradient_flow)
