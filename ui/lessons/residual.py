"""Lesson 2: does F become nothing beside x as training goes on?"""

from resnet_core.questions.responses import ResponsesQuestion
from resnet_core.records.responses import ResponsesReport
from ui import lesson
from ui.charts.verdicts.responses import course
from ui.lesson import Lesson
from ui.sections import responses
from ui.text import say

QUESTION = ResponsesQuestion()
LAYERS = [network.layers for network in QUESTION.networks]


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="residual",
            options={
                "gone": say("F becomes nearly nothing beside x."),
                "smaller": say("F gets clearly smaller beside x, but it does not go to 0."),
                "stays": say("F does not get clearly smaller beside x."),
            },
            judge=judge,
            figures=responses.figures,
            experiment="responses",
            question=QUESTION,
            numbers={"count": len(QUESTION.networks), "shallow": min(LAYERS), "deep": max(LAYERS)},
        )
    )


def judge(record: ResponsesReport) -> str:
    """What training did to F in the deepest residual network, by the rule of `responses_verdict`."""
    residual = [place for place, network in enumerate(QUESTION.networks) if not network.is_plain]
    deepest = max(residual, key=lambda place: QUESTION.networks[place].layers)
    if len(record.networks) <= deepest:
        return ""
    ended = course(record.networks[deepest])
    if ended is None:
        return ""
    return {"gone": "gone", "shrank": "smaller"}.get(ended, "stays")
