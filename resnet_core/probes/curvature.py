"""The curvature of a loss, as products with a vector: the Hessian, Gauss-Newton, and their eigenvalues by Lanczos.

The Hessian H of a loss with respect to all weights of a network is a P by P matrix that nobody writes down for large P.
Its product with a vector costs about two backward passes (Pearlmutter 1994), and Lanczos' method finds eigenvalues from
such products alone.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_NOTHING_LEFT = 1e-12  # of the largest entry: what is left of a direction is rounding

Product = Callable[[Tensor], Tensor]  # v (P,) -> A v (P,)


def hessian_product(model: nn.Module, loss: Tensor) -> Product:
    """v -> H v for the Hessian of `loss`, a number computed by `model`, with respect to its weights, in their order.

    The graph of `loss` is kept until the product is dropped; no gradient is written into the model.
    """
    weights = list(model.parameters())
    gradient = _flat(torch.autograd.grad(loss, weights, create_graph=True))

    def product(vector: Tensor) -> Tensor:
        parts = torch.autograd.grad(gradient @ vector, weights, retain_graph=True, materialize_grads=True)
        return _flat(parts)

    return product


def gauss_newton_product(model: nn.Module, outputs: Tensor, loss: Tensor) -> Product:
    """v -> G v, G = J^T M J, with J = doutputs/dweights (N, P) and M the Hessian of `loss` in `outputs`.

    G is what the Hessian of `loss` would be if the outputs were linear in the weights. Where the loss is convex in the
    outputs, no eigenvalue is negative (Schraudolph 2002). J v is the derivative of u -> v^T J^T u, which is linear.
    """
    weights = list(model.parameters())
    slope = torch.autograd.grad(loss, outputs, create_graph=True)[0]
    probe = torch.zeros_like(outputs, requires_grad=True)
    pulled = _flat(torch.autograd.grad(outputs, weights, probe, create_graph=True, materialize_grads=True))

    def product(vector: Tensor) -> Tensor:
        pushed = torch.autograd.grad(pulled @ vector, probe, retain_graph=True)[0]
        curved = torch.autograd.grad(slope, outputs, pushed, retain_graph=True)[0]
        return _flat(torch.autograd.grad(outputs, weights, curved, retain_graph=True, materialize_grads=True))

    return product


def lanczos(product: Product, size: int, steps: int, seed: int = 0, every: int = 1) -> Iterator[NDArray[np.float64]]:
    """Estimates of the eigenvalues of a symmetric A, ascending, better with each product with a vector.

    After k products there are k estimates (Ritz values). The largest and the smallest eigenvalue are found first; after
    `size` products all are there, as often as they occur. Every new direction is made orthogonal to all before it, so
    that rounding brings no eigenvalue up again, and where none is left to go in, as when an eigenvalue occurs twice, a
    new one is drawn.

    Args:
        product: v (size,) -> A v, float64.
        size: P.
        steps: products at most.
        seed: of the first direction, drawn from a normal distribution.
        every: products between two yields; the last estimates are always yielded.
    """
    generator = torch.Generator().manual_seed(seed)
    directions = torch.empty(min(steps, size), size, dtype=torch.float64)
    diagonal, beside = np.zeros(len(directions)), np.zeros(len(directions))
    directions[0] = _next(torch.zeros(size, dtype=torch.float64), directions[:0], 1.0, generator)[0]
    for number in range(len(directions)):
        after = product(directions[number])
        diagonal[number] = float(after @ directions[number])
        if number + 1 < len(directions):
            scale = float(np.abs(diagonal).max())
            directions[number + 1], beside[number] = _next(after, directions[: number + 1], scale, generator)
        if (number + 1) % every == 0 or number + 1 == len(directions):
            near = beside[:number]
            small = np.diag(diagonal[: number + 1]) + np.diag(near, 1) + np.diag(near, -1)
            yield np.linalg.eigvalsh(small).astype(np.float64)


def _next(after: Tensor, known: Tensor, scale: float, generator: torch.Generator) -> tuple[Tensor, float]:
    """What of `after` is orthogonal to the rows of `known`, of length 1, and the length it had; if none, a new one."""
    after = _beside(after, known)
    length = float(after.norm())
    if length <= _NOTHING_LEFT * scale:
        after = _beside(torch.randn(len(after), generator=generator, dtype=torch.float64), known)
        return after / after.norm(), 0.0
    after = _beside(after / length, known)  # once more, since little may have been left
    return after / after.norm(), length


def _beside(vector: Tensor, known: Tensor) -> Tensor:
    for _ in range(2):  # the second time takes what rounding left of the first
        vector = vector - known.T @ (known @ vector)
    return vector


def _flat(parts: Sequence[Tensor]) -> Tensor:
    return torch.cat([part.reshape(-1) for part in parts])
