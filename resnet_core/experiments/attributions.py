"""Attributions: which pixels speak for the class that a network sees?"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.evaluation import evaluate
from resnet_core.experiments.trained import trained
from resnet_core.model import ResNet, build_model
from resnet_core.probes import residual_blocks
from resnet_core.probes.attribution import METHODS, Attribution, Attributor, Request
from resnet_core.questions.pictures import AttributionsQuestion
from resnet_core.records import Progress
from resnet_core.records.inside import AttributionMap, AttributionReport, PictureAttributions
from resnet_core.training import check_fit

ATTRIBUTING = Sentence("asking the methods")
TRAINING_SHARE = 0.6  # of the time, at the defaults
TESTED = 500  # pictures of the test


def attributions(question: AttributionsQuestion) -> Iterator[Progress]:
    """Which pixels speak for a class, by six methods, for one test picture of each class?

    A small network is trained, then each method is asked about the first test picture of each class; see
    `probes.attribution`. Integrals begin at a black picture or at the mean one. As a check, the same is asked of the
    untrained network: `untrained` is the rank correlation (Spearman) of the sizes of both maps, mean over the pictures.
    A method whose maps hardly change shows the picture, not what was learned (Adebayo et al. 2018, arXiv:1810.03292,
    figure 4).

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    yield Progress(0.0)
    model = build_model(question.network, question.training.seed)
    loss = yield from trained(model, data, question.training, 0.0, TRAINING_SHARE)
    learned, fresh = Attributor(model), Attributor(build_model(question.network, question.training.seed))
    chosen = _one_of_each_class(data)
    right = 1 - evaluate(model, data.test_images[:TESTED], data.test_labels[:TESTED]).error
    maps: list[tuple[AttributionMap, ...]] = []
    similar: list[list[float]] = []
    for place, picture in enumerate(chosen):
        request = _request(model, data, picture, question)
        found, alike = [], []
        for number, method in enumerate(METHODS):
            done = (place + number / len(METHODS)) / len(chosen)
            yield Progress(TRAINING_SHARE + (1 - TRAINING_SHARE) * done, doing=ATTRIBUTING)
            one = learned.attribute(method, request)
            found.append(attribution_map(method, one, 0))
            alike.append(_similarity(one.values[0].numpy(), fresh.attribute(method, request).values[0].numpy()))
        maps.append(tuple(found))
        similar.append(alike)
    targets = [int(_request(model, data, picture, question).targets) for picture in chosen]
    report = AttributionReport(
        pictures=tuple(_explained(model, data, *one) for one in zip(chosen, targets, maps, strict=True)),
        classes=data.classes,
        methods=METHODS,
        layer=residual_blocks(model)[-1],
        untrained=np.array([_mean(column) for column in zip(*similar, strict=True)]),
        steps=question.training.steps,
        loss=loss,
        accuracy=right,
    )
    yield Progress(1.0, report)


def attribution_map(method: str, found: Attribution, index: int) -> AttributionMap:
    """What a method said of the picture `index`, as a record."""
    values = found.values[index].double().cpu().numpy()
    largest = float(np.abs(values).max())
    scaled = values / largest if largest > 0 else values
    return AttributionMap(
        method, scaled.astype(np.float16), largest, float(found.totals[index]), float(found.expected[index])
    )


def _one_of_each_class(data: DataSet) -> list[int]:
    """Number of the first test picture of each class that has one."""
    labels = data.test_labels.tolist()
    return [labels.index(label) for label in range(len(data.classes)) if label in labels]


def _request(model: ResNet, data: DataSet, picture: int, question: AttributionsQuestion) -> Request:
    image = data.test_images[picture : picture + 1]
    with torch.no_grad():
        guess = model(image).argmax(1)
    target = guess if question.target == "predicted" else data.test_labels[picture : picture + 1]
    black = -torch.tensor(data.mean) / torch.tensor(data.std)  # normalised; the mean picture is 0
    nothing = black if question.baseline == "black" else torch.zeros_like(black)
    layer = residual_blocks(model)[-1]
    return Request(image, target, nothing[None, :, None, None], layer, question.steps, question.window)


def _explained(
    model: ResNet, data: DataSet, picture: int, target: int, maps: tuple[AttributionMap, ...]
) -> PictureAttributions:
    with torch.no_grad():
        scores = model(data.test_images[picture : picture + 1])[0].double().softmax(0).numpy()
    return PictureAttributions(
        picture=data.pixels(data.test_images[picture]),
        label=int(data.test_labels[picture]),
        target=target,
        scores=scores,
        maps=maps,
    )


def _similarity(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Rank correlation of absolute values; NaN where a map is all the same or not finite."""
    first, second = np.abs(one).ravel(), np.abs(other).ravel()
    if not (np.isfinite(first).all() and np.isfinite(second).all() and np.ptp(first) > 0 and np.ptp(second) > 0):
        return float("nan")
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def _ranks(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Ranks from 1; equals share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse].astype(float)


def _mean(values: Sequence[float]) -> float:
    """Over the finite ones; NaN where there is none."""
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else float("nan")
