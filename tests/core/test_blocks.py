"""How a block is wired: strides, shortcuts, and what happens at the sum."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core.layers import Tap
from resnet_core.model import build_model
from resnet_core.presets import cifar, preset
from tests.core.random_configs import small

VERSIONS = ["v1", "v1.5", "v2"]
KINDS = ["basic", "bottleneck"]


@pytest.mark.parametrize(("version", "strides"), [("v1", (2, 1, 1)), ("v1.5", (1, 2, 1)), ("v2", (1, 2, 1))])
def test_a_bottleneck_has_its_stride_on_the_first_1x1_or_on_the_3x3(version, strides):
    model = build_model(small(block="bottleneck", version=version), device="meta")
    first, second = model.stages[1]
    assert tuple(getattr(first, f"conv{i}").stride[0] for i in (1, 2, 3)) == strides
    assert all(getattr(second, f"conv{i}").stride == (1, 1) for i in (1, 2, 3))
    assert all(getattr(model.stages[0][0], f"conv{i}").stride == (1, 1) for i in (1, 2, 3))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_basic_block_has_its_stride_on_the_first_3x3(version):
    block = build_model(small(version=version), device="meta").stages[1][0]
    assert (block.conv1.stride, block.conv2.stride) == ((2, 2), (1, 1))


@pytest.mark.parametrize(
    ("padding", "channels"), [("end", [0, 1, None, None, None]), ("both", [None, 0, 1, None, None])]
)
def test_option_a_keeps_every_second_pixel_and_pads_with_zeros(padding, channels):
    """Two channels become five: three new ones, all behind or one before and two behind."""
    config = small(depths=(1, 1), widths=(2, 5), stem_width=2, zero_padding=padding)
    x = torch.arange(32.0).view(1, 2, 4, 4)  # channel 0 is 0..15 row by row, channel 1 is 16..31
    y = build_model(config).stages[1][0].shortcut(x)
    kept = {0: [[0.0, 2.0], [8.0, 10.0]], 1: [[16.0, 18.0], [24.0, 26.0]], None: [[0.0, 0.0], [0.0, 0.0]]}
    assert y.tolist() == [[kept[channel] for channel in channels]]


def test_option_c_projects_in_every_block_and_b_only_where_shapes_change():
    blocks = {
        option: [
            name
            for name, block in build_model(cifar(20, shortcut=option)).named_blocks()
            if hasattr(block.shortcut, "conv")
        ]
        for option in "ABC"
    }
    assert blocks["A"] == []
    assert blocks["B"] == ["stages.1.0", "stages.2.0"]
    assert len(blocks["C"]) == 9


def test_a_v1_projection_has_a_norm_and_a_v2_projection_has_none():
    v1, v2 = (build_model(small(version=version, shortcut="B")).stages[1][0].shortcut for version in ("v1", "v2"))
    assert isinstance(v1.norm, nn.BatchNorm2d)
    assert isinstance(v2.norm, nn.Identity)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("block", KINDS)
def test_without_norm_every_convolution_has_a_bias_and_with_it_none_has(version, block):
    for norm in ("batch", "none"):
        model = build_model(small(version=version, block=block, shortcut="C", norm=norm), device="meta")
        convolutions = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
        assert all((conv.bias is not None) == (norm == "none") for conv in convolutions)
        assert any(isinstance(module, nn.BatchNorm2d) for module in model.modules()) == (norm == "batch")


def test_a_v1_block_is_relu_of_shortcut_plus_branch():
    """Recomputed with functions from the block's weights (He et al. 2015, equation 2)."""
    block = build_model(small(shortcut="B")).stages[1][0]
    x = torch.randn(2, 4, 6, 6)

    def norm(y, layer):
        return F.batch_norm(y, None, None, layer.weight, layer.bias, training=True)

    y = F.relu(norm(F.conv2d(x, block.conv1.weight, stride=2, padding=1), block.norm1))
    y = norm(F.conv2d(y, block.conv2.weight, padding=1), block.norm2)
    y = F.relu(y + norm(F.conv2d(x, block.shortcut.conv.weight, stride=2), block.shortcut.norm))
    torch.testing.assert_close(block(x), y)


def test_a_v2_projection_shares_the_first_bn_and_relu_of_the_branch():
    """He et al. 2016, appendix, recomputed with functions from the block's weights."""
    block = build_model(small(shortcut="B", version="v2")).stages[1][0]
    x = torch.randn(2, 4, 6, 6)
    shared = F.relu(F.batch_norm(x, None, None, training=True))
    y = F.conv2d(shared, block.conv1.weight, stride=2, padding=1)
    y = F.conv2d(F.relu(F.batch_norm(y, None, None, training=True)), block.conv2.weight, padding=1)
    torch.testing.assert_close(block(x), y + F.conv2d(shared, block.shortcut.conv.weight, stride=2))


@pytest.mark.parametrize("kind", KINDS)
def test_a_v2_identity_block_with_a_silent_branch_returns_x_itself(kind):
    """Equation 2 of He et al. 2016: nothing stands between x and the next block, not even a ReLU."""
    block = build_model(small(version="v2", shortcut="B", block=kind)).stages[1][1]
    nn.init.zeros_(block.get_submodule("conv3" if kind == "bottleneck" else "conv2").weight)
    x = torch.randn(2, block.conv1.in_channels, 5, 5)
    assert torch.equal(block(x), x)
    assert (x < 0).any()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_cut_block_passes_its_branch_on_alone(version):
    residual = build_model(small(version=version))
    cut = build_model(small(version=version, cut=((1, 1),)))
    x = torch.randn(2, 8, 5, 5)
    seen = {}
    residual.stages[1][1].branch.register_forward_hook(lambda _m, _i, output: seen.update(branch=output))
    residual.stages[1][1](x)
    expected = seen["branch"] if version == "v2" else F.relu(seen["branch"])
    assert torch.equal(cut.stages[1][1](x), expected)
    assert cut.stages[1][1].shortcut is None
    assert cut.stages[1][0].shortcut is not None


def test_cutting_every_block_gives_the_plain_network():
    residual = small(shortcut="B")
    everything = tuple((stage, block) for stage, depth in enumerate(residual.depths) for block in range(depth))
    x = torch.randn(2, 3, 8, 8)
    cut, plain = build_model(replace(residual, cut=everything)), build_model(replace(residual, shortcut="none"))
    assert torch.equal(cut(x), plain(x))


@pytest.mark.parametrize("shortcut", ["none", "A", "B", "C"])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("block", KINDS)
def test_every_tap_and_relu_speaks_once_and_nothing_works_in_place(version, block, shortcut):
    model = build_model(small(version=version, block=block, shortcut=shortcut, cut=((1, 1),)))
    calls = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU | Tap):
            assert not getattr(module, "inplace", False)
            calls[name] = 0
            module.register_forward_hook(lambda *_, name=name: calls.update({name: calls[name] + 1}))
    model(torch.randn(2, 3, 8, 8))
    assert set(calls.values()) == {1}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("shortcut", ["A", "B", "C"])
def test_the_gradients_of_the_two_entrances_add_up_to_the_blocks(version, shortcut):
    block = build_model(small(version=version, shortcut=shortcut)).stages[1][0]
    forks, arrived = {}, {}

    def listen(tap):
        def hook(_module, inputs, output):
            forks[tap] = inputs[0]
            output.register_hook(lambda gradient: arrived.update({tap: gradient}))

        block.get_submodule(tap).register_forward_hook(hook)

    listen("skip_in")
    listen("branch_in")
    x = torch.randn(2, 4, 6, 6, requires_grad=True)
    y = block(x)
    assert forks["skip_in"] is forks["branch_in"]
    (whole,) = torch.autograd.grad((y**2).sum(), forks["skip_in"])
    torch.testing.assert_close(arrived["skip_in"] + arrived["branch_in"], whole)
    assert arrived["skip_in"].abs().sum() > 0
    assert arrived["branch_in"].abs().sum() > 0


def test_a_v2_network_activates_its_last_sum_before_pooling():
    """He et al. 2016, appendix: an extra activation right after the last addition."""
    model = build_model(small(version="v2"))
    seen = {}
    model.stages[-1].register_forward_hook(lambda _m, _i, output: seen.update(sum=output))
    model.pool.register_forward_hook(lambda _m, inputs, _o: seen.update(pooled=inputs[0]))
    model(torch.randn(4, 3, 8, 8))
    torch.testing.assert_close(seen["pooled"], F.relu(F.batch_norm(seen["sum"], None, None, training=True)))


def test_a_resnext_block_groups_its_3x3_only():
    block = build_model(preset("resnext50_32x4d"), device="meta").stages[0][0]
    assert (block.conv1.groups, block.conv2.groups, block.conv3.groups) == (1, 32, 1)
    assert tuple(block.conv2.weight.shape) == (128, 4, 3, 3)
