"""Directions in which a network's weights can be moved: filter-normalised random ones, and those of a path.

A point is one flat tensor of all the weights that move: those of convolutions and linear layers. Biases and the
scales and shifts of normalisations stay (Li et al. 2018, arXiv:1712.09913, section 4 and their code's `biasbn`).
"""

import torch
from torch import Tensor, nn

TINY = 1e-10  # keeps a filter of zeros from a division by zero


def filter_weights(model: nn.Module) -> list[nn.Parameter]:
    """The parameters that move: all with at least two dimensions, in the model's order."""
    return [weight for weight in model.parameters() if weight.dim() >= 2]


def point_of(model: nn.Module) -> Tensor:
    """The weights that move, as one flat copy in float32 on the CPU, (weights,)."""
    return torch.cat([weight.detach().float().cpu().reshape(-1) for weight in filter_weights(model)])


def filter_direction(model: nn.Module, generator: torch.Generator) -> Tensor:
    """A random direction, (weights,), in which each filter is as long as the model's own filter.

    d_ij <- d_ij / |d_ij| * |w_ij|, where j counts the output channels of layer i, and the rows of a linear layer.
    All in all it is as long as the weights are. Li et al. 2018, section 4.
    """
    parts = []
    for weight in filter_weights(model):
        own = weight.detach().float().cpu()
        drawn = torch.randn(own.shape, generator=generator)
        inside = tuple(range(1, own.dim()))
        length, wanted = (torch.linalg.vector_norm(one, dim=inside, keepdim=True) for one in (drawn, own))
        parts.append((drawn / (length + TINY) * wanted).reshape(-1))
    return torch.cat(parts)


def path_directions(path: Tensor) -> Tensor:
    """Two orthogonal directions, (2, weights), that span the plane through the path's end which holds most of it.

    `path` is (saves, weights), the end last. "Most" is most of the squared distance from the end: the first two right
    singular vectors of path - end. Li et al. 2018, section 7.2, who take the mean off as well, so that their plane
    need not go through the end. Both are as long as the end's weights; the first points to where the path began. A
    path that does not leave its line, or its point, gets a second direction of zeros, or two.
    """
    end = path[-1]
    away = (path - end).double()
    _, lengths, directions = torch.linalg.svd(away, full_matrices=False)
    found = torch.zeros(2, path.shape[1], dtype=torch.float64)
    count = min(2, int((lengths > 1e-6 * torch.linalg.vector_norm(end.double())).sum()))
    found[:count] = directions[:count]
    begin = away[0] @ found.T
    found *= torch.where(begin < 0, -1.0, 1.0)[:, None]  # the sign of a singular vector is arbitrary
    return (found * torch.linalg.vector_norm(end.double())).float()


def project(path: Tensor, directions: Tensor) -> tuple[Tensor, float]:
    """Where the path (saves, weights) runs in the plane through its end, (saves, 2), and how much of it lies there.

    The coordinates are those of the nearest point of the plane; the share is that of the squared distances from the
    end, over all saves: 1 where the whole path lies in the plane, NaN where it never moved.
    """
    away, axes = (path - path[-1]).double(), directions.double()
    places = away @ torch.linalg.pinv(axes)
    whole = away.square().sum()
    return places, float((places @ axes).square().sum() / whole) if whole > 0 else float("nan")
