"""The loss surface: how does the loss grow around a trained network?"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.evaluation import share_of_wrong_answers
from resnet_core.model import ResNet, build_model
from resnet_core.probes.directions import filter_direction, filter_weights, path_directions, point_of, project
from resnet_core.probes.landscape import Landscape
from resnet_core.questions.surface import LossSurfaceQuestion
from resnet_core.records.progress import Progress
from resnet_core.records.surface import LossSurface
from resnet_core.training import check_fit, train

SAVES = 30  # of the weights during training, besides the first
ROOM = 0.25  # beyond the path on each side of its own plane, over the length of the path there
LINE_POINTS = 25
STEP_COST = 6.0  # time of a training step over that of measuring a loss on as many pictures
TRAINING = Sentence("Training the next network")
COARSE = Sentence("Measuring a coarse plane")
LINES = Sentence("Measuring along lines")
FINE = Sentence("Measuring between the points of the plane")


def loss_surface(question: LossSurfaceQuestion) -> Iterator[Progress]:
    """Train the networks of `question`, then measure their loss in a plane and along lines through their weights.

    f(a, b) = L(w + a d + b e): mean cross-entropy in nats over the first training pictures, BatchNorm in eval mode with
    the statistics that it has after training. The random d and e are filter-normalised; biases and BatchNorm's
    parameters do not move. With plane="path", d and e span the plane through w that holds most of the optimiser's
    path, and the plane reaches a little further than the path. Source: Li et al. 2018 (arXiv:1712.09913), sections 4, 6
    and 7.

    The record holds (networks, side, side) losses; `side` grows as the plane is measured coarse to fine.

    Raises:
        ConfigError: a network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    for config in question.networks:
        check_fit(config, data)
    survey = Survey(question, data)
    networks, sides = range(len(question.networks)), [side for side in question.SIDES if side <= question.points]
    for index in networks:
        for _ in survey.train(index):
            yield survey.moment(TRAINING)
        for _ in survey.refine(index, sides[0]):
            yield survey.moment(COARSE)
    for index in networks:
        for _ in survey.walk(index):
            yield survey.moment(LINES)
    for side in sides[1:]:
        for index in networks:
            for _ in survey.refine(index, side):
                yield survey.moment(FINE)
        survey.side = side
    yield Progress(1.0, survey.record())


class Survey:
    """The surfaces as far as they are known. Each method that takes a while yields at every loss and every step."""

    def __init__(self, question: LossSurfaceQuestion, data: DataSet) -> None:
        self.side = question.SIDES[0]  # points per side of the finest plane that is whole for every trained network
        self._question, self._data = question, data
        self._models: list[ResNet] = []
        self._landscapes: list[Landscape] = []
        self._axes: list[Tensor] = []  # (2, weights) per network
        self._found = _blank(question, data)
        self._spent = 0.0
        losses = question.points**2 + question.lines * self._found.line.size
        self._step = STEP_COST * question.training.batch / self._found.images
        self._cost = len(question.networks) * (question.training.steps * self._step + losses)

    def moment(self, doing: str) -> Progress:
        """What can be told now."""
        return Progress(min(self._spent / self._cost, 0.999), self.record(), doing)

    def train(self, index: int) -> Iterator[None]:
        """Train a network, keep its path, and lay a plane through its end."""
        recipe = replace(self._question.training, precision="fp32", inspect_every=0)
        model = build_model(self._question.networks[index], recipe.seed)
        saves, path = save_steps(recipe.steps), [point_of(model)]
        for record in train(model, self._data, recipe):
            if not math.isfinite(record.loss):
                self._found.diverged[index] = True
            elif record.step in saves[1:-1]:
                path.append(point_of(model))
            self._spent += self._step
            yield
        self._lay(index, model, torch.stack([*path, point_of(model)]))

    def refine(self, index: int, side: int) -> Iterator[None]:
        """Measure what is not known yet of a plane of `side` x `side` points."""
        loss, x, y = (values[index] for values in (self._found.loss, self._found.x, self._found.y))
        plane = self._landscapes[index].towards(*self._axes[index])
        places = np.arange(0, len(x), (len(x) - 1) // (side - 1))
        for row in places:
            for column in places:
                if np.isnan(loss[row, column]):
                    loss[row, column] = plane(x[column], y[row])
                    self._spent += 1
                    yield

    def walk(self, index: int) -> Iterator[None]:
        """Measure along random lines."""
        for number, loss in enumerate(self._found.line_loss[index]):
            line = self._landscapes[index].towards(self._random(index, 2 + number))  # 0 and 1 are the plane's
            for place, distance in enumerate(self._found.line):
                loss[place] = line(distance)
                self._spent += 1
                yield

    def record(self) -> LossSurface:
        """What is known, as a record of its own."""
        found = self._found
        every = (found.points - 1) // (self.side - 1)
        return replace(
            found,
            x=found.x[:, ::every].copy(),
            y=found.y[:, ::every].copy(),
            loss=found.loss[:, ::every, ::every].copy(),
            path=found.path.copy(),
            captured=found.captured.copy(),
            line_loss=found.line_loss.copy(),
            centre=found.centre.copy(),
            test_error=found.test_error.copy(),
            diverged=found.diverged.copy(),
        )

    def _lay(self, index: int, model: ResNet, path: Tensor) -> None:
        """Choose a network's directions and say where its path and its points lie."""
        question, found = self._question, self._found
        found.test_error[index] = share_of_wrong_answers(model, self._data)
        self._models.append(model)
        self._landscapes.append(
            Landscape(model, self._data.train_images[: found.images], self._data.train_labels[: found.images])
        )
        if question.plane == "path":
            self._axes.append(path_directions(path))
        else:
            self._axes.append(torch.stack([self._random(index, number) for number in range(2)]))
        places, found.captured[index] = project(path, self._axes[index])
        found.path[index, : len(places)] = places
        for values, along in zip((found.x, found.y), places.T, strict=True):
            reach = _reach(along, question.reach) if question.plane == "path" else (-question.reach, question.reach)
            values[index] = np.linspace(*reach, question.points)
        found.centre[index] = self._landscapes[index].towards()()

    def _random(self, index: int, number: int) -> Tensor:
        generator = torch.Generator().manual_seed(zlib.crc32(f"{self._question.seed}/direction/{number}".encode()))
        return filter_direction(self._models[index], generator)


def save_steps(steps: int) -> list[int]:
    """The steps after which the weights are saved: before the first, after the last, and some between."""
    return sorted({round(steps * place / SAVES) for place in range(SAVES + 1)})


def _reach(along: Tensor, otherwise: float) -> tuple[float, float]:
    """From where to where a plane reaches so that the path, and the trained network at 0, lie well inside."""
    low, high = min(0.0, float(along.min())), max(0.0, float(along.max()))
    room = ROOM * (high - low)
    return (low - room, high + room) if room > 0 else (-otherwise, otherwise)


def _blank(question: LossSurfaceQuestion, data: DataSet) -> LossSurface:
    """A record in which everything is still to be measured."""
    networks, points = len(question.networks), question.points
    saves = save_steps(question.training.steps)
    meta = [build_model(config, device="meta") for config in question.networks]

    def nothing(*shape: int) -> NDArray[np.float64]:
        return np.full((networks, *shape), np.nan)

    return LossSurface(
        plane=question.plane,
        points=points,
        x=nothing(points),
        y=nothing(points),
        loss=nothing(points, points),
        path=nothing(len(saves), 2),
        path_steps=np.array(saves),
        captured=nothing(),
        line=np.linspace(-question.reach, question.reach, LINE_POINTS),
        line_loss=nothing(question.lines, LINE_POINTS),
        centre=nothing(),
        test_error=nothing(),
        guess=math.log(len(data.classes)),
        images=len(data.train_labels[: question.images]),
        weights=tuple(sum(weight.numel() for weight in filter_weights(model)) for model in meta),
        diverged=np.zeros(networks, dtype=bool),
    )
