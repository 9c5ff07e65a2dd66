"""The first value of every weight."""

import math
import zlib

import pytest
import torch
from torch import nn

from resnet_core.model import build_model
from resnet_core.presets import cifar
from tests.core.random_configs import small


def weights(config, seed=0):
    return dict(build_model(config, seed=seed).named_parameters())


def common_weights_agree(one, other):
    common = one.keys() & other.keys()
    return len(common) >= 9 and all(torch.equal(one[name], other[name]) for name in common)


@pytest.mark.parametrize("init", ["he", "default"])
@pytest.mark.parametrize(
    "changes",
    [
        {"shortcut": "A"},
        {"shortcut": "B"},
        {"shortcut": "C"},
        {"shortcut": "B", "cut": ((0, 0), (1, 1))},
        {"shortcut": "B", "version": "v1.5"},
        {"shortcut": "B", "norm": "none"},
    ],
    ids=str,
)
def test_plain_and_residual_networks_share_every_common_weight(changes, init):
    plain = weights(small(shortcut="none", init=init), seed=7)
    other = weights(small(**changes, init=init), seed=7)
    assert common_weights_agree(plain, other)
    # BatchNorm's go where norm is "none"
    assert all(".norm" in name for name in plain.keys() - other.keys())


def test_a_pre_activation_network_has_the_convolutions_of_the_original():
    first, second = (weights(small(version=version), seed=7) for version in ("v1", "v2"))
    assert all(torch.equal(first[name], second[name]) for name in first if "conv" in name)


def test_a_deeper_network_begins_with_the_weights_of_the_shallower_one():
    shallow, deep = weights(cifar(8)), weights(cifar(20))
    assert shallow.keys() < deep.keys()
    assert common_weights_agree(shallow, deep)


def test_another_seed_gives_other_weights():
    first, again, other = weights(small(), 1), weights(small(), 1), weights(small(), 2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not any(torch.equal(first[name], other[name]) for name in first if "conv" in name or "head" in name)


def test_building_leaves_pytorchs_own_generator_alone():
    before = torch.random.get_rng_state()
    build_model(small())
    assert torch.equal(before, torch.random.get_rng_state())


def generator(seed, name):
    return torch.Generator().manual_seed(zlib.crc32(f"{seed}/{name}".encode()))


@pytest.mark.parametrize(
    "config", [small(shortcut="B"), small(block="bottleneck", groups=2, width_per_group=64)], ids=str
)
def test_he_weights_are_pytorchs_kaiming_normal_fan_out(config):
    for name, weight in weights(config, seed=5).items():
        if "conv" in name:
            expected = torch.empty_like(weight)
            nn.init.kaiming_normal_(expected, mode="fan_out", nonlinearity="relu", generator=generator(5, name))
            torch.testing.assert_close(weight.data, expected, rtol=1e-6, atol=0)


def test_default_weights_are_pytorchs_kaiming_uniform_and_its_biases():
    found = weights(small(init="default", norm="none", shortcut="C"), seed=5)
    for name, weight in found.items():
        expected = torch.empty_like(weight)
        if name.endswith("weight"):
            nn.init.kaiming_uniform_(expected, a=math.sqrt(5), generator=generator(5, name))
        else:
            bound = 1 / math.sqrt(found[name.replace("bias", "weight")][0].numel())
            nn.init.uniform_(expected, -bound, bound, generator=generator(5, name))
        torch.testing.assert_close(weight.data, expected, rtol=1e-6, atol=0)


def test_he_biases_are_zero_and_the_head_has_pytorchs_default_all_the_same():
    he, default = (weights(small(init=init, norm="none")) for init in ("he", "default"))
    assert all(not bias.any() for name, bias in he.items() if name.endswith("conv1.bias"))
    assert all(torch.equal(he[name], default[name]) for name in ("head.weight", "head.bias"))
    assert he["head.weight"].abs().max() <= 1 / math.sqrt(8)


def test_a_norm_begins_with_scale_one_shift_zero_and_empty_statistics():
    norms = [module for module in build_model(small(shortcut="B")).modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        assert norm.weight.tolist() == norm.running_var.tolist() == [1.0] * norm.num_features
        assert norm.bias.tolist() == norm.running_mean.tolist() == [0.0] * norm.num_features
        assert norm.num_batches_tracked == 0


@pytest.mark.parametrize("shortcut", ["A", "B", "C"])
@pytest.mark.parametrize("kind", ["basic", "bottleneck"])
@pytest.mark.parametrize("version", ["v1", "v1.5"])
def test_with_zero_gamma_every_residual_block_begins_as_its_shortcut(version, kind, shortcut):
    model = build_model(small(version=version, block=kind, shortcut=shortcut, zero_gamma=True))
    for _, block in model.named_blocks():
        x = torch.randn(2, block.conv1.in_channels, 6, 6)
        assert torch.equal(block(x), torch.relu(block.shortcut(x)))


def test_with_zero_gamma_a_block_without_shortcut_still_speaks():
    model = build_model(small(zero_gamma=True, cut=((1, 1),)))
    gammas = {name: block.norm2.weight.tolist() for name, block in model.named_blocks()}
    assert gammas == {"stages.0.0": [0.0] * 4, "stages.1.0": [0.0] * 8, "stages.1.1": [1.0] * 8}


def test_on_meta_a_network_has_no_memory_and_asks_for_none():
    model = build_model(small(), device="meta")
    assert all(tensor.is_meta for tensor in model.state_dict().values())
