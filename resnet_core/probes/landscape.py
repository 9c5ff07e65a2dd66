"""The loss of a network as a function of where its weights are."""

import copy
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.probes.directions import filter_weights
from resnet_core.probes.folding import fold_norms

CHUNK = 256  # images per forward pass; on small pictures fewer cost more, on large ones more do not fit a cache


class Landscape:
    """The loss around the place where a network is. It moves a copy in eval mode and leaves the network alone.

    BatchNorm keeps the statistics, scales and shifts that the network has, so it is a fixed scale and shift: both are
    folded into the convolution before it, once for all points. All weights that move lie in one piece of memory, so
    that a step in any direction is one addition however many layers there are.
    """

    def __init__(self, model: nn.Module, images: Tensor, labels: Tensor) -> None:
        """Take the network and the (N, C, H, W) images with their (N,) labels over which the loss is a mean."""
        twin, scales = fold_norms(copy.deepcopy(model).cpu().float().eval().requires_grad_(False), images[:2])
        self._twin = twin.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self._images = images.contiguous(memory_format=torch.channels_last).split(CHUNK)
        self._labels = labels
        weights = filter_weights(self._twin)
        self._shapes = [weight.shape for weight in weights]
        self._scales = [scales.get(weight) for weight in weights]
        self._here = torch.cat([_stored(weight) for weight in weights])
        self._home = self._here.clone()
        for weight, part in zip(weights, self._split(self._here), strict=True):
            weight.data = part.view(_stored_shape(weight.shape)).permute(_back(weight.dim()))

    def towards(self, *directions: Tensor) -> Callable[..., float]:
        """The loss as a function of the distances that the network goes in these directions, (weights,) each.

        The function takes one number per direction and gives the cross-entropy in nats, infinite where the network's
        answers are no longer finite.
        """
        ways = [self._folded(direction) for direction in directions]

        @torch.inference_mode()
        def loss(*distances: float) -> float:
            self._here.copy_(self._home)
            for distance, way in zip(distances, ways, strict=True):
                self._here.add_(way, alpha=distance)
            answers = torch.cat([self._twin(images) for images in self._images])
            found = F.cross_entropy(answers, self._labels).item()
            return found if math.isfinite(found) else math.inf

        return loss

    def _split(self, flat: Tensor) -> tuple[Tensor, ...]:
        return flat.split([shape.numel() for shape in self._shapes])

    def _folded(self, direction: Tensor) -> Tensor:
        """The same direction for the copy: scaled as its filters were, in the order in which it stores them."""
        parts = []
        for part, shape, scale in zip(self._split(direction), self._shapes, self._scales, strict=True):
            change = part.view(shape)
            parts.append(_stored(change if scale is None else change * scale.view(-1, *[1] * (change.dim() - 1))))
        return torch.cat(parts)


def _stored(weight: Tensor) -> Tensor:
    """A weight flat, its channels last: oneDNN takes a quarter less time for such convolutions."""
    order = (0, *range(2, weight.dim()), 1)
    return weight.detach().permute(order).reshape(-1)


def _stored_shape(shape: torch.Size) -> tuple[int, ...]:
    return (shape[0], *shape[2:], shape[1])


def _back(dimensions: int) -> tuple[int, ...]:
    return (0, dimensions - 1, *range(1, dimensions - 1))
