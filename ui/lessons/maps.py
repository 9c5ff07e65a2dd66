"""Lesson 10: does the share of zeros in the feature maps change from the first block to the last?"""

from resnet_core.records import PictureReport
from ui import lesson
from ui.charts.verdicts.zeros import with_depth
from ui.lesson import Lesson
from ui.sections import zeros
from ui.text import say


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="maps",
            options={
                "more": say("The last block leaves clearly more zeros than the first."),
                "same": say("The share of zeros stays about the same."),
                "fewer": say("The last block leaves clearly fewer zeros than the first."),
            },
            judge=judge,
            figures=zeros.figures,
            measure=zeros.measure,
        )
    )


def judge(record: PictureReport) -> str:
    """The share of zeros behind the last block beside that behind the first, by the rule of `zeros_verdict`."""
    change = with_depth(record)
    return "" if change is None else {-1: "fewer", 0: "same", 1: "more"}[change]
