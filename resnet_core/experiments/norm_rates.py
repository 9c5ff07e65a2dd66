"""Learning rates and starting weights that still train, with and without BatchNorm."""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.model import build_model
from resnet_core.questions.norm import NormRatesQuestion, without_norm
from resnet_core.recipe import TrainConfig
from resnet_core.records.norm import NormRates
from resnet_core.records.progress import Progress
from resnet_core.training import check_fit, train

DOING = Sentence("Training one small network after another")
OFTEN = 8  # steps between two signs of life
LOST = 1000.0  # times the loss of guessing, at which the end of a run counts as not finite


def norm_rates(question: NormRatesQuestion) -> Iterator[Progress]:
    """Which learning rates and which starting weights still train, with and without BatchNorm?

    For every learning rate, factor on the starting weights of the convolutions, and seed, a fresh network with
    BatchNorm and its twin without are trained for equally many steps on the same batches. What is told of each is its
    training loss over the last eighth of the steps. float32.

    Source: Ioffe & Szegedy 2015 (arXiv:1502.03167). Section 4.2.2 raises the learning rate 5 and 30 times, which the
    network without BatchNorm does not survive; section 3.3 argues that BN(Wu) = BN((aW)u), so that the size of the
    weights does not matter to what a layer passes on, while larger weights get smaller gradients.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    record = NormRates(
        rates=np.array(question.rates),
        gains=np.array(question.gains),
        losses=np.full((2, len(question.gains), len(question.rates), question.seeds), np.nan),
        steps=question.training.steps,
        plain=question.network.is_plain,
        depth=question.network.layers,
        classes=question.network.classes,
    )
    networks = (without_norm(question.network), question.network)
    # the middle of the map first, so that a picture is there early
    rates = sorted(range(len(question.rates)), key=lambda place: abs(place - len(question.rates) // 2))
    cells = [
        (seed, gain, rate, norm)
        for seed in range(question.seeds)
        for gain in range(len(question.gains))
        for rate in rates
        for norm in (0, 1)
    ]
    for done, (seed, gain, rate, norm) in enumerate(cells):
        recipe = replace(
            question.training,
            learning_rate=question.rates[rate],
            seed=question.training.seed + seed,
            precision="fp32",
            inspect_every=0,
        )
        losses = []
        for loss in _losses(networks[norm], question.gains[gain], data, recipe):
            losses.append(loss)
            if len(losses) % OFTEN == 0:
                yield Progress((done + len(losses) / recipe.steps) / (len(cells) + 1), None, DOING)
        record.losses[norm, gain, rate, seed] = end_loss(losses, recipe.steps, question.network.classes)
        yield Progress((done + 1) / (len(cells) + 1), deepcopy(record) if norm else None, DOING)
    yield Progress(1.0, record)


def _losses(network: ResNetConfig, gain: float, data: DataSet, recipe: TrainConfig) -> Iterator[float]:
    """The training loss of every step of a fresh network."""
    model = build_model(network, recipe.seed)
    multiply_weights(model, gain)
    for record in train(model, data, recipe):
        yield record.loss


def end_loss(losses: list[float], steps: int, classes: int) -> float:
    """The mean over the last eighth of the steps; infinite for a run that broke off or blew up."""
    last = losses[-max(1, steps // 8) :]
    mean = sum(last) / len(last)
    broken = len(losses) < steps or not math.isfinite(mean) or mean > LOST * math.log(classes)
    return math.inf if broken else mean


@torch.no_grad()
def multiply_weights(model: nn.Module, gain: float) -> None:
    """Multiply the weights of every convolution, not its bias."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.mul_(gain)
