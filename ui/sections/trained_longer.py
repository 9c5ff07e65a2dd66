"""Experiments that were asked of shipped networks: trained for longer than a visitor waits, on pictures not shipped."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from resnet_core import RecordedAnswer
from resnet_core.catalogue import experiment
from ui import figure, link, recordings
from ui.charts.labels import network_labels
from ui.source import show_source
from ui.text import say


def choose(experiment: str) -> RecordedAnswer | None:
    """Let the visitor choose: networks that are trained now (None, also where there are no others), or shipped ones."""
    kept = recordings.answers_of_shipped(experiment)
    if not kept:
        return None
    words = say("{networks}, on CIFAR-10")
    names = {"": say("Trained now")} | {
        name: words.format(networks=" / ".join(network_labels(answer.question.networks, say)))
        for name, answer in kept.items()
    }
    help_ = say("Those on CIFAR-10 were trained beforehand. Their answer is recorded; the pictures are not shipped.")
    return kept.get(link.choose(st.selectbox, say("Networks"), names, "", f"{experiment}_networks", help_))


def draw(kept: RecordedAnswer, show: Callable[[Any], None]) -> None:
    """Draw a recorded answer, with what is to be known about it."""
    training = kept.question.training
    words = say("Trained for {steps} steps of {batch} pictures each, on CIFAR-10 as JPEG, {size} pixels.")
    figure.note(words.format(steps=training.steps, batch=training.batch, size=kept.question.data.size))
    recordings.answer_label(kept)
    show(recordings.record(kept.experiment, kept.question))
    recordings.answer_again(kept)
    show_source(experiment(kept.experiment).function)
