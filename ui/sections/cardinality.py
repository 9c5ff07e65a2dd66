"""ResNeXt and wide networks at equal cost."""

from functools import partial

import streamlit as st

from resnet_core import TrainConfig
from resnet_core.questions.beyond import FAMILY, CardinalityQuestion, FamilyQuestion, WideQuestion
from resnet_core.records.beyond import FamilyReport
from resnet_core.records.contests import Contest
from ui import figure, link, measure, take_home
from ui.charts.cardinality import family_alt, family_bars, family_table, wiring, wiring_alt
from ui.charts.contests import contest_alt, contest_points, contest_table
from ui.charts.verdicts.cardinality import family_verdict, wiring_verdict
from ui.charts.verdicts.contests import contest_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

STEPS, SEEDS = (30, 90, 180, 360), (1, 2, 3, 5)
USUAL, USUAL_WIDE = CardinalityQuestion(), WideQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("ResNeXt: one cost, five ways to spend it"))
    show("beyond/family")
    family = FamilyQuestion(groups=_member())
    _draw_family(measure.short("resnext-family", family))
    take_home.offer("resnext_family", "resnext-family", family)

    st.header(say("Do more groups learn better at the same cost?"))
    show("beyond/cardinality")
    groups = _contest()
    inquire("cardinality", "cardinality", groups, _draw_cardinality)

    st.header(say("Wide and shallow, or deep and thin?"))
    show("beyond/wide")
    widths = _wide()
    inquire("wide", "wide", widths, figures)
    show_experiments({"resnext-family": family, "cardinality": groups, "wide": widths})


def _member() -> int:
    names = {str(groups): f"{groups}×{width}d" for groups, width in FAMILY}
    return int(link.choose(st.segmented_control, say("Groups × width"), names, "32", "cardinality_member"))


def _draw_family(report: FamilyReport) -> None:
    left, right = st.columns([5, 4], gap="large")
    with left:
        figure.draw(
            partial(family_bars, report, say),
            key="cardinality_family",
            alt=family_alt(report, say),
            sentence=family_verdict(report, say),
            table=family_table(report, say),
        )
    with right:
        figure.draw(
            partial(wiring, report, say),
            key="cardinality_wiring",
            alt=wiring_alt(report, say),
            sentence=wiring_verdict(report, say),
        )


def _contest() -> CardinalityQuestion:
    steps, seeds = _steps_and_seeds("cardinality", USUAL.training.steps, USUAL.seeds)
    return CardinalityQuestion(seeds=seeds, training=TrainConfig(steps=steps, batch=USUAL.training.batch))


def _wide() -> WideQuestion:
    steps, seeds = _steps_and_seeds("wide", USUAL_WIDE.training.steps, USUAL_WIDE.seeds)
    return WideQuestion(seeds=seeds, training=TrainConfig(steps=steps, batch=USUAL_WIDE.training.batch))


def _steps_and_seeds(name: str, steps: int, seeds: int) -> tuple[int, int]:
    one, two = st.columns(2)
    with one:
        steps = link.step(say("Steps"), STEPS, steps, f"{name}_steps")
    with two:
        seeds = link.step(say("Number of seeds"), SEEDS, seeds, f"{name}_seeds")
    return steps, seeds


def _draw_cardinality(record: Contest) -> None:
    _draw_contest(record, "cardinality", say("Groups × channels (stage 1)"))


def figures(record: Contest) -> None:
    """Draw both errors of the networks that are wide or deep, and what they say."""
    _draw_contest(record, "wide", say("Layers · channels of stage 1"))


def _draw_contest(record: Contest, name: str, axis: str) -> None:
    figure.draw(
        partial(contest_points, record, axis, say),
        key=f"{name}_points",
        alt=contest_alt(record, say),
        sentence=contest_verdict(record, say),
        table=contest_table(record, say),
    )
