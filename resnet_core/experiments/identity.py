"""Can SGD learn the identity? Stacks of non-linear layers are trained to copy their input."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from resnet_core.data import load_data
from resnet_core.errors import Sentence
from resnet_core.questions.depth import IdentityQuestion, Start
from resnet_core.recipe import DataConfig
from resnet_core.records.depth import IdentityReport
from resnet_core.records.progress import Progress

DOING = (Sentence("training a plain network"), Sentence("training a residual network"))
MOMENTUM = 0.9


class Copier(nn.Module):
    """Blocks of two fully connected layers, each block as wide as the input: x -> ReLU(F(x)) or ReLU(F(x) + x).

    F is linear, BN, ReLU, linear, BN. Without shortcuts that is a stack of `layers` times linear, BN, ReLU. Inputs must
    not be negative: then weights exist with which either kind copies exactly. Shapes: (N, width) -> (N, width)
    """

    def __init__(self, layers: int, width: int, residual: bool, norm: bool) -> None:
        super().__init__()
        self.residual = residual
        self.branches = nn.ModuleList(_branch(width, norm) for _ in range(layers // 2))

    def forward(self, x: Tensor) -> Tensor:
        """(N, width) in, (N, width) out."""
        for branch in self.branches:
            change = branch(x)
            x = torch.relu(x + change if self.residual else change)
        return x


def identity(question: IdentityQuestion) -> Iterator[Progress]:
    """Can a stack of layers that start at random learn to copy its input?

    The input is a picture of a digit, 8x8 pixels from 0 to 1; the target is the same picture. The loss is the mean
    squared error over the pixels' variance: 0 is a perfect copy, 1 what showing the mean picture every time gets. Plain
    and residual stacks start from the same weights and see the same batches. SGD with momentum; every learning rate is
    tried for every stack. With start="zero" every residual branch begins at 0, as with zero-gamma: such a stack copies
    before its first step, and what is asked is whether it still does after the last.

    He et al. 2015 (arXiv:1512.03385), section 3.1: "the solvers might have difficulties in approximating identity
    mappings by multiple nonlinear layers".
    """
    train, test = _pixels()
    report = _nothing_yet(question, test)
    whole, done = 4 * len(question.rates) * question.seeds * sum(question.depths), 0.0
    for number, seed in enumerate(report.seeds):
        for place, layers in enumerate(question.depths):
            for norm in (0, 1):
                for kind in (0, 1):
                    for rate, learning_rate in enumerate(question.rates):
                        model = _begin(layers, train.shape[1], kind == 1, norm == 0, question.start, seed)
                        losses = []
                        for loss in _train(model, train, learning_rate, question, seed):
                            losses.append(loss)
                            share = len(losses) / question.steps
                            yield Progress(min(0.999, (done + layers * share) / whole), report, DOING[kind])
                        report = _with(report, (kind, norm, place, rate, number), losses, model, train, test)
                        done += layers
    yield Progress(1.0, report)


def relative_error(copies: Tensor, pictures: Tensor, variance: Tensor) -> Tensor:
    """Mean squared error over `variance`, which is that of a pixel, averaged over the pixels."""
    return (copies - pictures).square().mean() / variance


def _branch(width: int, norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    for last in (False, True):
        layers.append(nn.Linear(width, width, bias=not norm))
        layers += [nn.BatchNorm1d(width)] if norm else []
        layers += [] if last else [nn.ReLU()]
    return nn.Sequential(*layers)


@torch.no_grad()
def _begin(layers: int, width: int, residual: bool, norm: bool, start: Start, seed: int) -> Copier:
    """A stack whose weights depend on the seed and on each layer's number alone."""
    model = Copier(layers, width, residual, norm)
    for number, layer in enumerate(module for module in model.modules() if isinstance(module, nn.Linear)):
        generator = torch.Generator().manual_seed(1000 * seed + number)
        bound = width**-0.5
        if start == "he":
            layer.weight.normal_(0, (2 / width) ** 0.5, generator=generator)
        else:
            layer.weight.uniform_(-bound, bound, generator=generator)  # PyTorch's own
        if layer.bias is not None:
            layer.bias.zero_() if start == "he" else layer.bias.uniform_(-bound, bound, generator=generator)
    if start == "zero" and residual:
        for branch in model.branches:
            for weight in list(branch.children())[-1].parameters():
                weight.zero_()
    return model


def _train(model: nn.Module, pictures: Tensor, rate: float, question: IdentityQuestion, seed: int) -> Iterator[float]:
    """The relative error of each batch. One that is not finite is the last."""
    variance = pictures.var(0, correction=0).mean()
    optimiser = torch.optim.SGD(model.parameters(), lr=rate, momentum=MOMENTUM)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(question.steps):
        batch = pictures[torch.randint(len(pictures), (question.batch,), generator=generator)]
        loss = relative_error(model(batch), batch, variance)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield loss.item()
        if not torch.isfinite(loss):
            return


def _pixels() -> tuple[Tensor, Tensor]:
    """Training and test pictures of digits as (N, 64), each pixel from 0 to 1."""
    data = load_data(DataConfig(name="digits", size=8))
    train, test = (
        (images.flatten(1) * data.std[0] + data.mean[0]).clamp(0, 1) for images in (data.train_images, data.test_images)
    )
    return train, test


def _nothing_yet(question: IdentityQuestion, test: Tensor) -> IdentityReport:
    side = round(test.shape[1] ** 0.5)
    shape = 2, 2, len(question.depths), len(question.rates), question.seeds
    return IdentityReport(
        depths=question.depths,
        rates=question.rates,
        seeds=tuple(question.seed + number for number in range(question.seeds)),
        steps=question.steps,
        start=question.start,
        errors=np.full(shape, np.nan),
        tests=np.full(shape, np.nan),
        diverged=np.zeros(shape, dtype=bool),
        picture=test[0].reshape(side, side).numpy().astype(np.float32),
        copies=np.full((2, 2, len(question.depths), side, side), np.nan, dtype=np.float32),
    )


@torch.no_grad()
def _with(
    report: IdentityReport, place: tuple[int, int, int, int, int], losses: list[float], model: nn.Module,
    train: Tensor, test: Tensor,
) -> IdentityReport:  # fmt: skip
    """The report with what one training gave."""
    errors, tests, diverged, copies = (
        part.copy() for part in (report.errors, report.tests, report.diverged, report.copies)
    )
    made = model.eval()(test)
    test_error = relative_error(made, test, train.var(0, correction=0).mean()).item()
    diverged[place] = not np.isfinite([*losses, test_error]).all()
    if not diverged[place]:
        errors[place] = np.mean(losses[-max(1, len(losses) // 8) :])
        tests[place] = test_error
        others = report.errors[place[:3]][: place[3], place[4]]
        if place[4] == 0 and errors[place] < np.nanmin(others, initial=np.inf):
            copies[place[:3]] = made[0].reshape(report.picture.shape).numpy()
    return replace(report, errors=errors, tests=tests, diverged=diverged, copies=copies)
