"""Preconditioning: the curvature of the same network written as H(x) and as x + F(x)."""

from functools import partial

import streamlit as st

from resnet_core.questions.depth import PreconditioningQuestion
from resnet_core.records.depth import PreconditioningReport
from ui import controls, figure, link
from ui.charts.preconditioning import descents, descents_alt, preconditioning_table, spectra, spectra_alt
from ui.charts.verdicts.preconditioning import preconditioning_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

USUAL = PreconditioningQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("Is the loss easier to descend when a block is written as x + F(x)?"))
    show("residual/preconditioning")
    question = _question()
    inquire("preconditioning", "preconditioning", question, _show)
    show_experiments({"preconditioning": question})


def _question() -> PreconditioningQuestion:
    one, two, three = st.columns(3)
    with one:
        words = say("0: the network shall copy its input. 1: it shall rotate it at random.")
        label = say("Distance of the wanted map from the identity")
        far = link.step(label, (0.0, 0.1, 0.3, 0.5, 1.0), USUAL.far, "preconditioning_far", words)
    with two:
        blocks = link.step(say("Blocks of two layers"), (1, 2, 3, 4), USUAL.blocks, "preconditioning_blocks")
        init = controls.init("preconditioning_init", USUAL.init)
    with three:
        seeds = link.step(say("Number of seeds"), (1, 2, 3, 5, 10), USUAL.seeds, "preconditioning_seeds")
    return PreconditioningQuestion(far=far, blocks=blocks, init=init, seeds=seeds)


def _show(record: PreconditioningReport) -> None:
    left, right = st.columns(2)
    with left:
        figure.draw(partial(spectra, record, say), key="preconditioning_spectra", alt=spectra_alt(record, say))
    with right:
        figure.draw(partial(descents, record, say), key="preconditioning_descents", alt=descents_alt(record, say))
    figure.tell(preconditioning_verdict(record, say), preconditioning_table(record, say))
