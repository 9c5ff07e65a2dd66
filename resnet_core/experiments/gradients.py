"""Gradient flow: how much of the loss's gradient reaches each layer?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

import numpy as np

from resnet_core.config import ResNetConfig
from resnet_core.data import load_data
from resnet_core.model import build_model
from resnet_core.probes import conv_layers
from resnet_core.questions.gradients import GradientFlowQuestion
from resnet_core.recipe import DataConfig, TrainConfig
from resnet_core.records import GradientReport, Progress
from resnet_core.training import check_fit, train

FASHION = DataConfig()
RECIPE = TrainConfig()


def gradient_flow(
    config: ResNetConfig,
    data: DataConfig = FASHION,
    seeds: Sequence[int] = (0,),
    steps: int = 0,
    training: TrainConfig = RECIPE,
) -> GradientReport:
    """How much gradient reaches each convolution of a network after `steps` optimiser steps?

    For each seed a fresh network is trained for `steps` steps, and the gradients of the next one are read, in
    float32 with BatchNorm in training mode: with steps=0 those of the first batch at initialisation. A seed whose
    loss was no longer finite by then has a row of NaN.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(data)
    check_fit(config, pictures)
    recipe = replace(training, steps=max(training.steps, steps + 1), precision="fp32", inspect_every=0)
    layers = _layers(config)
    norms = np.full((len(seeds), len(layers)), np.nan)
    losses = np.full(len(seeds), np.nan)
    for place, seed in enumerate(seeds):
        records = train(build_model(config, seed), pictures, replace(recipe, seed=seed))
        record = next(islice(records, steps, None), None)
        if record is not None and np.isfinite(record.loss):
            norms[place], losses[place] = record.gradients, record.loss
    return GradientReport(layers, norms, losses, tuple(seeds), steps)


def ask_gradient_flow(question: GradientFlowQuestion) -> Iterator[Progress]:
    """`gradient_flow`, seed by seed: each record holds the seeds that are there by then."""
    found: list[GradientReport] = []
    for count in range(question.seeds):
        seed = question.training.seed + count
        found.append(gradient_flow(question.network, question.data, (seed,), question.steps, question.training))
        together = GradientReport(
            layers=found[0].layers,
            norms=np.concatenate([report.norms for report in found]),
            losses=np.concatenate([report.losses for report in found]),
            seeds=tuple(seed for report in found for seed in report.seeds),
            steps=question.steps,
        )
        yield Progress(len(found) / question.seeds, together)


@lru_cache(maxsize=256)
def _layers(config: ResNetConfig) -> tuple[str, ...]:
    return conv_layers(build_model(config, device="meta"))
