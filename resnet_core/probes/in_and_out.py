"""What goes into one layer and what comes out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from torch import Tensor, nn

from resnet_core.errors import ProbeError
from resnet_core.probes.names import find_layer


@dataclass
class Passage:
    """The tensors of the last pass, detached and the network's own: right as long as no layer works in place."""

    entered: Tensor | None = None
    left: Tensor | None = None

    def both(self) -> tuple[Tensor, Tensor]:
        """Input and output.

        Raises:
            ProbeError: nothing has passed.
        """
        if self.entered is None or self.left is None:
            raise ProbeError("Nothing passed through the layer. Run the network inside the with block.")
        return self.entered, self.left


@contextmanager
def in_and_out(model: nn.Module, layer: str) -> Iterator[Passage]:
    """Listen to one layer's input and output for the length of a `with` block, and leave the model as it was.

    Raises:
        ProbeError: the model has no layer of that name.
    """
    passage = Passage()

    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        passage.entered, passage.left = inputs[0].detach(), output.detach()

    with find_layer(model, layer).register_forward_hook(hook):
        yield passage
