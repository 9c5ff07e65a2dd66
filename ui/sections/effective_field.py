"""How much of a picture one unit really uses"""

from functools import partial

import streamlit as st

from resnet_core.questions.pictures import EffectiveFieldQuestion, FieldInputs
from resnet_core.records.inside import FieldReport, UnitField
from ui import controls, figure, link
from ui.charts.effective_field import (
    field_pair,
    field_profile,
    field_sizes,
    pair_alt,
    profile_alt,
    sizes_alt,
    sizes_table,
)
from ui.charts.verdicts.effective_field import depth_verdict, pair_verdict, profile_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = EffectiveFieldQuestion().depths
TRAINED = "trained"


def draw() -> None:
    """Draw the part."""
    st.header(say("How much of what it could see does a unit use?"))
    show("maps/effective_field")
    question = _question()
    inquire("field", "effective-field", question, partial(_show, view=_view()))
    show_experiments({"effective-field": question})


def _question() -> EffectiveFieldQuestion:
    inputs: dict[FieldInputs, str] = {"noise": say("Noise"), "pictures": say("Test pictures")}
    one, two = st.columns(2, vertical_alignment="center")
    with one:
        chosen = link.choose(st.segmented_control, say("What the networks look at"), inputs, "noise", "field_inputs")
    with two:
        norm = controls.norm("field_bn")
    return EffectiveFieldQuestion(inputs=chosen, norm=norm)


def _view() -> str:
    """Which pair of networks: those of a depth, or those that were trained."""
    depths = {str(depth): say("Depth {depth}").format(depth=depth) for depth in DEPTHS}
    names = depths | {TRAINED: say("After training")}
    return link.choose(st.segmented_control, say("Look at"), names, str(DEPTHS[-2]), "field_view")


def _show(report: FieldReport, view: str) -> None:
    pair = _pair(report, view)
    if pair is None:
        st.caption(say("This pair has not been measured yet."))
    else:
        figure.draw(
            partial(field_pair, pair, say),
            key="field_pair",
            alt=pair_alt(pair, say),
            sentence=pair_verdict(*pair, say),
        )
        figure.note(say("The panel is what the unit could see; the dashed square has as many pixels as it uses."))
        words = say("A bell, not a box")
        st.markdown(f"##### {words}")
        figure.draw(
            partial(field_profile, pair, say),
            key="field_profile",
            alt=profile_alt(pair, say),
            sentence=profile_verdict(*pair, say),
        )
    words = say("With depth, and after training")
    st.markdown(f"##### {words}")
    figure.draw(
        partial(field_sizes, report, say),
        key="field_sizes",
        alt=sizes_alt(report, say),
        sentence=depth_verdict(report, say),
        table=sizes_table(report, say),
    )
    if report.after:
        figure.note(say("Crosses: the same networks after training."))


def _pair(report: FieldReport, view: str) -> tuple[UnitField, UnitField] | None:
    """Plain and residual, where both are there."""
    fields = report.after if view == TRAINED else [field for field in report.fresh if str(field.depth) == view]
    return (fields[0], fields[1]) if len(fields) == 2 else None
