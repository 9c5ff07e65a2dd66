"""How far the gradient can be trusted: loss and gradient at points along the line that it points down."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

Weights = Mapping[str, Tensor]  # parameters by name


@dataclass(frozen=True)
class GradientLine:
    """What was met on the way. `steps` are learning rates: a step of size s ends at weights - s * gradient."""

    start: float  # loss where the line begins
    gradient: Weights  # g, there
    norm: float  # ||g||, its L2 norm over all weights together
    losses: tuple[float, ...]  # at the end of each step
    changes: tuple[float, ...]  # ||g' - g|| there
    steps: tuple[float, ...]

    @property
    def smoothness(self) -> float:
        """The largest gradient change per distance moved, max ||g' - g|| / (s ||g||).

        0 where the gradient is 0, infinite where a step ends at a gradient that is not finite.
        """
        if not self.norm:
            return 0.0
        if not all(map(math.isfinite, self.changes)):
            return math.inf
        return max(change / (step * self.norm) for change, step in zip(self.changes, self.steps, strict=True))


def walk_down(loss: Callable[[Weights], Tensor], weights: Weights, steps: Sequence[float]) -> GradientLine:
    """Take steps of several sizes from the same place along the same gradient, and look at loss and gradient there.

    Loss range, gradient change ("gradient predictiveness") and effective beta-smoothness of Santurkar et al. 2018
    (arXiv:1805.11604), section 3.2, are read off the result.

    Args:
        loss: a scalar from weights.
        weights: where the line begins. They are left as they are.
        steps: sizes above 0.
    """
    start, gradient = gradient_at(loss, weights)
    norm = _norm(gradient)
    losses, changes = [], []
    for step in steps:
        there = {name: weight - step * gradient[name] for name, weight in weights.items()}
        value, other = gradient_at(loss, there)
        losses.append(value)
        changes.append(_norm({name: other[name] - gradient[name] for name in weights}))
    return GradientLine(start, gradient, norm, tuple(losses), tuple(changes), tuple(steps))


def gradient_at(loss: Callable[[Weights], Tensor], weights: Weights) -> tuple[float, dict[str, Tensor]]:
    """Loss and gradient at `weights`, which are left as they are."""
    free = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
    value = loss(free)
    gradients = torch.autograd.grad(value, list(free.values()))
    return float(value.detach()), dict(zip(free, gradients, strict=True))


def loss_of(model: nn.Module, images: Tensor, labels: Tensor) -> Callable[[Weights], Tensor]:
    """Cross-entropy of `model` on one batch as a function of its weights.

    The model keeps its mode, its own weights and its running statistics: what is written there goes to copies.
    """

    def loss(weights: Weights) -> Tensor:
        buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}
        return F.cross_entropy(functional_call(model, {**weights, **buffers}, (images,)), labels)

    return loss


def _norm(parts: Weights) -> float:
    return float(torch.sqrt(sum(part.double().square().sum() for part in parts.values())))  # pyright: ignore
