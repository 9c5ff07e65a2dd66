"""Lesson 6: which makes fewer mistakes at equal cost, basic blocks or bottlenecks?"""

from resnet_core.questions.blocks import BlockKindsQuestion
from resnet_core.records.contests import Contest
from ui import lesson
from ui.charts.verdicts.contests import lowest
from ui.lesson import Lesson
from ui.sections import block_kinds
from ui.text import say


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="blocks",
            options={
                "basic": say("The network of basic blocks makes fewer mistakes in the test."),
                "bottleneck": say("The network of bottlenecks makes fewer mistakes in the test."),
                "same": say("There is no clear difference between the two in the test."),
            },
            judge=judge,
            figures=block_kinds.figures,
            experiment="block-kinds",
            question=BlockKindsQuestion(),
        )
    )


def judge(record: Contest) -> str:
    """The network whose test error is clearly the lower one at the end, by the rule of `contest_verdict`."""
    best = lowest(record, "test")
    return "" if best is None else best or "same"
