"""BatchNorm and the batch: how small it may be, and what its statistics are beside the running ones."""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.model import build_model
from resnet_core.probes.norm_statistics import StatisticsMeter, batch_statistics, norm_layers
from resnet_core.questions.norm import NormBatchesQuestion, NormStatisticsQuestion, without_norm
from resnet_core.records.norm import NormBatches, NormStatistics
from resnet_core.records.progress import Progress
from resnet_core.training import check_fit, train

SIZES = Sentence("Training with batches of every size")
STATISTICS = Sentence("Training, and comparing each batch with the running statistics")
TESTED = 512  # test pictures, the same for all
OFTEN = 16  # steps between two signs of life


def norm_batches(question: NormBatchesQuestion) -> Iterator[Progress]:
    """How does BatchNorm depend on the size of the batch?

    For every size a network with BatchNorm and its twin without learn from the same pictures in the same order, so
    that small batches take more steps, each with a learning rate in proportion to the batch. Then both are tested,
    the one with BatchNorm twice: with running statistics, and with those of test batches of the size of training.
    float32.

    Source: Wu & He 2018 (arXiv:1803.08494), figure 1: ImageNet error against the batch size, BatchNorm worst at 2.
    The rule for the learning rate is Goyal et al. 2017 (arXiv:1706.02677), section 2.1.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    record = NormBatches(
        sizes=np.array(question.sizes),
        train_loss=np.full((2, len(question.sizes)), np.nan),
        running_error=np.full((2, len(question.sizes)), np.nan),
        batch_error=np.full((2, len(question.sizes)), np.nan),
        pictures=question.pictures,
        tested=min(TESTED, len(data.test_labels)),
        plain=question.network.is_plain,
        depth=question.network.layers,
    )
    total = 2 * sum(question.pictures // size for size in question.sizes)  # of steps, nearly equal in time if small
    done = 0
    for place, size in reversed(list(enumerate(question.sizes))):  # the quickest first
        recipe = replace(
            question.training,
            batch=size,
            steps=question.pictures // size,
            learning_rate=question.training.learning_rate * size / question.training.batch,
            precision="fp32",
            inspect_every=0,
        )
        for norm, network in enumerate((without_norm(question.network), question.network)):
            model = build_model(network, recipe.seed)
            losses = []
            for step in train(model, data, recipe):
                losses.append(step.loss)
                done += 1
                if len(losses) % OFTEN == 0:
                    yield Progress(min(done / total, 0.999), None, SIZES)
            done += recipe.steps - len(losses)
            last = losses[-max(1, recipe.steps // 8) :]
            whole = len(losses) == recipe.steps and math.isfinite(losses[-1])
            record.train_loss[norm, place] = sum(last) / len(last) if whole else math.inf
            record.running_error[norm, place] = running_test(model, data)
            record.batch_error[norm, place] = batch_test(model, data, size)
            yield Progress(min(done / total, 0.999), deepcopy(record) if norm else None, SIZES)
    yield Progress(1.0, record)


def norm_statistics(question: NormStatisticsQuestion) -> Iterator[Progress]:
    """How do a batch's statistics and the running ones differ, and what do gamma and beta become?

    One network with BatchNorm trains. Before every `every`-th step and after the last, the next batch passes through
    it once without training it, and each BatchNorm's statistics of that batch are compared with its running ones,
    which follow with momentum 0.1; the test pictures are classified with either kind. float32.

    Source: Ioffe & Szegedy 2015 (arXiv:1502.03167), algorithm 2 for the two kinds of statistics, section 3 for gamma
    and beta.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    recipe = replace(question.training, precision="fp32", inspect_every=0)
    model = build_model(question.network, recipe.seed)
    steps = np.array(sorted({*range(0, recipe.steps, question.every), recipe.steps}))
    record = _no_statistics(question, model, steps, min(TESTED, len(data.test_labels)))
    look = 0
    records = train(model, data, recipe)
    for taken in range(recipe.steps + 1):
        if taken in steps:
            _compare(record, look, model, data, recipe.batch)
            look += 1
        yield Progress(min(taken / recipe.steps, 0.999), deepcopy(record) if taken in steps else None, STATISTICS)
        last = next(records, None)
        if last is not None and not math.isfinite(last.loss):
            break
    yield Progress(1.0, record)


def running_test(model: nn.Module, data: DataSet) -> float:
    """Share of wrong answers in evaluation mode, with running statistics where there is BatchNorm."""
    was_training = model.training
    model.eval()
    error = _error(model, data, 64)
    model.train(was_training)
    return error


def batch_test(model: nn.Module, data: DataSet, size: int) -> float:
    """Share of wrong answers where BatchNorm takes the statistics of batches of `size` test pictures."""
    with batch_statistics(model):
        return _error(model, data, size)


@torch.no_grad()
def _error(model: nn.Module, data: DataSet, size: int) -> float:
    images, labels = _tests(data)
    answers = torch.cat([model(part).argmax(1) for part in images.split(size)])
    return float((answers != labels).double().mean())


def _tests(data: DataSet) -> tuple[Tensor, Tensor]:
    """The same test pictures for every test, mixed, since they may come class by class."""
    mixed = torch.randperm(len(data.test_labels), generator=torch.Generator().manual_seed(0))[:TESTED]
    return data.test_images[mixed].contiguous(memory_format=torch.channels_last), data.test_labels[mixed]


@torch.no_grad()
def _compare(record: NormStatistics, look: int, model: nn.Module, data: DataSet, batch: int) -> None:
    with StatisticsMeter(model) as meter, batch_statistics(model):
        model(_tests(data)[0][:batch])
    record.mean_gap[:, look], record.scale_ratio[:, look] = meter.gaps().numpy()
    record.running_error[look], record.batch_error[look] = running_test(model, data), batch_test(model, data, batch)
    for place, name in enumerate(record.layers):
        norm = model.get_submodule(name)
        record.gamma[:, place, look] = _spread(norm.weight)  # pyright: ignore[reportArgumentType]
        record.beta[:, place, look] = _spread(norm.bias)  # pyright: ignore[reportArgumentType]


def _spread(values: Tensor) -> NDArray[np.float64]:
    return np.quantile(values.detach().double().numpy(), [0.0, 0.5, 1.0])


def _no_statistics(
    question: NormStatisticsQuestion, model: nn.Module, steps: NDArray[np.int64], tested: int
) -> NormStatistics:
    """A record in which nothing has been measured yet."""
    layers, looks = norm_layers(model), len(steps)
    return NormStatistics(
        layers=layers,
        steps=steps,
        mean_gap=np.full((len(layers), looks), np.nan),
        scale_ratio=np.full((len(layers), looks), np.nan),
        running_error=np.full(looks, np.nan),
        batch_error=np.full(looks, np.nan),
        gamma=np.full((3, len(layers), looks), np.nan),
        beta=np.full((3, len(layers), looks), np.nan),
        batch=question.training.batch,
        tested=tested,
        plain=question.network.is_plain,
        depth=question.network.layers,
    )
