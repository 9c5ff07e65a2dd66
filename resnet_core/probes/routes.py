"""Many ways through the same modules, each stretch of the way computed once.

Networks without some of their blocks, or with blocks in another order, begin alike. In alphabetical order each route
shares the longest beginning with the one before it, so that one stack of activations serves them all.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

Route = Sequence[int]  # which module comes first, second, ...


def run_routes(modules: Sequence[nn.Module], images: Tensor, routes: Sequence[Route]) -> Iterator[tuple[int, Tensor]]:
    """What comes out of each route for `images` (N, C, H, W), as (number of the route, output), in any order.

    A route names modules by their number in `modules` in the order in which `images` pass through them. For n routes
    that leave out one of n modules each, this takes half the time of n forward passes; memory for one activation per
    module of a route is needed. The modules are used as they are: put them into eval mode before.
    """
    walked: list[int] = []
    outputs: list[Tensor] = [images]  # before the first module, after it, after the second, ...
    for number in sorted(range(len(routes)), key=lambda number: tuple(routes[number])):
        route = list(routes[number])
        shared = _shared(walked, route)
        del outputs[shared + 1 :]
        with torch.inference_mode():
            for module in route[shared:]:
                outputs.append(modules[module](outputs[-1]))
        walked = route
        yield number, outputs[-1]


def _shared(one: Route, other: Route) -> int:
    """How many modules two routes have in common at their beginning."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
