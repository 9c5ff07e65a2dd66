"""Lesson 9: is the basin around the residual network larger than the one around its plain twin?"""

from functools import partial

from resnet_core.questions.surface import LossSurfaceQuestion
from resnet_core.records.surface import LossSurface
from ui import lesson
from ui.charts.verdicts.surface import CLEAR, larger_basin
from ui.lesson import Lesson
from ui.sections import loss_surface
from ui.text import say


def draw() -> None:
    """Draw the lesson."""
    question = LossSurfaceQuestion()
    lesson.draw(
        Lesson(
            name="surface",
            options={
                "residual": say("The residual network lies in the clearly larger basin."),
                "same": say("There is no clear difference between the two basins."),
                "plain": say("The plain network lies in the clearly larger basin."),
            },
            judge=judge,
            figures=partial(loss_surface.figures, question.networks, "map"),
            experiment="loss-surface",
            question=question,
            numbers={"layers": question.networks[0].layers, "clear": CLEAR},
        )
    )


def judge(record: LossSurface) -> str:
    """Which of the two, plain first and residual second, has the larger basin, by the rule of `surface_verdict`."""
    larger = larger_basin(record)
    return "" if larger is None else {1: "plain", 0: "same", -1: "residual"}[larger]
