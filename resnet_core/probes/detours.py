"""Force the gradient onto one path: through the branch of chosen blocks, and around all others."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager

from torch import Tensor, nn

from resnet_core.errors import ProbeError
from resnet_core.probes.residual import residual_blocks


class Detours:
    """Decides, before each backward pass, through which branches the gradient may come back."""

    def __init__(self, blocks: tuple[str, ...]) -> None:
        self.blocks = blocks
        self.through: Collection[str] | None = None  # the blocks whose branch is taken; None: both ways everywhere


@contextmanager
def detours(model: nn.Module) -> Iterator[Detours]:
    """A `with` block around one forward pass and any number of backward passes.

    Choose a path by setting `through`, then call backward, or torch.autograd.grad with retain_graph=True. What comes
    back through the other way of a block is set to zero (Veit et al. 2016, arXiv:1605.06431, section 5). The hooks
    leave the model as it was.

    Raises:
        ProbeError: a block has no shortcut to go around it.
    """
    modules = dict(model.named_modules())
    chosen = Detours(residual_blocks(model))
    with ExitStack() as listening:
        for block in chosen.blocks:
            skip_in = modules.get(f"{block}.skip_in")
            if skip_in is None:
                raise ProbeError("{block} has no shortcut, so no path goes around it.", block=block)
            listening.enter_context(skip_in.register_forward_hook(_gate(chosen, block, branch=False)))
            listening.enter_context(modules[f"{block}.branch_in"].register_forward_hook(_gate(chosen, block, True)))
        yield chosen


def _gate(chosen: Detours, block: str, branch: bool) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
    def let_through(gradient: Tensor) -> Tensor:
        is_open = chosen.through is None or (block in chosen.through) is branch
        return gradient if is_open else gradient.new_zeros(gradient.shape)

    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if output.requires_grad:
            output.register_hook(let_through)

    return hook
