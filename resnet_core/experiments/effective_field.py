"""Effective receptive field: how much of what a unit could see does it use?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.experiments.trained import trained
from resnet_core.model import ResNet, build_model
from resnet_core.presets import cifar
from resnet_core.probes import receptive_field, residual_blocks
from resnet_core.probes.effective_field import effective_side, fixed_statistics, gaussian_fit, spread, unit_field
from resnet_core.questions.pictures import EffectiveFieldQuestion
from resnet_core.records import Progress
from resnet_core.records.inside import FieldReport, UnitField

LOOKING = Sentence("carrying a gradient back to the picture")
TRAINING_SHARE = 0.55  # of the time, at the defaults
STRIDES = 4  # of the three stages together, so that the picture's centre is a unit's centre
MARGIN = 8  # pixels of the picture beyond what a unit could see


@dataclass
class _Found:
    fresh: list[UnitField] = field(default_factory=list)
    before: list[UnitField] = field(default_factory=list)
    after: list[UnitField] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    def report(self, inputs: str) -> FieldReport:
        return FieldReport(tuple(self.fresh), tuple(self.before), tuple(self.after), tuple(self.losses), inputs)


def effective_field(question: EffectiveFieldQuestion) -> Iterator[Progress]:
    """How much of its theoretical receptive field does the centre unit of the last map use, with and without shortcuts?

    For each depth, `draws` fresh plain and residual networks look at `images` pictures each, which are a little larger
    than what a unit could see. A gradient of 1 goes into every channel of the centre unit after the last block, and the
    mean absolute gradient of each pixel is the field. BatchNorm normalises with the statistics of the same images, held
    fixed. Then a plain and a residual network of depth `trained` learn, and are measured before and after on the same
    images, with `draws * images` of them. Sides are in pixels; see `effective_side`, `spread` and `gaussian_fit`.

    Luo et al. 2016 (arXiv:1701.04128): the field is Gaussian, its share of what could be seen falls like 1/sqrt(n) with
    n layers, shortcuts make it smaller (section 3), and training made it larger on their data.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    found = _Found()
    yield Progress(0.0, doing=LOOKING)
    share = 1 - TRAINING_SHARE if question.trained else 1.0
    pairs = [(depth, plain) for depth in question.depths for plain in (True, False)]
    efforts = np.cumsum([0.0, *(depth**3 for depth, _ in pairs)])  # layers times pixels
    for place, (depth, plain) in enumerate(pairs):
        draws: list[NDArray[np.float64]] = []
        for draw in range(question.draws):
            draws.append(_draw(question, data, depth, plain, draw))
            done = efforts[place] + (efforts[place + 1] - efforts[place]) * (draw + 1) / question.draws
            yield Progress(share * float(done / efforts[-1]) * 0.999, doing=LOOKING)
        found.fresh.append(_summary(_config(question, data, depth, plain), 0, draws))
        if not plain:
            yield Progress(share * float(efforts[place + 1] / efforts[-1]) * 0.999, found.report(question.inputs))
    if question.trained:
        for number, plain in enumerate((True, False)):
            start = share + TRAINING_SHARE / 2 * number
            yield from _before_and_after(question, data, plain, found, start, start + TRAINING_SHARE / 2)
    yield Progress(1.0, found.report(question.inputs))


def _config(question: EffectiveFieldQuestion, data: DataSet, depth: int, plain: bool) -> ResNetConfig:
    return cifar(
        depth,
        width=question.width,
        plain=plain,
        norm=question.norm,
        in_channels=data.channels,
        classes=len(data.classes),
    )


def _draw(question: EffectiveFieldQuestion, data: DataSet, depth: int, plain: bool, draw: int) -> NDArray[np.float64]:
    """The field of one fresh network, cut to what a unit could see."""
    model = build_model(_config(question, data, depth, plain), question.training.seed + draw)
    return _field(model, _inputs(question, data, receptive_field(model), draw, question.images))


def _before_and_after(
    question: EffectiveFieldQuestion, data: DataSet, plain: bool, found: _Found, start: float, end: float
) -> Iterator[Progress]:
    config = _config(question, data, question.trained, plain)
    model = build_model(config, question.training.seed)
    inputs = _inputs(question, data, receptive_field(model), 0, question.images * question.draws)
    found.before.append(_summary(config, 0, [_field(model, inputs)]))
    found.losses.append((yield from trained(model, data, question.training, start, start + 0.95 * (end - start))))
    found.after.append(_summary(config, question.training.steps, [_field(model, inputs)]))
    yield Progress(min(end, 0.999), found.report(question.inputs), LOOKING)


def _field(model: ResNet, inputs: Tensor) -> NDArray[np.float64]:
    last = residual_blocks(model)[-1]
    theoretical = receptive_field(model)
    with fixed_statistics(model, inputs):
        whole = unit_field(model, inputs, last)
    first = whole.shape[0] // 2 - (theoretical - 1) // 2  # the centre unit's own centre is the picture's middle pixel
    return whole[first : first + theoretical, first : first + theoretical]


def _inputs(question: EffectiveFieldQuestion, data: DataSet, theoretical: int, draw: int, images: int) -> Tensor:
    """Noise with the mean and deviation of the data, or test pictures; a multiple of twice the strides wide."""
    side = 2 * STRIDES * -(-(theoretical + MARGIN) // (2 * STRIDES))
    if question.inputs == "noise":
        generator = torch.Generator().manual_seed(question.training.seed + draw)
        return torch.randn(images, data.channels, side, side, generator=generator)
    first = draw * images % (len(data.test_images) - images)
    return _continued(data.test_images[first : first + images], side)


def _continued(pictures: Tensor, side: int) -> Tensor:
    """Pictures mirrored at their edges again and again until they fill `side` pixels."""
    height, width = pictures.shape[2:]
    rows, columns = (_there_and_back(length, side) for length in (height, width))
    return pictures[:, :, rows][:, :, :, columns]


def _there_and_back(length: int, side: int) -> Tensor:
    places = torch.arange(side) % (2 * length)
    return torch.minimum(places, 2 * length - 1 - places)


def _summary(config: ResNetConfig, steps: int, draws: Sequence[NDArray[np.float64]]) -> UnitField:
    mean = np.mean(draws, axis=0)
    sigma, fit = gaussian_fit(mean)
    largest = float(mean.max())
    return UnitField(
        depth=config.layers,
        plain=config.is_plain,
        steps=steps,
        theoretical=mean.shape[0],
        field=(mean / largest if largest > 0 else mean).astype(np.float16),
        side=effective_side(mean),
        sides=np.array([effective_side(one) for one in draws]),
        spread=spread(mean),
        sigma=sigma,
        fit=fit,
    )
