"""Degradation: training and test error against depth."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.model import build_model
from resnet_core.questions.depth import DegradationQuestion
from resnet_core.recipe import TrainConfig
from resnet_core.records.depth import DegradationReport
from resnet_core.records.progress import Progress
from resnet_core.records.training import StepRecord
from resnet_core.training import check_fit, train

DOING = (Sentence("training a plain network"), Sentence("training a residual network"))


def degradation(question: DegradationQuestion) -> Iterator[Progress]:
    """Does a deeper network learn the pictures it is shown any better, without shortcuts and with them?

    For each seed and depth a plain network and its residual twin are trained from the same weights on the same
    batches. The training error is that of the batches in the last eighth of the steps, as they came; the test error is
    that of up to 500 test pictures after the last step, with BatchNorm's running statistics. Overfitting would show as
    a test error that rises while the training error falls; degradation is a training error that rises.

    He et al. 2015 (arXiv:1512.03385), figures 1 and 6: the same on CIFAR-10 for 64,000 steps.

    Raises:
        ConfigError: the networks do not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    report = _nothing_yet(question, data)
    whole, done = 2 * sum(question.depths) * question.seeds, 0.0
    for number, seed in enumerate(report.seeds):
        for place, depth in enumerate(question.depths):
            for kind in (0, 1):
                network = question.network(
                    depth, plain=kind == 0, channels=data.channels, classes=max(2, len(data.classes))
                )
                records: list[StepRecord] = []
                for record in _training(network, data, replace(question.training, seed=seed)):
                    records.append(record)
                    share = record.step / question.training.steps
                    yield Progress(min(0.999, (done + depth * share) / whole), report, DOING[kind])
                report = _with(report, (kind, place, number), records)
                done += depth
    yield Progress(1.0, report)


def _training(network: ResNetConfig, data: DataSet, recipe: TrainConfig) -> Iterator[StepRecord]:
    check_fit(network, data)
    return train(build_model(network, recipe.seed), data, replace(recipe, inspect_every=recipe.steps))


def _nothing_yet(question: DegradationQuestion, data: DataSet) -> DegradationReport:
    shape = 2, len(question.depths), question.seeds
    return DegradationReport(
        depths=question.depths,
        seeds=tuple(question.training.seed + number for number in range(question.seeds)),
        steps=question.training.steps,
        guess=1 - 1 / max(2, len(data.classes)),
        norm=question.norm,
        train_loss=np.full(shape, np.nan),
        train_error=np.full(shape, np.nan),
        test_error=np.full(shape, np.nan),
        diverged=np.zeros(shape, dtype=bool),
    )


def _with(report: DegradationReport, place: tuple[int, int, int], records: list[StepRecord]) -> DegradationReport:
    """The report with what one training gave."""
    loss, error, test = report.train_loss.copy(), report.train_error.copy(), report.test_error.copy()
    diverged = report.diverged.copy()
    last = records[-1]
    diverged[place] = not np.isfinite(last.loss)
    if not diverged[place]:
        tail = records[-max(1, len(records) // 8) :]
        loss[place] = np.mean([record.loss for record in tail])
        error[place] = 1 - np.mean([record.accuracy for record in tail])
        if last.inspection is not None:
            test[place] = 1 - last.inspection.test_accuracy
    return replace(report, train_loss=loss, train_error=error, test_error=test, diverged=diverged)
