"""Lesson 5: does a learned 1x1 convolution on every shortcut do better than passing x on as it is?"""

from resnet_core.questions.shortcuts import ShortcutKindsQuestion
from resnet_core.records.shortcuts import ShortcutKinds
from ui import lesson
from ui.charts.verdicts.shortcut_kinds import beside_identity
from ui.lesson import Lesson
from ui.sections import shortcut_kinds
from ui.text import say

QUESTION = ShortcutKindsQuestion()


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="shortcuts",
            options={
                "better": say("With a 1×1 convolution on every shortcut the network makes fewer errors."),
                "same": say("A 1×1 convolution on every shortcut makes no clear difference."),
                "worse": say("With a 1×1 convolution on every shortcut the network makes more errors."),
            },
            judge=judge,
            figures=shortcut_kinds.figures,
            experiment="shortcut-kinds",
            question=QUESTION,
            numbers={"layers": QUESTION.network.layers},
        )
    )


def judge(record: ShortcutKinds) -> str:
    """The errors with convolutions on all shortcuts beside those with identities, by the rule of `kinds_verdict`."""
    beside = beside_identity(record, "conv")
    return "" if beside is None else {1: "better", 0: "same", -1: "worse"}[beside]
