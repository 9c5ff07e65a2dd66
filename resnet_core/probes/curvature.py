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

    After k products there are k estimates (Ritz values). The largest and the smallest eigenvalue are found first; in
    float64 all that differ are found in the end, each once. Every new direction is made orthogonal to all before it,
    twice, so that rounding brings no eigenvalue up again. Ends early when nothing is left to find.

    Args:
        product: v (size,) -> A v, float64.
        size: P.
        steps: products at most.
        seed: of the first direction, drawn from a normal distribution.
        every: products between two yields; the last estimates are always yielded.
    """
    generator = torch.Generator().manual_seed(seed)
    direction = torch.randn(size, generator=generator, dtype=torch.float64)
    directions = [direction / direction.norm()]
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        after = product(directions[-1])
        diagonal.append(float(after @ directions[-1]))
        known = torch.stack(directions)
        for _ in range(2):
            after = after - known.T @ (known @ after)
        left = float(after.norm())
        ended = len(diagonal) == min(steps, size) or left <= _NOTHING_LEFT * max(map(abs, diagonal))
        if ended or len(diagonal) % every == 0:
            yield np.linalg.eigvalsh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
        if ended:
            return
        beside.append(left)
        directions.append(after / left)


def _flat(parts: Sequence[Tensor]) -> Tensor:
    return torch.cat([part.reshape(-1) for part in parts])
