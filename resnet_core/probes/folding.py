"""BatchNorm in eval mode as a part of the convolution before it, which saves a pass over the activations."""

from contextlib import ExitStack

import torch
from torch import Tensor, nn


@torch.no_grad()
def fold_norms(model: nn.Module, images: Tensor) -> tuple[nn.Module, dict[Tensor, Tensor]]:
    """Fold each BatchNorm that reads a convolution into it, in place; also say by how much each filter was scaled.

    With statistics that do not move, gamma (w x - mean) / std + beta is (gamma / std) w x + (beta - gamma mean / std).
    Which normalisation reads which convolution is found by a forward pass of `images` (N, C, H, W); one that reads
    something else stays as it is. Nothing but its normalisation may read a convolution that has one. The scales,
    (out_channels,), stand under the weights that were scaled.
    """
    scales: dict[Tensor, Tensor] = {}
    for conv_name, norm_name in _readers(model, images).items():
        conv, norm = model.get_submodule(conv_name), model.get_submodule(norm_name)
        assert isinstance(conv, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        assert norm.running_var is not None
        assert norm.running_mean is not None
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        before = conv.bias if conv.bias is not None else torch.zeros_like(scale)
        conv.weight.mul_(scale[:, None, None, None])
        conv.bias = nn.Parameter((before - norm.running_mean) * scale + norm.bias, requires_grad=False)
        parent, _, own = norm_name.rpartition(".")
        setattr(model.get_submodule(parent), own, nn.Identity())
        scales[conv.weight] = scale
    return model, scales


def _readers(model: nn.Module, images: Tensor) -> dict[str, str]:
    """The name of the BatchNorm that reads a convolution, for each that has one."""
    written: dict[int, tuple[str, Tensor]] = {}  # the tensor is kept, so that its id stays its own
    readers: dict[str, str] = {}

    def wrote(name: str):  # noqa: ANN202 - a hook
        return lambda module, inputs, output: written.__setitem__(id(output), (name, output))

    def read(name: str):  # noqa: ANN202 - a hook
        def hook(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if id(inputs[0]) in written:
                readers[written[id(inputs[0])][0]] = name

        return hook

    was_training = model.training
    with ExitStack() as listening, torch.no_grad():
        for name, module in model.named_modules():
            if isinstance(module, nn.Conv2d):
                listening.enter_context(module.register_forward_hook(wrote(name)))
            elif isinstance(module, nn.BatchNorm2d) and module.track_running_stats and module.affine:
                listening.enter_context(module.register_forward_pre_hook(read(name)))
        listening.callback(model.train, was_training)
        model.eval()(images)
    return readers
