"""Preconditioning: the curvature of the loss when a block is written as H(x), and when it is written as x + F(x)."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from resnet_core.config import InitKind
from resnet_core.errors import Sentence
from resnet_core.probes.curvature import gauss_newton_product, hessian_product, lanczos
from resnet_core.questions.depth import PreconditioningQuestion
from resnet_core.records.depth import PreconditioningReport
from resnet_core.records.progress import Progress

MEASURING = Sentence("measuring the curvature")
DESCENDING = Sentence("descending")
RESOLVED = 1e-11  # of the largest eigenvalue; what lies below is rounding in float64
HESSIAN_PRODUCTS = 40
CURVATURE_SHARE = 0.4  # of the time, about


class SmallNet(nn.Module):
    """Blocks of two fully connected layers: ReLU(H(x)), or ReLU(F(x) + x); the last block without the outer ReLU.

    H and F have the same form, V ReLU(W x), and the same weights. Shapes: (N, width) -> (N, width), float64.
    """

    def __init__(self, blocks: int, width: int, residual: bool) -> None:
        super().__init__()
        self.residual = residual
        empty = (torch.empty(width, width, dtype=torch.float64) for _ in range(2 * blocks))
        self.weights = nn.ParameterList(map(nn.Parameter, empty))

    def forward(self, x: Tensor) -> Tensor:
        """(N, width) in, (N, width) out."""
        weights = list(self.weights)
        for number, (inner, outer) in enumerate(zip(weights[::2], weights[1::2], strict=True), start=1):
            branch = torch.relu(x @ inner.T) @ outer.T
            x = x + branch if self.residual else branch
            if 2 * number < len(weights):
                x = torch.relu(x)
        return x


def preconditioning(question: PreconditioningQuestion) -> Iterator[Progress]:
    """Is the loss of a small network easier to descend when its blocks are written as x + F(x) instead of H(x)?

    The wanted map is (1 - far) x + far Q x with a random rotation Q; inputs are rectified normal numbers, as after a
    ReLU; the loss is half the squared error, averaged over the inputs, in units of what answering 0 would cost. At the
    start all eigenvalues of the Gauss-Newton matrix are found by Lanczos' method, and the ends of the Hessian's
    spectrum. Then gradient descent on all inputs at once, at every learning rate, from the same weights.

    Some eigenvalues are exactly 0 in either form, since a ReLU's input can be scaled up and its output down; so the
    textbook's condition number, largest over smallest, is infinite. The report compares the largest with the median.

    He et al. 2015 (arXiv:1512.03385), section 3.1: "if the optimal function is closer to an identity mapping than to a
    zero mapping, it should be easier for the solver to find the perturbations".
    """
    report = _nothing_yet(question)
    turns, done = 2 * question.seeds, 0
    for number, seed in enumerate(report.seeds):
        x, target = task(question, seed)
        for kind in (0, 1):
            model = start(question, kind == 1, seed)
            found = np.zeros(0)
            for found in _spectrum(model, x, target):
                share = min(1.0, len(found) / report.parameters) * CURVATURE_SHARE
                yield Progress(min(0.999, (done + share) / turns), report, MEASURING)
            report = _with_spectrum(report, (kind, number), found, _hessian_ends(model, x, target))
            for rate, learning_rate in enumerate(question.rates):
                losses = report.losses.copy()
                losses[kind, rate, number] = np.nan
                for step, loss in enumerate(_descend(start(question, kind == 1, seed), x, target, learning_rate)):
                    losses[kind, rate, number, step] = loss if np.isfinite(loss) else np.nan
                    if step == question.steps or not np.isfinite(loss):
                        break
                report = replace(report, losses=losses)
                share = CURVATURE_SHARE + (1 - CURVATURE_SHARE) * (rate + 1) / len(question.rates)
                yield Progress(min(0.999, (done + share) / turns), report, DESCENDING)
            done += 1
    yield Progress(1.0, report)


def relative_loss(outputs: Tensor, target: Tensor) -> Tensor:
    """Squared error over that of answering 0."""
    return (outputs - target).square().sum() / target.square().sum()


def task(question: PreconditioningQuestion, seed: int) -> tuple[Tensor, Tensor]:
    """Inputs and what shall come out, (points, width) each."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(question.points, question.width, generator=generator, dtype=torch.float64).relu()
    noise = torch.randn(question.width, question.width, generator=generator, dtype=torch.float64)
    rotation = torch.linalg.qr(noise).Q
    return x, (1 - question.far) * x + question.far * x @ rotation.T


@torch.no_grad()
def start(question: PreconditioningQuestion, residual: bool, seed: int) -> SmallNet:
    """A network whose weights depend on the seed and on nothing else."""
    model = SmallNet(question.blocks, question.width, residual)
    generator = torch.Generator().manual_seed(seed + 1)
    for weight in model.parameters():
        _draw(weight, question.init, generator)
    return model


def _draw(weight: Tensor, init: InitKind, generator: torch.Generator) -> None:
    width = weight.shape[1]
    if init == "he":
        weight.normal_(0, (2 / width) ** 0.5, generator=generator)
    else:
        weight.uniform_(-(width**-0.5), width**-0.5, generator=generator)  # PyTorch's own


def _spectrum(model: SmallNet, x: Tensor, target: Tensor) -> Iterator[np.ndarray]:
    outputs = model(x)
    size = sum(weight.numel() for weight in model.parameters())
    return lanczos(gauss_newton_product(model, outputs, relative_loss(outputs, target)), size, size, every=24)


def _hessian_ends(model: SmallNet, x: Tensor, target: Tensor) -> tuple[float, float]:
    size = sum(weight.numel() for weight in model.parameters())
    *_, found = lanczos(hessian_product(model, relative_loss(model(x), target)), size, HESSIAN_PRODUCTS)
    return float(found[0]), float(found[-1])


def _descend(model: SmallNet, x: Tensor, target: Tensor, rate: float) -> Iterator[float]:
    """The loss before each step of gradient descent, for ever."""
    weights = list(model.parameters())
    while True:
        loss = relative_loss(model(x), target)
        slopes = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for weight, slope in zip(weights, slopes, strict=True):
                weight.sub_(slope, alpha=rate)
        yield loss.item()


def _with_spectrum(
    report: PreconditioningReport, place: tuple[int, int], found: np.ndarray, ends: tuple[float, float]
) -> PreconditioningReport:
    """The report with the eigenvalues of one network."""
    spectrum, hessian = report.spectrum.copy(), report.hessian.copy()
    spectrum[place] = np.where(found > RESOLVED * found.max(), found, 0)[::-1]
    hessian[place] = ends
    return replace(report, spectrum=spectrum, hessian=hessian)


def _nothing_yet(question: PreconditioningQuestion) -> PreconditioningReport:
    parameters = 2 * question.blocks * question.width**2
    shape = 2, len(question.rates), question.seeds, question.steps + 1
    return PreconditioningReport(
        parameters=parameters,
        blocks=question.blocks,
        width=question.width,
        far=question.far,
        init=question.init,
        seeds=tuple(question.seed + number for number in range(question.seeds)),
        rates=question.rates,
        spectrum=np.full((2, question.seeds, parameters), np.nan),
        hessian=np.full((2, question.seeds, 2), np.nan),
        losses=np.full(shape, np.nan, dtype=np.float32),
    )
