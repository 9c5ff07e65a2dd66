"""Whole networks: the shape of every stage, and a training step that reaches every weight."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch.nn import functional as F

from resnet_core.model import build_model
from resnet_core.presets import cifar, preset
from tests.core.random_configs import configs, small


def stage_shapes(model, side):
    shapes = []
    for stage in model.stages:
        stage.register_forward_hook(lambda _module, _inputs, output: shapes.append(tuple(output.shape[1:])))
    model(torch.empty(2, model.config.in_channels, side, side, device="meta"))
    return shapes


@pytest.mark.parametrize("name", ["resnet18", "resnet34-A", "plain34", "resnetv2-18"])
def test_basic_imagenet_stages_have_the_shapes_of_table_1(name):
    model = build_model(preset(name), device="meta")
    assert stage_shapes(model, 224) == [(64, 56, 56), (128, 28, 28), (256, 14, 14), (512, 7, 7)]


@pytest.mark.parametrize("name", ["resnet50", "resnet50-v1", "resnetv2-50", "resnext50_32x4d", "wide_resnet50_2"])
def test_bottleneck_imagenet_stages_have_the_shapes_of_table_1(name):
    model = build_model(preset(name), device="meta")
    assert stage_shapes(model, 224) == [(256, 56, 56), (512, 28, 28), (1024, 14, 14), (2048, 7, 7)]


@pytest.mark.parametrize("shortcut", ["none", "A", "B", "C"])
@pytest.mark.parametrize("version", ["v1", "v1.5", "v2"])
def test_cifar_stages_have_the_shapes_of_section_4_2(version, shortcut):
    model = build_model(cifar(20, version=version, shortcut=shortcut), device="meta")
    assert stage_shapes(model, 32) == [(16, 32, 32), (32, 16, 16), (64, 8, 8)]


def test_an_odd_picture_is_halved_alike_on_both_paths():
    for shortcut in "ABC":
        model = build_model(cifar(8, shortcut=shortcut), device="meta")
        assert stage_shapes(model, 7) == [(16, 7, 7), (32, 4, 4), (64, 2, 2)]


def assert_one_step_reaches_every_parameter(config, side=8):
    model = build_model(config)
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3)
    pictures = torch.randn(4, config.in_channels, side, side)
    F.cross_entropy(model(pictures), torch.arange(4) % config.classes).backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.isfinite().all(), name
    optimiser.step()
    assert all(weight.isfinite().all() for weight in model.parameters())


DIMENSIONS = [
    {},
    {"stem": "imagenet", "shortcut": "B"},
    {"block": "bottleneck", "version": "v1"},
    {"block": "bottleneck", "version": "v1.5", "shortcut": "C"},
    {"block": "bottleneck", "version": "v2", "shortcut": "B"},
    {"version": "v2"},
    {"shortcut": "none"},
    {"shortcut": "none", "norm": "none", "init": "default"},
    {"shortcut": "A", "zero_padding": "both"},
    {"norm": "none", "version": "v2", "shortcut": "C"},
    {"init": "default"},
    {"zero_gamma": True, "shortcut": "B"},
    {"block": "bottleneck", "groups": 4, "width_per_group": 32, "shortcut": "B"},
    {"cut": ((0, 0), (1, 1))},
    {"in_channels": 1, "classes": 2},
]


@pytest.mark.parametrize("changes", DIMENSIONS, ids=str)
def test_one_step_gives_every_parameter_a_finite_gradient(changes):
    assert_one_step_reaches_every_parameter(small(**changes), side=16)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(configs())
def test_any_allowed_config_trains_a_step(config):
    assert_one_step_reaches_every_parameter(config, side=8)


@pytest.mark.slow
def test_1202_layers_run_forwards_and_backwards():
    model = build_model(preset("cifar-resnet1202"))
    model(torch.randn(2, 3, 8, 8)).logsumexp(1).sum().backward()
    assert model.stem.conv.weight.grad.isfinite().all()
