"""Lesson 11: which network suffers more when one block is taken out?"""

from functools import partial

from resnet_core.questions.lesions import LesionsQuestion
from resnet_core.records.lesions import Lesions
from ui import lesson
from ui.charts.verdicts.lesions import missed_more
from ui.lesson import Lesson
from ui.sections import lesions
from ui.text import say

QUESTION = LesionsQuestion()  # one plain network and one residual network


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="lesions",
            options={
                "plain": say("The plain network suffers more from the loss of one block."),
                "same": say("The loss of one block hurts both about equally."),
                "residual": say("The residual network suffers more from the loss of one block."),
            },
            judge=judge,
            figures=partial(lesions.figures, QUESTION.networks),
            experiment="lesions",
            question=QUESTION,
            numbers={"layers": QUESTION.networks[0].layers},
        )
    )


def judge(record: Lesions) -> str:
    """What one block less adds to the error, in the median over the blocks, by the rule of `single_verdict`."""
    pair = missed_more(record)
    if pair is None:
        return ""
    if not pair:
        return "same"
    return "plain" if QUESTION.networks[pair[-1]].is_plain else "residual"
