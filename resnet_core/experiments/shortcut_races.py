"""A race of networks that differ in their shortcuts: the same batches, and common weights that begin alike."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import numpy as np
from torch import nn

from resnet_core.data import DataSet
from resnet_core.errors import Sentence
from resnet_core.evaluation import share_of_wrong_answers
from resnet_core.inspection import test_subset
from resnet_core.model import ResNet
from resnet_core.probes import count_costs
from resnet_core.recipe import TrainConfig
from resnet_core.records import Progress
from resnet_core.records.shortcuts import ShortcutRace
from resnet_core.training import train

MakeModel = Callable[[int], ResNet]  # from a seed
TRAIN = Sentence("The networks take turns, ten steps each, on the same batches")
TURN = 10  # steps that a network takes before the next one's turn


class Lap(NamedTuple):
    """A network before its first step, or after its last."""

    network: int
    seed: int  # counted from 0
    over: bool
    model: nn.Module


def shortcut_race(
    makers: Mapping[str, MakeModel],
    pictures: DataSet,
    training: TrainConfig,
    seeds: int,
    watch: Callable[[Lap], None] = lambda lap: None,
) -> Iterator[Progress]:
    """Train each network once per seed; the loss of every step, and the test error after the last one.

    The networks of one seed take turns of ten steps on the same batches, so that there is soon something to compare.
    The test error is that of up to 500 test pictures, the same for all, in eval mode. Float32 throughout. `watch` is
    shown every network before its first and after its last step.
    """
    record = _blank(makers, pictures, training, seeds)
    known, total, taken = _as_it_is_now(record), len(makers) * seeds * training.steps, 0
    for place, seed in enumerate(record.seeds):
        models = [make(seed) for make in makers.values()]
        for number, model in enumerate(models):
            watch(Lap(number, place, False, model))
        recipe = replace(training, seed=seed, precision="fp32", inspect_every=0)
        courses = [train(model, pictures, recipe) for model in models]
        for begin in range(0, training.steps, TURN):
            for number, course in enumerate(courses):
                for step in islice(course, TURN):
                    record.losses[number, place, step.step - 1] = step.loss
                    record.diverged[number, place] |= not np.isfinite(step.loss)
                    yield Progress(0.999 * (taken + step.step - begin) / total, known, TRAIN)
                taken += min(TURN, training.steps - begin)
            known = _as_it_is_now(record)
        for number, model in enumerate(models):
            if not record.diverged[number, place]:
                record.test_error[number, place] = share_of_wrong_answers(model, pictures)
            watch(Lap(number, place, True, model))
        known = _as_it_is_now(record)
    yield Progress(1.0, known)


def _blank(makers: Mapping[str, MakeModel], pictures: DataSet, training: TrainConfig, seeds: int) -> ShortcutRace:
    """A record that knows what the networks cost and nothing else."""
    models = [make(training.seed) for make in makers.values()]
    costs = [count_costs(model, (pictures.channels, pictures.size, pictures.size)) for model in models]
    return ShortcutRace(
        names=tuple(makers),
        layers=models[0].config.layers,
        parameters=tuple(cost.parameters for cost in costs),
        macs=tuple(cost.macs for cost in costs),
        seeds=tuple(range(training.seed, training.seed + seeds)),
        losses=np.full((len(makers), seeds, training.steps), np.nan, np.float32),
        test_error=np.full((len(makers), seeds), np.nan),
        diverged=np.zeros((len(makers), seeds), dtype=bool),
        classes=models[0].config.classes,
        test_images=len(test_subset(pictures)),
    )


def _as_it_is_now(record: ShortcutRace) -> ShortcutRace:
    return replace(
        record,
        losses=record.losses.copy(),
        test_error=record.test_error.copy(),
        diverged=record.diverged.copy(),
    )
