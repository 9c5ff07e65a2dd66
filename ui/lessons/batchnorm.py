"""Lesson 8: does BatchNorm let a network train with more learning rates?"""

from resnet_core.questions.norm import NormRatesQuestion
from resnet_core.records.norm import NormRates
from ui import lesson
from ui.charts.verdicts.norm_rates import rates_ahead
from ui.lesson import Lesson
from ui.sections import norm_rates
from ui.text import say

QUESTION = NormRatesQuestion()


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="batchnorm",
            options={
                "wider": say("With BatchNorm it trains with more of the learning rates."),
                "same": say("BatchNorm makes no clear difference to how many of the learning rates train it."),
                "narrower": say("With BatchNorm it trains with fewer of the learning rates."),
            },
            judge=judge,
            figures=norm_rates.figures,
            experiment="norm-rates",
            question=QUESTION,
            numbers={
                "count": len(QUESTION.rates),
                "lowest": f"{min(QUESTION.rates):g}",
                "highest": f"{max(QUESTION.rates):g}",
            },
        )
    )


def judge(record: NormRates) -> str:
    """Which of the two trains with more of the rates, by the rule of `rates_verdict`."""
    ahead = rates_ahead(record, 0)
    return "" if ahead is None else {1: "wider", 0: "same", -1: "narrower"}[ahead]
