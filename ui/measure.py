"""Measurements that a page asks for. They are made in the processes that train, each once for the whole class."""

import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

import resnet_core
from resnet_core import ConvCost, GradientReport, LayerTime, ResNetConfig, catalogue
from ui import sheet
from ui.answers import Answers
from ui.questions import GradientQuestion
from ui.text import say

LOOK = 0.1  # seconds between two looks whether the visitor has clicked on
TURNS, SECONDS = 15, 1.0  # that a group of convolutions is timed at most
AT_ONCE = 0.3  # seconds that a page waits for its times before it is shown without them

_gradients = Answers(places=2, most=1024)
_short = Answers(places=2, most=256)
_times = Answers(places=1, most=128)


class Gradients(NamedTuple):
    """What reaches the layers of some networks, seed by seed. See `gradients`, which waits for the first."""

    networks: tuple[ResNetConfig, ...]
    question: GradientQuestion

    def there(self) -> int:
        """How many seeds are there, counted from the first to the first that is missing."""
        missing = (n for n in range(self.question.seeds) if not all(_gradients.has(*call) for call in self._calls(n)))
        return next(missing, self.question.seeds)

    def more_to_come(self) -> bool:
        """Whether further seeds will follow. Asks for the next one, unless others wait for their first."""
        there = self.there()
        if there == self.question.seeds or not self.possible():
            return False
        if not _gradients.busy:
            self.ask(there)
        return True

    def possible(self) -> bool:
        """Whether the next seed has not just failed. True also when none is missing any more."""
        return not any(_gradients.failed(*call) for call in self._calls(self.there()))

    def reports(self) -> dict[ResNetConfig, GradientReport]:
        """The gradients of each network, for as many seeds as are there, counted from the recipe's own.

        Raises:
            Exception: what the measurement of the first seed raised.
        """
        answers = zip(*(self.ask(number) for number in range(max(1, self.there()))), strict=True)
        return {
            network: _together([answer.result() for answer in answers_of_one])
            for network, answers_of_one in zip(self.networks, answers, strict=True)
        }

    def ask(self, number: int) -> list[Future[GradientReport]]:
        """One seed's gradients of each network, now or later."""
        return [_gradients.ask(*call) for call in self._calls(number)]

    def _calls(self, number: int) -> list[tuple[Any, ...]]:
        question = self.question
        seed, recipe = question.training.seed + number, replace(question.training, seed=0)  # which is not looked at
        arguments = question.data, (seed,), question.steps, recipe
        return [(resnet_core.gradient_flow, network, *arguments) for network in self.networks]


def short(name: str, question: Hashable) -> Any:  # noqa: ANN401 - each experiment has its own kind of record
    """The record of an experiment of the catalogue that takes a few seconds at most. Waits; a new click ends it.

    Raises:
        Exception: what the experiment raised.
    """
    _wait(lambda: [_short.ask(catalogue.answer, name, question)])
    sheet.add(sheet.Asked(name, question))
    return _short.ask(catalogue.answer, name, question).result()


def gradients(networks: tuple[ResNetConfig, ...], question: GradientQuestion) -> Gradients:
    """The gradients of each network. Waits for the first seed; a new click ends the waiting."""
    found = Gradients(networks, question)
    _wait(lambda: found.ask(0))
    return found


def _wait(ask: Callable[[], Sequence[Future[Any]]]) -> None:
    """Ask until all answers are there, and say how many are."""
    with st.empty():
        while left := len(wait(answers := ask(), LOOK).not_done):
            done = len(answers) - left
            text = say("Measuring network {number} of {total}").format(number=done + 1, total=len(answers))
            st.progress(done / len(answers), text=text)
        st.html("<span></span>")


def _together(reports: Sequence[GradientReport]) -> GradientReport:
    return GradientReport(
        layers=reports[0].layers,
        norms=np.concatenate([report.norms for report in reports]),
        losses=np.concatenate([report.losses for report in reports]),
        seeds=tuple(seed for report in reports for seed in report.seeds),
        steps=reports[0].steps,
    )


class Times(NamedTuple):
    """Milliseconds of groups of convolutions on this machine. Those of a group take turns, so that they compare."""

    groups: tuple[tuple[ConvCost, ...], ...]
    editions: tuple[int, ...]  # of each group

    def more_to_come(self) -> bool:
        """Whether some are still being measured. Asks for them."""
        return not all(answer.done() for answer in self._ask())

    def found(self) -> tuple[LayerTime, ...]:
        """All of them, each once; none before all are there.

        Raises:
            Exception: what a measurement raised.
        """
        answers = self._ask()
        if wait(answers, AT_ONCE).not_done:
            return ()
        return tuple({time.name: time for answer in answers for time in answer.result()}.values())

    def _ask(self) -> list[Future[tuple[LayerTime, ...]]]:
        return [
            _times.ask(resnet_core.time_convolutions, group, TURNS, SECONDS, edition=edition)
            for group, edition in zip(self.groups, self.editions, strict=True)
        ]


def convolution_times(*groups: Sequence[ConvCost]) -> Times:
    """Have convolutions timed, with a button to time them again. A group that has been timed is not timed again."""
    asked = tuple(tuple(dict.fromkeys(group)) for group in groups)
    again: dict[tuple[ConvCost, ...], int] = st.session_state.setdefault("timed_at", {})
    if st.button(say("Measure again"), icon=":material/refresh:", key="measure_again"):
        # All visitors share the answers: a count of clicks would hand one visitor what another one measured.
        again |= dict.fromkeys(asked, time.time_ns())
    return Times(asked, tuple(again.get(group, 0) for group in asked))
