"""Lesson 1: are deeper plain networks worse on the very pictures that they learn from?"""

from resnet_core.questions.depth import DegradationQuestion
from resnet_core.records.depth import DegradationReport
from ui import lesson
from ui.charts.verdicts.degradation import with_depth
from ui.lesson import Lesson
from ui.sections import degradation
from ui.text import say

QUESTION = DegradationQuestion()


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="depth",
            options={
                "better": say("The deepest plain network learns its training pictures best."),
                "same": say("Depth makes no clear difference on the training pictures."),
                "worse": say("The deepest plain network is worse on its own training pictures."),
            },
            judge=judge,
            figures=degradation.figures,
            experiment="degradation",
            question=QUESTION,
            numbers={"shallowest": min(QUESTION.depths), "deepest": max(QUESTION.depths)},
        )
    )


def judge(record: DegradationReport) -> str:
    """The plain networks' training error with depth, by the rule of `degradation_verdict`."""
    return {1: "worse", 0: "same", -1: "better", None: ""}[with_depth(record, 0)]
