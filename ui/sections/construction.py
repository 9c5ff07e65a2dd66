"""The construction: a deeper network that computes the same, and what training makes of it."""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core.questions.depth import ConstructionQuestion
from resnet_core.records.depth import ConstructionReport
from ui import controls, figure, link
from ui.charts.construction import growth_alt, growth_curves, growth_table
from ui.charts.verdicts.construction import construction_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (14, 20, 32, 44, 56)
STEPS = (20, 60, 200, 500)
USUAL = ConstructionQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("Is a network that was made deeper by layers that do nothing as good, and does it stay so?"))
    show("depth/construction")
    question = _question()
    inquire("construction", "construction", question, _show)
    show_experiments({"construction": question})


def _question() -> ConstructionQuestion:
    one, two, three = st.columns(3)
    with one:
        deep = link.step(say("Deep network (layers)"), DEPTHS, USUAL.deep, "construction_deep")
        norm = controls.norm("construction_bn")
    with two:
        after = link.step(say("Steps before and after it is built"), STEPS, USUAL.grow_after, "construction_steps")
        init = controls.init("construction_init", "he")
    with three:
        seeds = link.step(say("Number of seeds"), (1, 2, 3, 5), USUAL.seeds, "construction_seeds")
    return ConstructionQuestion(
        deep=deep,
        norm=norm,
        init=init,
        training=replace(USUAL.training, steps=2 * after),
        grow_after=after,
        seeds=seeds,
    )


def _show(record: ConstructionReport) -> None:
    for kind, (column, title) in enumerate(
        zip(st.columns(2), (say("Plain networks"), say("Residual networks")), strict=True)
    ):
        with column:
            st.markdown(f"##### {title}")
            figure.draw(
                partial(growth_curves, record, kind, say),
                key=f"construction_{kind}",
                alt=growth_alt(record, kind, say),
                sentence=construction_verdict(record, kind, say),
            )
    figure.tell(table=growth_table(record, say))
