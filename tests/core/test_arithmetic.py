"""One pixel by hand: what enters a layer and its rule give what leaves it, by pencil and by PyTorch's functions."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core.errors import ProbeError
from resnet_core.experiments.arithmetic import arithmetic_layers, by_hand, layer_arithmetic
from resnet_core.experiments.pictures import block_anatomy
from resnet_core.model import build_model
from resnet_core.presets import preset
from resnet_core.probes.in_and_out import in_and_out
from resnet_core.records.arithmetic import Addition, Convolution, MaxPool, Normalisation, Relu
from resnet_core.samples import edge_pattern
from tests.core.random_configs import small

PICTURE = edge_pattern(48)
NETWORKS = {
    "basic, projection": small(shortcut="B"),
    "bottleneck in groups, 7x7 stem": small(
        block="bottleneck", version="v1.5", groups=2, shortcut="B", stem="imagenet", widths=(4, 8)
    ),
    "pre-activation, zero padding": small(version="v2", shortcut="A"),
    "no BatchNorm, biases": small(norm="none", shortcut="C"),
    "plain": small(shortcut="none"),
}


def trained(config):
    """A network whose BatchNorms and biases are no longer those of a fresh one."""
    model = build_model(config, 5)
    lots = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, values in [*model.named_parameters(), *model.named_buffers()]:
            if values.ndim == 1 and not name.startswith("head"):
                values.copy_(0.5 + torch.rand(values.shape, generator=lots))
    return model


def by_torch(rule, inputs):
    """The same layer by PyTorch's own functions in float64; a convolution unfolded into one matrix product."""
    first = torch.from_numpy(inputs[0]).double()[None]
    if isinstance(rule, Convolution):
        weight = torch.from_numpy(rule.weight).double()
        bias = 0 if rule.bias is None else torch.from_numpy(rule.bias).double()[:, None, None]
        parts = []
        for kernels, below in zip(weight.chunk(rule.groups), first.chunk(rule.groups, 1), strict=True):
            patches = F.unfold(below, weight.shape[-1], padding=rule.padding, stride=rule.stride)
            side = int(patches.shape[-1] ** 0.5)
            parts.append((kernels.flatten(1) @ patches[0]).view(-1, side, side))
        return torch.cat(parts) + bias
    if isinstance(rule, Normalisation):
        numbers = [torch.from_numpy(one).double() for one in (rule.mean, rule.variance, rule.gamma, rule.beta)]
        return F.batch_norm(first, *numbers, eps=rule.epsilon)[0]
    if isinstance(rule, MaxPool):
        return F.max_pool2d(first, rule.kernel, rule.stride, rule.padding)[0]
    return first[0] + torch.from_numpy(inputs[1]) if isinstance(rule, Addition) else first[0].relu()


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_of_a_network_can_be_worked_out_again(name):
    model = trained(NETWORKS[name])
    seen = set()
    for layer in arithmetic_layers(model):
        record = layer_arithmetic(model, PICTURE, layer, 32)
        expected = by_torch(record.rule, record.inputs).numpy()
        np.testing.assert_allclose(record.output, expected, rtol=1e-5, atol=1e-5, err_msg=layer)
        np.testing.assert_allclose(by_hand(record.rule, record.inputs), expected, rtol=1e-10, atol=1e-10)
        assert record.difference == pytest.approx(np.abs(record.output - expected).max(), abs=1e-12)
        assert record.beyond == 0
        seen.add(type(record.rule))
    config = NETWORKS[name]
    wanted = {Convolution: True, Relu: True, Normalisation: config.norm == "batch"}
    wanted |= {Addition: not config.is_plain, MaxPool: config.stem == "imagenet"}
    assert seen == {kind for kind, there in wanted.items() if there}


def test_a_convolution_by_pencil():
    """Inputs and weights 1 to 9: in the middle the sum of squares, in the corner only four of the nine places count."""
    square = np.arange(1, 10, dtype=np.float32).reshape(1, 3, 3)
    output = by_hand(Convolution(square[None], None, stride=1, padding=1, groups=1), (square,))
    assert output[0, 1, 1] == 285
    assert output[0, 0, 0] == 1 * 5 + 2 * 6 + 4 * 8 + 5 * 9
    strided = by_hand(Convolution(square[None], np.float32([7]), stride=2, padding=1, groups=1), (square,))
    assert strided.shape == (1, 2, 2)
    assert strided[0, 0, 0] == 94 + 7


def test_batchnorm_relu_pooling_and_addition_by_pencil():
    three = np.full((1, 1, 1), 3, np.float32)
    one, four, two, half = (np.float32([number]) for number in (1, 4, 2, 0.5))
    assert by_hand(Normalisation(one, four, two, half, epsilon=0.0), (three,)) == (3 - 1) / 2 * 2 + 0.5
    assert by_hand(Relu(), (-three,)) == 0
    assert by_hand(Addition(same=True, relu=True), (three, -2 * three)) == -3
    below_zero = -np.arange(1, 5, dtype=np.float32).reshape(1, 2, 2)
    assert by_hand(MaxPool(3, 2, 1), (below_zero,)) == -1  # the padding is no zero that could win


def test_layers_come_in_the_order_of_the_forward_pass():
    first = ["stem.conv", "stem.norm", "stem.relu"]
    block = ["conv1", "norm1", "relu1", "conv2", "norm2", "sum", "relu2"]
    layers = arithmetic_layers(build_model(small(shortcut="A")))
    assert list(layers[: len(first) + len(block)]) == first + [f"stages.0.0.{name}" for name in block]
    plain = arithmetic_layers(build_model(small(shortcut="none")))
    assert set(layers) - set(plain) == {f"stages.{place}.sum" for place in ("0.0", "1.0", "1.1")}


def test_the_summands_are_the_two_paths_of_the_block():
    model = trained(small(shortcut="B"))
    record = layer_arithmetic(model, PICTURE, "stages.1.0.sum", 32)
    anatomy = block_anatomy(model, PICTURE, "stages.1.0", 32)
    np.testing.assert_array_equal(record.inputs[0], anatomy.shortcut)
    np.testing.assert_array_equal(record.inputs[1], anatomy.branch)
    assert record.rule == Addition(same=False, relu=True)
    assert layer_arithmetic(model, PICTURE, "stages.1.1.sum", 32).rule == Addition(same=True, relu=True)
    v2 = build_model(small(version="v2"))
    assert layer_arithmetic(v2, PICTURE, "stages.0.0.sum", 32).rule == Addition(same=True, relu=False)


def test_a_network_that_computes_something_else_is_found_out():
    model = trained(small())

    def meddle(module, inputs, output):
        changed = output.clone()
        changed[0, 1, 2, 3] += 0.25
        return changed

    with model.get_submodule("stages.0.0.conv1").register_forward_hook(meddle):
        record = layer_arithmetic(model, PICTURE, "stages.0.0.conv1", 32)
    assert record.beyond == 1
    assert record.difference == pytest.approx(0.25, abs=1e-4)


def test_what_a_unit_can_see_grows_by_the_kernels_and_their_strides():
    """7, then 3 at a distance of 2, then four more 3x3 at a distance of 4; a 1x1 shortcut adds nothing."""
    model = build_model(preset("resnet18"))
    fields = {"stem.relu": 7, "stem.pool": 11, "stages.0.0.conv1": 19, "stages.0.0.sum": 27, "stages.0.1.relu2": 43}
    fields |= {"stages.1.0.shortcut.conv": 43, "stages.1.0.conv1": 51}
    assert {layer: layer_arithmetic(model, PICTURE, layer, 32).field for layer in fields} == fields


def test_a_network_that_has_diverged_is_no_reason_to_stop():
    model = trained(small())
    with torch.no_grad():
        model.get_parameter("stem.conv.weight")[0] = float("inf")
    assert np.isnan(layer_arithmetic(model, PICTURE, "stages.0.0.conv1", 32).difference)


def test_only_layers_with_an_arithmetic_of_their_own_are_answered():
    with pytest.raises(ProbeError, match=r"stages\.0\.0\.conv1"):
        layer_arithmetic(build_model(small()), PICTURE, "stages.0.0.branch", 32)


def test_listening_leaves_no_hook_behind_even_after_an_error():
    model = build_model(small())
    with pytest.raises(ZeroDivisionError), in_and_out(model, "stem.conv"):
        1 / 0  # noqa: B018
    with in_and_out(model, "stem.conv") as passage, pytest.raises(ProbeError, match="Run the network"):
        passage.both()
    layer_arithmetic(model, PICTURE, "stem.conv", 32)
    assert not any(module._forward_hooks for module in model.modules())
    assert isinstance(model.get_submodule("stem.relu"), nn.ReLU)
    assert model.training
