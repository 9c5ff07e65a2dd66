"""Record what passes through named layers during a forward and a backward pass."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from torch import Tensor, nn

from resnet_core.probes.names import find_layer


@dataclass
class Tape:
    """What was heard. Keys are layer names; values are detached tensors, of the last pass where there were several."""

    activations: dict[str, Tensor] = field(default_factory=dict)  # in the order of the forward pass
    gradients: dict[str, Tensor] = field(default_factory=dict)  # dloss/dactivation, filled by loss.backward()


@contextmanager
def record(model: nn.Module, layers: Sequence[str], *, copy: bool = True) -> Iterator[Tape]:
    """Listen to the outputs of `layers` for the length of a `with` block, and leave the model as it was.

    Values are copies on the CPU. With `copy=False` they are the network's own tensors, which costs next to nothing
    and is right as long as no later layer works in place. Gradients are read by a hook on each output tensor, not by
    a module's backward hook, which an in-place layer further on would break (pytorch/pytorch#61519).

    Raises:
        ProbeError: the model has no layer of that name.
    """
    tape = Tape()
    keep = _copy if copy else Tensor.detach
    with ExitStack() as listening:
        for name in layers:
            listening.enter_context(find_layer(model, name).register_forward_hook(_listener(tape, name, keep)))
        yield tape


def _listener(
    tape: Tape, name: str, keep: Callable[[Tensor], Tensor]
) -> Callable[[nn.Module, tuple[object, ...], Tensor], None]:
    def hook(module: nn.Module, inputs: tuple[object, ...], output: Tensor) -> None:
        tape.activations[name] = keep(output)
        if output.requires_grad:
            output.register_hook(lambda grad: tape.gradients.__setitem__(name, keep(grad)))

    return hook


def _copy(tensor: Tensor) -> Tensor:
    return tensor.detach().cpu().clone()
