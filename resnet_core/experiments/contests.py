"""Contests: which of several networks of equal cost learns the same batches better?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import numpy as np

from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.evaluation import share_of_wrong_answers
from resnet_core.experiments.costs import cost_report
from resnet_core.inspection import test_subset
from resnet_core.model import build_model
from resnet_core.recipe import DataConfig, TrainConfig
from resnet_core.records import Progress
from resnet_core.records.contests import Contest
from resnet_core.training import check_fit, train

WINDOWS = 6  # in which a run is cut; after each the network is tested
LEARN = Sentence("The networks take turns, a few steps each, on the same batches")


class Entrant(NamedTuple):
    """A network and what it is called."""

    name: str
    config: ResNetConfig


def contest(entrants: Sequence[Entrant], data: DataConfig, training: TrainConfig, seeds: int) -> Iterator[Progress]:
    """Train each network on the same batches, once per seed, and look at both errors after every sixth of the steps.

    The training error is the share of wrong answers in the batches of a window, as the network was at each step. The
    test error is that of up to 500 test pictures, the same for all, in eval mode at the window's end. Seeds count up
    from the recipe's own; a seed decides weights and batches alike. Float32 throughout.

    Raises:
        ConfigError: a network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(data)
    for entrant in entrants:
        check_fit(entrant.config, pictures)
    record = _blank(entrants, pictures, training, seeds)
    known = _as_it_is_now(record)  # goes along with every moment, so that what was drawn stays on the screen
    begins = [0, *record.steps[:-1].tolist()]
    total, taken = len(entrants) * seeds * training.steps, 0
    for place, seed in enumerate(record.seeds):
        recipe = replace(training, seed=seed, precision="fp32", inspect_every=0)
        models = []
        for entrant in entrants:
            models.append(build_model(entrant.config, seed))
            yield Progress(taken / total * 0.999, known, LEARN)
        courses = [train(model, pictures, recipe) for model in models]
        for window, (begin, end) in enumerate(zip(begins, record.steps.tolist(), strict=True)):
            for number, (model, course) in enumerate(zip(models, courses, strict=True)):
                wrong = []
                for step in islice(course, end - begin):
                    wrong.append(1.0 - step.accuracy if np.isfinite(step.loss) else np.nan)
                    yield Progress((taken + len(wrong)) / total * 0.999, known, LEARN)
                taken += end - begin
                if len(wrong) < end - begin or np.isnan(wrong[-1]):
                    record.diverged[number, place] = True
                    continue
                record.train_error[number, place, window] = np.mean(wrong)
                record.test_error[number, place, window] = share_of_wrong_answers(model, pictures)
                yield Progress(taken / total * 0.999, known, LEARN)
            known = _as_it_is_now(record)
    yield Progress(1.0, known)


def _blank(entrants: Sequence[Entrant], pictures: DataSet, training: TrainConfig, seeds: int) -> Contest:
    """A record that knows what the networks cost and nothing else."""
    shape = (pictures.channels, pictures.size, pictures.size)
    costs = [cost_report(entrant.config, shape) for entrant in entrants]
    steps = np.unique(np.linspace(0, training.steps, WINDOWS + 1).round().astype(np.int64))[1:]
    errors = np.full((len(entrants), seeds, len(steps)), np.nan)
    return Contest(
        names=tuple(entrant.name for entrant in entrants),
        layers=tuple(entrant.config.layers for entrant in entrants),
        parameters=tuple(cost.parameters for cost in costs),
        macs=tuple(cost.macs for cost in costs),
        seeds=tuple(range(training.seed, training.seed + seeds)),
        steps=steps,
        train_error=errors,
        test_error=errors.copy(),
        diverged=np.zeros((len(entrants), seeds), dtype=bool),
        test_images=len(test_subset(pictures)),
    )


def _as_it_is_now(record: Contest) -> Contest:
    return replace(
        record,
        train_error=record.train_error.copy(),
        test_error=record.test_error.copy(),
        diverged=record.diverged.copy(),
    )
