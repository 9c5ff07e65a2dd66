"""The gradient itself, not only its norm, where the two paths of a residual block part and where they meet."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from torch import Tensor, nn

from resnet_core.probes.names import find_layer
from resnet_core.probes.residual import residual_blocks


@dataclass(slots=True)
class Split:
    """The gradients of one block, each of the shape of what it belongs to; None where the backward pass left none."""

    arriving: Tensor | None = None  # dloss/dy, y the block's output
    total: Tensor | None = None  # dloss/dx at the place where the paths part
    skip: Tensor | None = None  # its part through the shortcut; None without one
    branch: Tensor | None = None  # its part through the branch


@contextmanager
def record_splits(model: nn.Module) -> Iterator[dict[str, Split]]:
    """Listen to every residual block for the length of a `with` block around forward and backward.

    `total` is read at the tensor itself, which adds up whatever comes back to it, and not from the two parts: their
    sum can be compared with it. The hooks leave the model as it was.
    """
    splits = {block: Split() for block in residual_blocks(model)}
    modules = dict(model.named_modules())
    with ExitStack() as listening:
        for block, split in splits.items():
            branch_in = find_layer(model, f"{block}.branch_in")
            heard = [
                branch_in.register_forward_pre_hook(_at_input(split)),
                branch_in.register_forward_hook(_at_output(split, "branch")),
                find_layer(model, block).register_forward_hook(_at_output(split, "arriving")),
            ]
            skip_in = modules.get(f"{block}.skip_in")
            if skip_in is not None:
                heard.append(skip_in.register_forward_hook(_at_output(split, "skip")))
            for hook in heard:
                listening.enter_context(hook)
        yield splits


def _at_input(split: Split) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    def hook(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        _keep(inputs[0], split, "total")

    return hook


def _at_output(split: Split, name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        _keep(output, split, name)

    return hook


def _keep(tensor: Tensor, split: Split, name: str) -> None:
    if tensor.requires_grad:
        tensor.register_hook(lambda gradient: setattr(split, name, gradient))
