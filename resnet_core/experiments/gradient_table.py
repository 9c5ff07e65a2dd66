"""Three switches: for which of their settings does the gradient vanish or explode, before and during training?"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.experiments.gradients import gradient_flow
from resnet_core.model import build_model
from resnet_core.presets import cifar
from resnet_core.questions.gradients import GradientTableQuestion
from resnet_core.records.gradient_table import GradientTableReport, Switches
from resnet_core.records.progress import Progress
from resnet_core.training import train

ROWS = tuple(Switches(skip, norm, he) for skip, norm, he in product((False, True), (True, False), (True, False)))


def gradient_table(question: GradientTableQuestion) -> Iterator[Progress]:
    """First convolution's gradient norm over the last one's, for skip x BatchNorm x initialisation.

    Before the first step at every depth, median to be taken over the seeds; then, for one depth and one seed, after
    1, 2, 4, 8, ... steps of training with the same recipe for all. A ratio near 1 is even; a small one means that the
    gradient vanishes on its way to the input, a large one that it explodes (Yang et al. 2019, arXiv:1902.08129,
    theorem 8, for BatchNorm without shortcuts). A training run that diverges has NaN from then on. Records are whole
    tables, with NaN where nothing is measured yet.
    """
    pictures = load_data(question.data)
    table = _empty(question)
    total = _work(question)
    done = 0.0
    for place, depth in enumerate(question.depths):
        for number, seed in enumerate(table.seeds):
            for row, switches in enumerate(ROWS):
                config = network(question, depth, switches, pictures)
                report = gradient_flow(config, question.data, (seed,), 0, question.training)
                table.first[row, place, number], table.last[row, place, number] = report.norms[0, [0, -1]]
                table.losses[row, place, number] = np.nan_to_num(report.losses[0], nan=np.inf)
                done += depth
                yield Progress(min(1.0, done / total), _copy(table), Sentence("Measuring before the first step"))
    for row, switches in enumerate(ROWS if table.steps else ()):
        for step in _train(
            network(question, question.trained_depth, switches, pictures), pictures, question, table, row
        ):
            at = done + question.trained_depth * (row * question.steps + step)
            yield Progress(min(0.999, at / total), _copy(table), Sentence("Training each network in turn"))
    yield Progress(1.0, _copy(table))


def network(question: GradientTableQuestion, depth: int, switches: Switches, pictures: DataSet) -> ResNetConfig:
    """The network of one cell of the table."""
    return cifar(
        depth,
        width=question.width,
        plain=not switches.skip,
        norm="batch" if switches.norm else "none",
        init="he" if switches.he else "default",
        version=question.version,
        in_channels=pictures.channels,
        classes=len(pictures.classes),
    )


def steps_looked_at(steps: int) -> tuple[int, ...]:
    """0, 1, 2, 4, 8, ... and the last; nothing where no step is to be taken."""
    if steps == 0:
        return ()
    powers = [2**power for power in range(steps.bit_length()) if 2**power < steps]
    return (0, *powers, steps)


def _train(
    config: ResNetConfig, pictures: DataSet, question: GradientTableQuestion, table: GradientTableReport, row: int
) -> Iterator[int]:
    """Fill a row of the trained part; yields the steps that were taken."""
    recipe = replace(question.training, steps=question.steps + 1, precision="fp32", inspect_every=0)
    places = {step: place for place, step in enumerate(table.steps)}
    for record in train(build_model(config, recipe.seed), pictures, recipe):
        taken = record.step - 1  # before this record's gradient was computed
        if taken in places and np.isfinite(record.loss):
            place = places[taken]
            table.trained_first[row, place], table.trained_last[row, place] = record.gradients[[0, -1]]
            table.trained_losses[row, place] = record.loss
        yield taken
    table.trained_losses[row, np.isnan(table.trained_losses[row])] = np.inf


def _work(question: GradientTableQuestion) -> float:
    """Steps times layers, which is about proportional to time."""
    return len(ROWS) * (question.seeds * sum(question.depths) + question.steps * question.trained_depth)


def _empty(question: GradientTableQuestion) -> GradientTableReport:
    shape = len(ROWS), len(question.depths), question.seeds
    steps = steps_looked_at(question.steps)
    seeds = range(question.training.seed, question.training.seed + question.seeds)
    first, last, losses = (np.full(shape, np.nan) for _ in range(3))
    trained = [np.full((len(ROWS), len(steps)), np.nan) for _ in range(3)]
    return GradientTableReport(
        ROWS, question.depths, first, last, losses, tuple(seeds), question.trained_depth, steps, *trained
    )


def _copy(table: GradientTableReport) -> GradientTableReport:
    """As it is now: the table goes on being filled."""
    names = ("first", "last", "losses", "trained_first", "trained_last", "trained_losses")
    return replace(table, **{name: getattr(table, name).copy() for name in names})
