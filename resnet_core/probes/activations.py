"""Mean and standard deviation of what layers put out: the layer responses of He et al. 2015, figure 7."""

import math
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import torch
from torch import Tensor, nn

from resnet_core.probes.gradients import conv_layers
from resnet_core.probes.names import find_layer, on_main_path


class ResponseMeter:
    """A `with` block that measures the mean and standard deviation of each named layer's output.

    The standard deviation comes from the L2 norm and the mean, sqrt(E[x^2] - E[x]^2): torch.std takes several times
    as long on a CPU. The subtraction costs digits where the mean is thousands of times the deviation. Sums in float64
    take longer, and hold the square of every float32.
    """

    def __init__(self, model: nn.Module, layers: Sequence[str], sums: torch.dtype = torch.float32) -> None:
        self.layers = tuple(layers)
        self._dtype = sums
        self._modules = [find_layer(model, name) for name in self.layers]
        self._sums: list[Tensor] = []
        self._counts: list[int] = []
        self._hooks = ExitStack()

    def __enter__(self) -> Self:
        self._sums = [torch.full((2,), math.nan)] * len(self.layers)
        self._counts = [1] * len(self.layers)
        for index, module in enumerate(self._modules):
            self._hooks.enter_context(module.register_forward_hook(self._listener(index)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hooks.close()

    def moments(self) -> Tensor:
        """Mean and standard deviation of the last forward pass, (2, layers), NaN for a layer that was not reached."""
        device = self._sums[0].device if self._sums else None
        mean, norm = torch.stack([pair.to(device) for pair in self._sums]).T.double()
        square = norm**2 / torch.tensor(self._counts, device=device)
        return torch.stack([mean, (square - mean**2).clamp_min(0).sqrt()])

    def _listener(self, index: int):  # noqa: ANN202 - a hook
        def hook(module: nn.Module, inputs: tuple[object, ...], output: Tensor) -> None:
            output = output.detach()
            self._counts[index] = output.numel()
            self._sums[index] = torch.stack(
                [output.mean(dtype=self._dtype), torch.linalg.vector_norm(output, dtype=self._dtype)]
            )

        return hook


def response_layers(model: nn.Module, image: Tensor) -> tuple[str, ...]:
    """For each of `conv_layers`, the layer whose output is its response: the normalisation that reads it, or itself.

    "The responses are the outputs of each 3x3 layer, after BN and before other nonlinearity" (He et al. 2015, figure
    7). Which normalisation reads a convolution is found by one forward pass of `image` (1, C, H, W) in eval mode, so
    it holds for both orders, before and after activation.
    """
    readers: dict[str, str] = {}
    written: dict[int, tuple[str, Tensor]] = {}  # the tensor is kept, so that its id stays its own

    def wrote(name: str):  # noqa: ANN202 - a hook
        return lambda module, inputs, output: written.__setitem__(id(output), (name, output))

    def read(name: str):  # noqa: ANN202 - a hook
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            if id(inputs[0]) in written:
                readers[written[id(inputs[0])][0]] = name

        return hook

    layers = conv_layers(model)
    was_training = model.training
    with ExitStack() as listening:
        for name, module in model.named_modules():
            if name in layers:
                listening.enter_context(module.register_forward_hook(wrote(name)))
            elif isinstance(module, nn.modules.batchnorm._BatchNorm) and on_main_path(name):
                listening.enter_context(module.register_forward_hook(read(name)))
        listening.callback(model.train, was_training)
        with torch.no_grad():
            model.eval()(image)
    return tuple(readers.get(name, name) for name in layers)
