"""Lesson 7: does BatchNorm keep the gradient even in a deep network without shortcuts?"""

from resnet_core.questions.gradients import GradientTableQuestion
from resnet_core.records.gradient_table import GradientTableReport, Switches
from ui import lesson
from ui.charts.switch_table import EXPLODES
from ui.charts.verdicts.gradient_table import deepest, word_at_start
from ui.lesson import Lesson
from ui.sections import gradient_table
from ui.text import say

QUESTION = GradientTableQuestion()
ASKED = Switches(skip=False, norm=True, he=True)


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="gradients",
            options={
                "vanishes": say("It vanishes: the first layer gets a hundredth of the last one's gradient or less."),
                "even": say("It stays even: the first and the last layer are less than a hundred times apart."),
                "explodes": say("It explodes: the first layer gets a hundred times the last one's gradient or more."),
            },
            judge=judge,
            figures=gradient_table.figures,
            experiment="gradient-table",
            question=QUESTION,
            numbers={"count": 2 ** len(Switches._fields), "layers": max(QUESTION.depths), "far": f"{EXPLODES:g}"},
        )
    )


def judge(record: GradientTableReport) -> str:
    """What the plain network with BatchNorm and He's start does at the deepest depth, by `switch_verdict`'s rule.

    Nothing is decided before the deepest network is measured, or where its gradient is not finite.
    """
    place = deepest(record)
    if place is None or record.depths[place] < max(record.depths):
        return ""
    word = word_at_start(record, ASKED, place)
    return word if word in {"vanishes", "even", "explodes"} else ""
