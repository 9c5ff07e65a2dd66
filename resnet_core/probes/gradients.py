"""How much of the loss's gradient each convolution receives."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resnet_core.errors import ProbeError
from resnet_core.probes.names import on_main_path


def conv_layers(model: nn.Module) -> tuple[str, ...]:
    """Names of the convolutions of the main path, in the order of the forward pass. Projections are left out.

    The order is that in which the model registers its modules.
    """
    return tuple(name for name, module in model.named_modules() if isinstance(module, nn.Conv2d) and on_main_path(name))


class GradientMeter:
    """Reads the gradient norm of every main-path convolution with one call, many times over."""

    def __init__(self, model: nn.Module) -> None:
        self.layers = conv_layers(model)
        self._weights = [model.get_parameter(f"{name}.weight") for name in self.layers]

    def norms(self) -> Tensor:
        """L2 norms of dloss/dweight, (layers,), in float32, on the model's device. Call it after loss.backward().

        Raises:
            ProbeError: a convolution has no gradient.
        """
        gradients = []
        for name, weight in zip(self.layers, self._weights, strict=True):
            if weight.grad is None:
                raise ProbeError(
                    "{name} has no gradient yet. Call loss.backward() before reading gradient norms.", name=name
                )
            gradients.append(weight.grad)
        if not gradients:
            return torch.empty(0)
        return torch.stack(torch._foreach_norm(gradients)).float()  # pyright: ignore[reportPrivateImportUsage]


def gradient_norms(model: nn.Module) -> NDArray[np.float64]:
    """L2 norm of each main-path convolution's weight gradient, (layers,). Call it after loss.backward().

    Raises:
        ProbeError: a convolution has no gradient.
    """
    return GradientMeter(model).norms().cpu().numpy().astype(np.float64)
