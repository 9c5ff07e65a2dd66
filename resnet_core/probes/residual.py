"""How the gradient divides at the entrance of a residual block: through the shortcut, and through the branch.

dloss/dx is the sum of the two. A block lets itself be measured by passing x through two modules named `skip_in` and
`branch_in`, each of which returns a tensor of its own.
"""

import math
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import torch
from torch import Tensor, nn


def residual_blocks(model: nn.Module) -> tuple[str, ...]:
    """Names of the blocks that have a `branch_in`, in the order of the forward pass."""
    return tuple(name.removesuffix(".branch_in") for name, _ in model.named_modules() if name.endswith(".branch_in"))


class PathMeter:
    """A `with` block around forward and backward that measures both gradients of every block.

    It hooks tensors, not modules: a module's backward hook costs two to three times as much.
    """

    def __init__(self, model: nn.Module) -> None:
        self.blocks = residual_blocks(model)
        modules = dict(model.named_modules())
        taps = [modules.get(f"{block}.{tap}") for tap in ("skip_in", "branch_in") for block in self.blocks]
        self._taps = list(enumerate(taps))
        self._norms: list[Tensor | None] = []
        self._hooks = ExitStack()

    def __enter__(self) -> Self:
        self._norms = [None] * len(self._taps)
        for index, tap in self._taps:
            if tap is not None:
                self._hooks.enter_context(tap.register_forward_hook(self._listener(index)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hooks.close()

    def norms(self) -> Tensor:
        """L2 norms, (2, blocks): through the shortcut, through the branch; NaN where there is no such path."""
        if not self.blocks:
            return torch.empty(2, 0)
        device = next((norm.device for norm in self._norms if norm is not None), torch.device("cpu"))
        nothing = torch.tensor(math.nan, device=device)
        norms = [nothing if norm is None else norm for norm in self._norms]
        return torch.stack(norms).view(2, len(self.blocks))

    def _listener(self, index: int):  # noqa: ANN202 - a hook
        def keep(gradient: Tensor) -> None:
            self._norms[index] = torch.linalg.vector_norm(gradient, dtype=torch.float32)

        def hook(module: nn.Module, inputs: tuple[object, ...], output: Tensor) -> None:
            if output.requires_grad:
                output.register_hook(keep)

        return hook
