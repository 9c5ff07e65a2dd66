"""Internal covariate shift, measured: how a layer's gradient changes because the layers before it took their step."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from resnet_core.probes.line_of_gradient import Weights
from resnet_core.probes.names import on_main_path


class Shift(NamedTuple):
    """One layer's. Both gradients are of its own weights where they stand before the step."""

    gradient: float  # ||G||, before any layer has moved
    distance: float  # ||G - G'||, where G' is the gradient after the earlier layers alone have moved
    cosine: float  # of the angle between G and G'; NaN where one of them is 0


def layer_shift(
    loss: Callable[[Weights], Tensor],
    gradient: Tensor,
    before: Weights,
    after: Weights,
    layer: str,
    earlier: Sequence[str],
) -> Shift:
    """The internal covariate shift of one layer in one step (Santurkar et al. 2018, arXiv:1805.11604, definition 2.1).

    Args:
        loss: of the batch that the step was made from, as a function of all weights.
        gradient: G, that of the layer's weight at `before`.
        before: every weight at step t.
        after: every weight at step t + 1.
        layer: name of the weight whose gradient is compared.
        earlier: names of the weights of the layers before it.
    """
    hybrid = {**before, **{name: after[name] for name in earlier}}
    weight = before[layer].detach().requires_grad_()
    (moved,) = torch.autograd.grad(loss({**hybrid, layer: weight}), [weight])
    one, other = gradient.double().flatten(), moved.double().flatten()
    product = one.norm() * other.norm()
    cosine = float(one @ other / product) if product > 0 else math.nan
    return Shift(float(one.norm()), float((one - other).norm()), cosine)


def layers_in_order(model: nn.Module) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each convolution of the main path, as the name of its weight, with the names of all weights before it.

    What belongs to a convolution and comes after it, its bias and the normalisation that reads it, counts as a part
    of its layer. The order is that in which the model registers its modules.
    """
    names = [name for name, _ in model.named_parameters()]
    convolutions = {
        f"{name}.weight"
        for name, module in model.named_modules()
        if isinstance(module, nn.Conv2d) and on_main_path(name)
    }
    return tuple((name, tuple(names[:place])) for place, name in enumerate(names) if name in convolutions)
