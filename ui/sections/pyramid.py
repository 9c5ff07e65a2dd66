"""C2 to C5 of a picture, as a detector's backbone sees it."""

from functools import partial
from typing import cast

import streamlit as st

from resnet_core.questions.beyond import SAMPLES, Backbone, PyramidQuestion, Weights
from resnet_core.records.beyond import PyramidReport
from ui import controls, figure, link, measure, official, take_home
from ui.charts.pyramid import (
    anchors,
    anchors_alt,
    level_alt,
    level_maps,
    level_table,
    top_down_alt,
    top_down_sum,
)
from ui.charts.verdicts.pyramid import anchor_verdict, level_verdict, top_down_verdict
from ui.source import show_experiments
from ui.text import say, show

CHANNELS = range(1, PyramidQuestion.CHANNELS + 1)
SIZES = (128, 256, 512)  # pixels


def draw() -> None:
    """Draw the part."""
    st.header(say("What a backbone hands to a detector"))
    show("beyond/pyramid")
    question = _question()
    if question is None:
        return
    if question.weights == "random":
        words = say(
            "The weights are random, those of a network that has learned nothing: what shows is how the pyramid is "
            "wired, and how much of the picture survives at each level, not what a trained detector finds."
        )
    else:
        words = say(
            "The backbone has learned ImageNet's classes. The 1×1 of the pyramid below are random all the same: no "
            "detector has been trained here."
        )
    st.info(words, icon=":material/info:")
    report = measure.short("feature-pyramid", question)
    _draw_levels(report)

    st.header(say("From the top down: add the coarse to the fine"))
    show("beyond/sums")
    _draw_sum(report)

    st.header(say("The anchors of one cell"))
    show("beyond/anchors")
    _draw_anchors(report)
    take_home.offer("feature_pyramid", "feature-pyramid", question)
    show_experiments({"feature-pyramid": question})


def _question() -> PyramidQuestion | None:
    """What is asked. None while the weights that a visitor wants are not here."""
    pictures = {"cat": say("Cat"), "coffee": say("Coffee"), "rocket": say("Rocket"), "edges": say("Edges")}
    one, two, three = st.columns([5, 4, 4])
    with one:
        shipped = {name: pictures[name] for name in SAMPLES}
        picture = link.choose(st.segmented_control, say("Picture"), shipped, "cat", "pyramid_picture")
    with two:
        kinds: dict[Weights, str] = {"random": say("random"), "imagenet": say("ImageNet")}
        weights = link.choose(st.segmented_control, say("Weights"), kinds, "random", "pyramid_weights")
    with three:
        backbone = _backbone(weights)
    with st.expander(say("More switches: picture size, channel, seed"), icon=":material/tune:"):
        one, two, three = st.columns(3)
        with one:
            size = link.step(say("Picture size (pixels)"), SIZES, PyramidQuestion().size, "pyramid_size")
        with two:
            channel = link.whole_number(say("Channel of the top-down path"), CHANNELS, 1, "pyramid_channel") - 1
        with three:
            seed = controls.seed()
    if backbone is None:
        return None
    return PyramidQuestion(picture=picture, backbone=backbone, weights=weights, size=size, channel=channel, seed=seed)


def _backbone(weights: Weights) -> Backbone | None:
    if weights == "imagenet":
        source = official.choose()
        return None if source is None else cast(Backbone, source.official)
    networks: dict[Backbone, str] = {
        "resnet18": "ResNet-18",
        "resnet34": "ResNet-34",
        "resnet50": "ResNet-50",
        "resnext50_32x4d": "ResNeXt-50 32×4d",
    }
    return link.choose(st.selectbox, say("Architecture"), networks, "resnet18", "pyramid_net")


def _draw_levels(report: PyramidReport) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        words = say("What the network sees")
        figure.picture(report.picture, words, alt=say("The picture, cut to a square."))
    with right:
        figure.draw(partial(level_maps, report, say), key="pyramid_levels", alt=level_alt(report, say))
    figure.tell(level_verdict(report, say), level_table(report, say))


def _draw_sum(report: PyramidReport) -> None:
    names = {str(level + 2): f"P{level + 2}" for level in reversed(range(len(report.sums)))}
    level = int(link.choose(st.segmented_control, say("Level"), names, "3", "pyramid_sum")) - 2
    figure.draw(
        partial(top_down_sum, report, level, say),
        key="pyramid_sums",
        alt=top_down_alt(report, level, say),
        sentence=top_down_verdict(report, level, say),
    )


def _draw_anchors(report: PyramidReport) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        names = {str(level + 2): f"P{level + 2}" for level in range(len(report.levels))}
        level = int(link.choose(st.segmented_control, say("Level"), names, "4", "pyramid_level")) - 2
        side = report.levels[level].side
        usual = side // 2
        column = link.slider(say("Column of the cell"), 1, side, usual, f"pyramid_column{level + 2}") - 1
        row = link.slider(say("Row of the cell"), 1, side, usual, f"pyramid_row{level + 2}") - 1
        figure.tell(anchor_verdict(report, level, say))
    with right:
        figure.draw(
            partial(anchors, report, level, (column, row), say),
            key="pyramid_anchors",
            alt=anchors_alt(report, level, (column, row), say),
        )
