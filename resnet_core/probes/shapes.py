"""The shape of every layer's output, without computing any of them."""

from contextlib import ExitStack

import torch
from torch import Tensor, nn
from torch.func import functional_call


def layer_shapes(model: nn.Module, input: tuple[int, int, int]) -> dict[str, tuple[int, ...]]:
    """Shape without the batch of every named module's output for one picture of shape `input` (C, H, W).

    The pass runs on the meta device, whatever device the model lives on, and changes nothing of it. Modules that
    were not reached are absent; the order is that in which they finished.
    """
    shapes: dict[str, tuple[int, ...]] = {}

    def listener(name: str):  # noqa: ANN202 - a hook
        def hook(module: nn.Module, inputs: tuple[object, ...], output: object) -> None:
            if isinstance(output, Tensor):
                shapes[name] = tuple(output.shape[1:])

        return hook

    with ExitStack() as listening:
        for name, module in model.named_modules():
            listening.enter_context(module.register_forward_hook(listener(name)))
        meta_forward(model, input)
    return shapes


def meta_forward(model: nn.Module, input: tuple[int, int, int]) -> Tensor:
    """The model's output for one picture, without values: a pass on the meta device in eval mode."""
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    stand_ins = {
        name: torch.empty_like(tensor, device="meta") for name, tensor in tensors.items() if not tensor.is_meta
    }
    image = torch.empty(1, *input, device="meta")
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        with torch.no_grad():
            return functional_call(model, stand_ins, image) if stand_ins else model(image)
    finally:
        for module in training:
            module.training = True
