"""BatchNorm from inside: the statistics of the batch beside the running ones."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


def norm_layers(model: nn.Module) -> tuple[str, ...]:
    """Names of the BatchNorms, in the order in which the model registers them."""
    return tuple(name for name, module in model.named_modules() if isinstance(module, _BatchNorm))


@contextmanager
def batch_statistics(model: nn.Module) -> Iterator[None]:
    """A `with` block in which the model is in evaluation mode, but its BatchNorms use each batch's own statistics.

    The running ones are neither used nor changed. Afterwards every module is in the mode in which it was.
    """
    modes = [(module, module.training) for module in model.modules()]
    norms = [module for module in model.modules() if isinstance(module, _BatchNorm)]
    tracked = [(norm, norm.running_mean, norm.running_var, norm.num_batches_tracked) for norm in norms]
    model.eval()
    try:
        for norm in norms:  # without running statistics it takes the batch's, in evaluation mode too
            norm.running_mean = norm.running_var = norm.num_batches_tracked = None
        yield
    finally:
        for norm, mean, variance, count in tracked:
            norm.running_mean, norm.running_var, norm.num_batches_tracked = mean, variance, count
        for module, training in modes:
            module.training = training


class StatisticsMeter:
    """A `with` block around a forward pass that compares, in every BatchNorm, the batch with the running statistics.

    It reads what the BatchNorm receives, so it is the same in training and in evaluation mode.
    """

    def __init__(self, model: nn.Module) -> None:
        self.layers = norm_layers(model)
        self._norms = [model.get_submodule(name) for name in self.layers]
        self._received: list[Tensor | None] = []
        self._hooks = ExitStack()

    def __enter__(self) -> Self:
        self._received = [None] * len(self.layers)
        for index, norm in enumerate(self._norms):
            self._hooks.enter_context(norm.register_forward_pre_hook(self._listener(index)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hooks.close()

    def gaps(self) -> Tensor:
        """Medians over the channels, (2, layers), NaN for a BatchNorm that was not reached.

        First |batch mean - running mean| / batch deviation, then running deviation / batch deviation. Every deviation
        is sqrt(variance + eps), as BatchNorm divides by it; the variance is the unbiased one, as it keeps it.
        """
        return torch.stack([self._gap(index) for index in range(len(self.layers))], dim=1)

    def _gap(self, index: int) -> Tensor:
        norm, received = self._norms[index], self._received[index]
        assert isinstance(norm, _BatchNorm)
        if received is None or norm.running_mean is None or norm.running_var is None:
            return torch.full((2,), torch.nan, dtype=torch.float64)
        values = received.double().transpose(0, 1).flatten(1)  # (channels, samples and pixels)
        deviation = (values.var(dim=1) + norm.eps).sqrt()
        gap = (values.mean(dim=1) - norm.running_mean).abs() / deviation
        return torch.stack([gap.median(), ((norm.running_var.double() + norm.eps).sqrt() / deviation).median()])

    def _listener(self, index: int):  # noqa: ANN202 - a hook
        def hook(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            self._received[index] = inputs[0].detach()

        return hook
