"""Measurements that a page asks for, with progress on the long ones. A new click cancels what is under way."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from resnet_core import DataConfig, GradientReport, ResNetConfig, TrainConfig
from ui import cache
from ui.text import say


def gradient_reports(
    networks: Sequence[ResNetConfig], data: DataConfig, seeds: int, training: TrainConfig, steps: int
) -> dict[ResNetConfig, GradientReport]:
    """The gradients of each network after `steps` steps, for seeds 0, 1, ... counted from the recipe's own."""
    wanted = range(training.seed, training.seed + seeds)
    bar = st.progress(0.0, text=say("Measuring"))
    reports: dict[ResNetConfig, GradientReport] = {}
    for place, network in enumerate(networks):
        parts = []
        for index, seed in enumerate(wanted):
            bar.progress((place * seeds + index) / (len(networks) * seeds), text=say("Measuring"))
            parts.append(cache.gradient_flow(network, data, seeds=(seed,), steps=steps, training=training))
        reports[network] = GradientReport(
            layers=parts[0].layers,
            norms=np.concatenate([part.norms for part in parts]),
            losses=np.concatenate([part.losses for part in parts]),
            seeds=tuple(wanted),
            steps=steps,
        )
    bar.empty()
    return reports
