"""Which pixels speak for a class"""

from functools import partial

import streamlit as st

from resnet_core.questions.pictures import AttributionBaseline, AttributionsQuestion, AttributionTarget
from resnet_core.records.inside import AttributionReport
from ui import figure, link
from ui.charts.attributions import (
    attribution_grid,
    grid_alt,
    grid_table,
    similarity_alt,
    similarity_bars,
    similarity_table,
)
from ui.charts.labels import percent
from ui.charts.verdicts.attributions import completeness_verdict, similarity_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

STEPS = (8, 16, 64, 256)


def draw() -> None:
    """Draw the part."""
    st.header(say("Which pixels speak for the class?"))
    show("maps/attributions")
    question = _question()
    inquire("attributions", "attributions", question, partial(_show, number=_picture()))
    show_experiments({"attributions": question})


def _question() -> AttributionsQuestion:
    targets: dict[AttributionTarget, str] = {"predicted": say("the one it sees"), "label": say("the right one")}
    baselines: dict[AttributionBaseline, str] = {"black": say("black"), "mean": say("the mean")}
    usual = AttributionsQuestion()
    one, two, three = st.columns(3)
    with one:
        target = link.choose(st.segmented_control, say("Class"), targets, usual.target, "attr_target")
    with two:
        words = say("The picture that says nothing: where the integrals begin, and what occlusion covers with.")
        baseline = link.choose(st.segmented_control, say("Baseline"), baselines, usual.baseline, "attr_base", words)
    with three:
        steps = link.step(say("Steps of the integrals"), STEPS, usual.steps, "attr_steps")
    return AttributionsQuestion(target=target, baseline=baseline, steps=steps)


def _picture() -> int:
    """Which of the report's pictures, from 0."""
    return link.step(say("Test picture"), tuple(range(1, 11)), 1, "attr_picture") - 1


def _show(report: AttributionReport, number: int) -> None:
    picture = report.pictures[min(number, len(report.pictures) - 1)]
    left, right = st.columns([2, 5], gap="large")
    with left:
        figure.picture(picture.picture, alt=say("The picture that is explained."))
        words = say("It is: {label}. The network sees: {guess} ({share}). Explained: {target}.")
        figure.note(
            words.format(
                label=report.classes[picture.label],
                guess=report.classes[int(picture.scores.argmax())],
                share=percent(float(picture.scores.max())),
                target=report.classes[picture.target],
            )
        )
    with right:
        figure.draw(
            partial(attribution_grid, picture, say),
            key="attr_grid",
            alt=grid_alt(picture, say),
            sentence=completeness_verdict(picture, say),
            table=grid_table(picture, say),
        )
        figure.note(say("Each map has its own scale. Saliency has no sign: dark blue is 0, yellow its largest."))
    words = say("Would the untrained network's map look the same?")
    st.markdown(f"##### {words}")
    figure.draw(
        partial(similarity_bars, report, say),
        key="attr_similarity",
        alt=similarity_alt(report, say),
        sentence=similarity_verdict(report, say),
        table=similarity_table(report, say),
    )
    words = say("Mean over {count} pictures. The network names {share:.0%} of its test pictures rightly.")
    figure.note(words.format(count=len(report.pictures), share=report.accuracy))
