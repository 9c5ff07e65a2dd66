"""Measurements that a page asks for. They are made in the processes that train, each once for the whole class."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, wait
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

import resnet_core
from resnet_core import ConvCost, GradientReport, LayerTime, ResNetConfig
from ui.answers import Answers
from ui.questions import GradientQuestion
from ui.text import say

LOOK = 0.1  # seconds between two looks whether the visitor has clicked on
TURNS, SECONDS = 15, 1.0  # that a group of convolutions is timed at most
AT_ONCE = 0.3  # seconds that a page waits for its times before it is shown without them

_gradients = Answers(places=2, most=1024)
_times = Answers(places=1, most=128)


class Gradients(NamedTuple):
    """What reaches the layers of some networks, for the seeds that are there. The first one always is."""

    networks: tuple[ResNetConfig, ...]
    question: GradientQuestion

    def complete(self) -> bool:
        """Whether every seed is there. Asks for the next one, unless others wait for their first."""
        there = self.seeds
        if there < self.question.seeds and not _gradients.busy:
            self.ask(there)
        return there == self.question.seeds

    @property
    def seeds(self) -> int:
        """How many are there."""
        missing = (number for number in range(1, self.question.seeds) if not self._has(number))
        return next(missing, self.question.seeds)

    def reports(self) -> dict[ResNetConfig, GradientReport]:
        """The gradients of each network, for as many seeds as there are, counted from the recipe's own."""
        answers = zip(*(self.ask(number) for number in range(self.seeds)), strict=True)
        return {
            network: _together([answer.result() for answer in answers_of_one])
            for network, answers_of_one in zip(self.networks, answers, strict=True)
        }

    def ask(self, number: int) -> list[Future[GradientReport]]:
        """One seed's gradients of each network, now or later."""
        return [_gradients.ask(*call) for call in self._calls(number)]

    def _has(self, number: int) -> bool:
        return all(_gradients.has(*call) for call in self._calls(number))

    def _calls(self, number: int) -> list[tuple[Any, ...]]:
        question = self.question
        arguments = question.data, (question.training.seed + number,), question.steps, question.training
        return [(resnet_core.gradient_flow, network, *arguments) for network in self.networks]


def gradients(networks: tuple[ResNetConfig, ...], question: GradientQuestion) -> Gradients:
    """The gradients of each network. Waits for the first seed; a new click ends the waiting."""
    found = Gradients(networks, question)
    answers = found.ask(0)
    with st.empty():
        while left := len(wait(answers, LOOK).not_done):
            done = len(answers) - left
            text = say("Measuring network {number} of {total}").format(number=done + 1, total=len(answers))
            st.progress(done / len(answers), text=text)
        st.html("<span></span>")
    return found


def _together(reports: Sequence[GradientReport]) -> GradientReport:
    return GradientReport(
        layers=reports[0].layers,
        norms=np.concatenate([report.norms for report in reports]),
        losses=np.concatenate([report.losses for report in reports]),
        seeds=tuple(seed for report in reports for seed in report.seeds),
        steps=reports[0].steps,
    )


class Times(NamedTuple):
    """Milliseconds of some convolutions on this machine, where they have been measured."""

    answers: tuple[Future[tuple[LayerTime, ...]], ...]

    def complete(self) -> bool:
        """Whether they have."""
        return all(answer.done() for answer in self.answers)

    def found(self) -> tuple[LayerTime, ...]:
        """All of them, each once; none before all have been."""
        if not self.complete():
            return ()
        return tuple({time.name: time for answer in self.answers for time in answer.result()}.values())


def convolution_times(*groups: Sequence[ConvCost]) -> Times:
    """Have convolutions timed, with a button to time them again. Waits a moment only.

    Those of a group take turns, so that they can be compared; a group that has been timed is not timed again.
    """
    if st.button(say("Measure again"), icon=":material/refresh:", key="measure_again"):
        # All visitors share the answers: a count of clicks would hand one visitor what another one measured.
        st.session_state["timed_at"] = time.time_ns()
    again = st.session_state.get("timed_at", 0)
    answers = tuple(
        _times.ask(resnet_core.time_convolutions, tuple(dict.fromkeys(group)), TURNS, SECONDS, edition=again)
        for group in groups
    )
    wait(answers, AT_ONCE)
    return Times(answers)
