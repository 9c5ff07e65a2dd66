"""Measurements that a page asks for, with progress on the long ones. A new click cancels what is under way."""

import time
from collections.abc import Sequence

import numpy as np
import streamlit as st

from resnet_core import ConvCost, GradientReport, LayerTime, ResNetConfig
from ui import cache
from ui.questions import GradientQuestion
from ui.text import say


def gradient_reports(
    networks: Sequence[ResNetConfig], question: GradientQuestion
) -> dict[ResNetConfig, GradientReport]:
    """The gradients of each network, for as many seeds as the question asks, counted from its recipe's own."""
    seeds = range(question.training.seed, question.training.seed + question.seeds)
    parts: dict[ResNetConfig, list[GradientReport]] = {network: [] for network in networks}
    todo = [(network, seed) for seed in seeds for network in networks]
    with st.empty():
        for done, (network, seed) in enumerate(todo):
            text = say("Measuring network {number} of {total}").format(number=done + 1, total=len(todo))
            st.progress(done / len(todo), text=text)
            parts[network].append(cache.gradient_flow(network, question.data, seed, question.steps, question.training))
        st.html("<span></span>")
    return {network: _together(reports) for network, reports in parts.items()}


def _together(reports: Sequence[GradientReport]) -> GradientReport:
    return GradientReport(
        layers=reports[0].layers,
        norms=np.concatenate([report.norms for report in reports]),
        losses=np.concatenate([report.losses for report in reports]),
        seeds=tuple(seed for report in reports for seed in report.seeds),
        steps=reports[0].steps,
    )


def convolution_times(*groups: Sequence[ConvCost]) -> tuple[LayerTime, ...]:
    """Milliseconds of each convolution on this machine, with a button to measure again.

    Those of a group take turns, so that they can be compared; a group that has been measured is not measured again.
    """
    if st.button(say("Measure again"), icon=":material/refresh:", key="measure_again"):
        # All visitors share the cache: a count of clicks would hand one visitor what another one measured.
        st.session_state["timed_at"] = time.time_ns()
    again = st.session_state.get("timed_at", 0)
    times = [time for group in groups for time in cache.convolution_times(tuple(dict.fromkeys(group)), again)]
    return tuple({time.name: time for time in times}.values())
