"""One pixel by hand: which multiplications and additions make one number of a feature map?"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resnet_core.errors import ProbeError
from resnet_core.experiments.pictures import Picture, coloured, shown
from resnet_core.images import IMAGENET_MEAN, IMAGENET_STD, to_input
from resnet_core.model import ResNet
from resnet_core.probes import receptive_fields, record
from resnet_core.probes.in_and_out import in_and_out
from resnet_core.records.arithmetic import (
    Addition,
    Convolution,
    LayerArithmetic,
    Maps,
    MaxPool,
    Normalisation,
    Relu,
    Rule,
)

ROUNDING = 2.0**-24  # of one float32 operation, relative to its result
BATCHNORM_OPERATIONS = 8  # of one output, however the formula is arranged
_KINDS = (nn.Conv2d, nn.BatchNorm2d, nn.ReLU, nn.MaxPool2d)
Numbers = NDArray[np.float64]


def layer_arithmetic(
    model: ResNet,
    picture: Picture,
    layer: str,
    size: int = 64,
    mean: Sequence[float] = IMAGENET_MEAN,
    std: Sequence[float] = IMAGENET_STD,
) -> LayerArithmetic:
    """What enters one layer, what it computes with, and what leaves it, in one pass in eval mode.

    `layer` is one of `arithmetic_layers(model)`; the picture is treated as in `picture_report`. Every output is also
    worked out a second time, with NumPy in float64. A float32 sum of n terms, added in any order, may be wrong by
    n * 2^-24 times the sum of the terms' absolute values (Higham 1993, doi:10.1137/0914050); what differs by more than
    that is counted.

    Raises:
        ProbeError: there is no arithmetic to show for a layer of that name.
        ConfigError: `mean` and `std` do not fit the network's channels.
    """
    if layer not in (known := arithmetic_layers(model)):
        raise ProbeError(
            "The network has no layer {layer!r} whose arithmetic can be shown. There are {known}.",
            layer=layer,
            known=", ".join(known),
        )
    batch = to_input(coloured(picture), size, model.config.in_channels, mean, std)
    rule, inputs, output = _addition(model, layer, batch) if layer.endswith(".sum") else _single(model, layer, batch)
    with np.errstate(over="ignore", invalid="ignore"):  # a network that has diverged
        apart = np.abs(by_hand(rule, inputs) - output)
        beyond = int((apart > allowed(rule, inputs)).sum())
    return LayerArithmetic(
        layer=layer,
        picture=shown(picture, size, model.config.in_channels),
        field=_field(model, layer, known),
        inputs=inputs,
        rule=rule,
        output=output,
        difference=float(apart.max()),
        beyond=beyond,
    )


def arithmetic_layers(model: ResNet) -> tuple[str, ...]:
    """Layers of stem and blocks whose outputs can be worked out by hand, in the order of the forward pass."""
    names = [
        name
        for name, module in model.named_modules()
        if name.startswith(("stem.", "stages."))
        and (isinstance(module, _KINDS) or (name.endswith(".sum") and _has_shortcut(model, name)))
    ]
    smallest = torch.zeros(1, model.config.in_channels, 8, 8)
    with record(model, names, copy=False) as tape:
        _pass(model, smallest)
    return tuple(tape.activations)


def by_hand(rule: Rule, inputs: tuple[Maps, ...]) -> Numbers:
    """All outputs of a layer, in float64, from its definition: (channels, height, width)."""
    first = inputs[0].astype(np.float64)
    match rule:
        case Convolution():
            bias = 0.0 if rule.bias is None else rule.bias.astype(np.float64)[:, None, None]
            return convolve(rule, first, rule.weight.astype(np.float64)) + bias
        case Normalisation():
            mean, variance, gamma, beta = _per_channel(rule)
            return (first - mean) / np.sqrt(variance + rule.epsilon) * gamma + beta
        case Relu():
            return np.maximum(0, first)
        case MaxPool():
            padded = _padded(first, rule.padding, -np.inf)
            return np.max([shift for _, shift in _shifts(padded, rule.kernel, rule.stride)], axis=0)
        case Addition():
            return first + inputs[1]


def allowed(rule: Rule, inputs: tuple[Maps, ...]) -> Numbers:
    """How far float32 may be from `by_hand`, output by output."""
    first = np.abs(inputs[0].astype(np.float64))
    match rule:
        case Convolution():
            terms = rule.weight[0].size + (rule.bias is not None)
            bias = 0.0 if rule.bias is None else np.abs(rule.bias.astype(np.float64))[:, None, None]
            return terms * ROUNDING * (convolve(rule, first, np.abs(rule.weight.astype(np.float64))) + bias)
        case Normalisation():
            mean, variance, gamma, beta = _per_channel(rule)
            scale = np.abs(gamma) / np.sqrt(variance + rule.epsilon)
            return BATCHNORM_OPERATIONS * ROUNDING * ((first + np.abs(mean)) * scale + np.abs(beta))
        case Relu() | MaxPool():
            return np.zeros(())
        case Addition():
            return ROUNDING * (first + np.abs(inputs[1]))


def convolve(rule: Convolution, maps: Numbers, weight: Numbers) -> Numbers:
    """The sums of products of all outputs: for each place of the kernel, the inputs it lies on times its weights.

    Shapes: (inputs, height, width), (outputs, inputs / groups, kernel, kernel) -> (outputs, rows, columns)
    """
    padded = _padded(maps, rule.padding, 0.0)
    read, made = len(maps) // rule.groups, len(weight) // rule.groups
    groups = []
    for group in range(rule.groups):
        kernels, below = weight[group * made : (group + 1) * made], padded[group * read : (group + 1) * read]
        shifts = _shifts(below, weight.shape[-1], rule.stride)
        groups.append(np.sum([np.tensordot(kernels[:, :, y, x], shift, 1) for (y, x), shift in shifts], axis=0))
    return np.concatenate(groups)


def _shifts(padded: Numbers, kernel: int, stride: int) -> list[tuple[tuple[int, ...], Numbers]]:
    """For each place (y, x) of a kernel the inputs that it lies on, one per output."""
    rows, columns = (side - kernel + 1 for side in padded.shape[1:])
    return [((y, x), padded[:, y : y + rows : stride, x : x + columns : stride]) for y, x in np.ndindex(kernel, kernel)]


def _padded(maps: Numbers, padding: int, value: float) -> Numbers:
    return np.pad(maps, ((0, 0), (padding, padding), (padding, padding)), constant_values=value)


def _per_channel(rule: Normalisation) -> tuple[Numbers, ...]:
    numbers = (rule.mean, rule.variance, rule.gamma, rule.beta)
    return tuple(one.astype(np.float64)[:, None, None] for one in numbers)


def _single(model: ResNet, layer: str, batch: Tensor) -> tuple[Rule, tuple[Maps, ...], Maps]:
    with in_and_out(model, layer) as passage:
        _pass(model, batch)
    entered, left = passage.both()
    return _rule(model.get_submodule(layer)), (_array(entered[0]),), _array(left[0])


def _addition(model: ResNet, layer: str, batch: Tensor) -> tuple[Rule, tuple[Maps, ...], Maps]:
    block = layer.removesuffix(".sum")
    taps = [f"{block}.{tap}" for tap in ("skip", "branch", "sum")]
    with record(model, taps, copy=False) as tape:
        _pass(model, batch)
    skip, branch, total = (_array(tape.activations[tap][0]) for tap in taps)
    same = isinstance(model.get_submodule(f"{block}.shortcut"), nn.Identity)
    return Addition(same=same, relu=model.config.version != "v2"), (skip, branch), total


def _rule(module: nn.Module) -> Rule:
    if isinstance(module, nn.Conv2d):
        bias = None if module.bias is None else _array(module.bias)
        return Convolution(_array(module.weight), bias, module.stride[0], int(module.padding[0]), module.groups)
    if isinstance(module, nn.BatchNorm2d) and module.running_mean is not None and module.running_var is not None:
        mean, variance = _array(module.running_mean), _array(module.running_var)
        return Normalisation(mean, variance, _array(module.weight), _array(module.bias), module.eps)
    if isinstance(module, nn.MaxPool2d):
        return MaxPool(*map(_whole, (module.kernel_size, module.stride, module.padding)))
    return Relu()


def _pass(model: ResNet, batch: Tensor) -> None:
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            model(batch.to(next(model.parameters()).device))
    finally:
        model.train(was_training)


def _has_shortcut(model: ResNet, layer: str) -> bool:
    return getattr(model.get_submodule(layer.removesuffix(".sum")), "shortcut", None) is not None


def _field(model: ResNet, layer: str, order: Sequence[str]) -> int:
    """The side of what the last convolution or pooling before an output can see; a 1x1 shortcut adds nothing."""
    sides = receptive_fields(model)
    before = order[: order.index(layer) + 1]
    if "shortcut" in layer:
        before = [name for name in before if not name.startswith(layer.split("shortcut")[0])]
    return max(sides.get(name, 1) for name in before)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.detach().float().cpu().numpy()


def _whole(number: int | tuple[int, ...]) -> int:
    return number[0] if isinstance(number, tuple) else number
