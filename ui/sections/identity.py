"""Can SGD learn the identity? A stack of layers is trained to copy its input."""

from functools import partial

import streamlit as st

from resnet_core.questions.depth import IdentityQuestion, Start
from resnet_core.records.depth import IdentityReport
from ui import figure, link
from ui.charts.identity import copies, copies_alt, copy_alt, copy_error, copy_table
from ui.charts.verdicts.identity import identity_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (2, 4, 8, 16, 32, 64)
STEPS = (60, 120, 300, 1000)
USUAL = IdentityQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("Can a stack of layers that start at random learn to copy its input?"))
    show("depth/identity")
    question = _question()
    inquire("identity", "identity", question, _show)
    show_experiments({"identity": question})


def _question() -> IdentityQuestion:
    starts: dict[Start, str] = {
        "default": say("PyTorch default"),
        "he": say("He (2015)"),
        "zero": say("Branches at 0"),
    }
    start = link.choose(st.segmented_control, say("Initialisation"), starts, USUAL.start, "identity_start")
    one, two, three = st.columns(3)
    with one:
        deepest = link.step(say("Deepest stack (layers)"), DEPTHS[1:], USUAL.depths[-1], "identity_deep")
    with two:
        steps = link.step(say("Steps of each training"), STEPS, USUAL.steps, "identity_steps")
    with three:
        seeds = link.step(say("Number of seeds"), (1, 2, 3, 5), USUAL.seeds, "identity_seeds")
    depths = tuple(depth for depth in DEPTHS if depth <= deepest)
    return IdentityQuestion(depths=depths, start=start, steps=steps, seeds=seeds)


def _show(record: IdentityReport) -> None:
    figure.draw(
        partial(copy_error, record, say),
        key="identity_error",
        alt=copy_alt(record, say),
        sentence=identity_verdict(record, say),
        table=copy_table(record, say),
    )
    st.markdown(say("A test picture, and what the trained stacks make of it:"))
    figure.draw(partial(copies, record, say), key="identity_copies", alt=copies_alt(record, say))
