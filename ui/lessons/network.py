"""Lesson 4: where in a ResNet do the weights sit?"""

from functools import partial

import streamlit as st

from resnet_core import CostReport, preset
from ui import cache, charts, figure, lesson
from ui.charts import network_plan
from ui.charts.shades import cost_shade
from ui.charts.verdicts.costs import largest_stage
from ui.lesson import Lesson
from ui.text import say

NETWORK, SIZE = "resnet18", 224


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="network",
            options={
                "early": say("In the stem and the early stages, where the maps are large."),
                "last": say("In the last stage, where the maps are small."),
                "head": say("In the fully connected layer at the end."),
            },
            judge=judge,
            figures=_figures,
            measure=lambda: cache.cost_report(preset(NETWORK), SIZE),
        )
    )


def judge(record: CostReport) -> str:
    """Where the largest share of the parameters is; a lead of less than 5 % decides nothing, as in `stage_verdict`."""
    largest = largest_stage(record, "parameters")
    last = max((layer.stage for layer in record.layers if layer.stage.isdigit()), key=int)
    return {"": "", "head": "head", last: "last"}.get(largest, "early")


def _figures(record: CostReport) -> None:
    data = network_plan.plan(preset(NETWORK), record, cost_shade(record, "parameters", say), say)
    figure.network(data, key="drawing_lesson", block="stages.0.0")
    left, right = st.columns(2)
    with left:
        weights = partial(charts.cost_bars, record, "parameters", say, by="stage")
        words = charts.cost_alt(record, "parameters", say)
        figure.draw(weights, "lesson_weights", words, charts.stage_verdict(record, "parameters", say))
    with right:
        macs = partial(charts.cost_bars, record, "macs", say, by="stage")
        words = charts.cost_alt(record, "macs", say)
        figure.draw(macs, "lesson_macs", words, charts.stage_verdict(record, "macs", say))
