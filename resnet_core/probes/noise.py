"""BatchNorm whose work is undone at random: noise after it, from another distribution at every step."""

import zlib
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


class NoisyNorms:
    """A `with` block in which noise is added to every BatchNorm's output.

    A channel's noise has a mean and a standard deviation of its own, both drawn anew at every `step`, and is drawn
    independently for each sample and pixel. So what a layer passes on has neither the mean nor the variance that
    BatchNorm gave it, and its distribution jumps from step to step: the "noisy" BatchNorm of Santurkar et al. 2018
    (arXiv:1805.11604), section 2.1. Passes of one step meet the same noise, so that losses within it can be compared.
    Set `step` before the first pass of each step.

    Args:
        model: with BatchNorm, whose output has deviation 1 at the start.
        seed: of all noise.
        mean: the channels' means are drawn evenly from -mean to mean.
        deviation: the channels' standard deviations are drawn evenly from 0 to `deviation`.
    """

    def __init__(self, model: nn.Module, seed: int, mean: float, deviation: float) -> None:
        self.step = 0
        self._seed, self._mean, self._deviation = seed, mean, deviation
        self._norms = [(name, module) for name, module in model.named_modules() if isinstance(module, _BatchNorm)]
        self._generator = torch.Generator()
        self._hooks = ExitStack()

    def __enter__(self) -> Self:
        for name, module in self._norms:
            self._hooks.enter_context(module.register_forward_hook(self._disturber(name)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hooks.close()

    def _disturber(self, name: str):  # noqa: ANN202 - a hook
        def hook(module: nn.Module, inputs: tuple[object, ...], output: Tensor) -> Tensor:
            draw = self._generator.manual_seed(zlib.crc32(f"{self._seed}/noise/{self.step}/{name}".encode()))
            channels = (1, output.shape[1], *(1 for _ in output.shape[2:]))
            mean = self._mean * (2 * torch.rand(channels, generator=draw) - 1)
            deviation = self._deviation * torch.rand(channels, generator=draw)
            return output + (mean + deviation * torch.randn(output.shape, generator=draw)).to(output)

        return hook
