"""Lesson 12: for the same number of parameters, fewer and wider layers or more and narrower ones?"""

from resnet_core.questions.beyond import WideQuestion
from resnet_core.records.contests import Contest
from ui import lesson
from ui.charts.verdicts.contests import lowest
from ui.lesson import Lesson
from ui.sections import cardinality
from ui.text import say

QUESTION = WideQuestion()


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="beyond",
            options={
                "wide": say("The one with the fewest and widest layers has the lowest training error."),
                "between": say("One in between has the lowest training error."),
                "deep": say("The one with the most and narrowest layers has the lowest training error."),
                "same": say("Their training errors do not clearly differ."),
            },
            judge=judge,
            figures=cardinality.figures,
            experiment="wide",
            question=QUESTION,
            numbers={"count": len(QUESTION.depths), "fewest": min(QUESTION.depths), "most": max(QUESTION.depths)},
        )
    )


def judge(record: Contest) -> str:
    """The network with the lowest training error, if that is clearly below the highest, by `contest_verdict`'s rule."""
    best = lowest(record, "train")
    if best is None:
        return ""
    if not best:
        return "same"
    layers = record.layers[record.names.index(best)]
    return {min(record.layers): "wide", max(record.layers): "deep"}.get(layers, "between")
