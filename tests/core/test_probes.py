"""Probes on networks small enough to work out with a pencil, and the promise that they leave nothing behind."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from resnet_core import ProbeError, ResNetConfig, build_model
from resnet_core.probes import (
    GradientMeter,
    PathMeter,
    ResponseMeter,
    conv_layers,
    gradient_norms,
    layer_shapes,
    record,
    residual_blocks,
    response_layers,
)

TINY = ResNetConfig(depths=(1, 1, 1), widths=(4, 8, 16), stem_width=4)


class Halves(nn.Module):
    """One block: x -> 2x around, 3x through."""

    def __init__(self):
        super().__init__()
        self.skip_in, self.branch_in = View(), View()

    def forward(self, x):
        return 2 * self.skip_in(x) + 3 * self.branch_in(x)


class View(nn.Module):
    def forward(self, x):
        return x.view_as(x)


def hooks(model):
    return [m for m in model.modules() if m._forward_hooks or m._forward_pre_hooks or m._backward_hooks]


def test_gradient_of_a_network_worked_by_hand():
    """y = relu(2x), loss = 3y, so dloss/dy = 3 and dloss/d(2x) = 3 where x > 0, else 0."""
    net = nn.Sequential(nn.Linear(1, 1, bias=False), nn.ReLU())
    with torch.no_grad():
        net[0].weight.fill_(2.0)
    with record(net, ["0", "1"]) as tape:
        (3 * net(torch.tensor([[1.0], [-1.0]]))).sum().backward()
    assert tape.activations["0"].flatten().tolist() == [2.0, -2.0]
    assert tape.gradients["1"].flatten().tolist() == [3.0, 3.0]
    assert tape.gradients["0"].flatten().tolist() == [3.0, 0.0]


def test_no_hook_is_left_behind_even_after_an_error():
    net = nn.Sequential(nn.Conv2d(1, 1, 3))
    wrong = torch.zeros(1, 5, 8, 8)
    for probe in (record(net, ["0"]), ResponseMeter(net, ["0"]), PathMeter(build_model(TINY))):
        with pytest.raises(RuntimeError), probe:
            net(wrong)
    with pytest.raises(ProbeError), record(net, ["0", "nowhere"]):
        pass
    for probe in (response_layers, lambda net, image: layer_shapes(net, (5, 8, 8))):
        with pytest.raises(RuntimeError):
            probe(net, wrong)
    assert hooks(net) == []


def test_a_probed_network_is_the_network_it_was():
    model = build_model(TINY).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    response_layers(model, torch.ones(1, 3, 8, 8))
    layer_shapes(model, (3, 8, 8))
    assert model.training
    assert hooks(model) == []
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


def test_a_wrong_name_is_answered_with_a_near_one():
    net = nn.Sequential(nn.Sequential(nn.ReLU()))
    with pytest.raises(ProbeError, match="Did you mean 0"), record(net, ["0.1"]):
        pass


def test_an_in_place_layer_further_on_does_no_harm():
    net = nn.Sequential(nn.Linear(1, 1), nn.ReLU(inplace=True))
    with torch.no_grad():
        net[0].weight.fill_(-2.0)
        net[0].bias.fill_(0.0)
    with record(net, ["0"]) as tape:
        net(torch.ones(1, 1)).sum().backward()
    assert tape.activations["0"].item() == -2.0


def test_without_copying_the_tape_holds_the_networks_own_tensors():
    net = nn.Sequential(nn.Identity())
    x = torch.ones(2)
    with record(net, ["0"], copy=False) as tape:
        net(x)
    assert tape.activations["0"].data_ptr() == x.data_ptr()


@pytest.mark.parametrize("config", [TINY, ResNetConfig(block="bottleneck", shortcut="C", version="v2")])
def test_convolutions_are_named_in_the_order_in_which_they_run(config):
    model = build_model(config).eval()
    names = {module: name for name, module in model.named_modules()}
    ran = []
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(lambda module, *_: ran.append(names[module]))
    model(torch.ones(1, 3, 8, 8))
    assert list(conv_layers(model)) == [name for name in ran if ".shortcut." not in name]
    assert len(conv_layers(model)) == config.layers - 1  # all weighted layers but the head


def test_gradient_norms_are_those_of_the_weights_one_by_one():
    model = build_model(TINY)
    model(torch.randn(2, 3, 8, 8)).square().sum().backward()
    expected = [
        model.get_parameter(f"{name}.weight").grad.double().square().sum().sqrt().item() for name in conv_layers(model)
    ]
    np.testing.assert_allclose(gradient_norms(model), expected, rtol=1e-5)
    np.testing.assert_allclose(GradientMeter(model).norms().numpy(), expected, rtol=1e-5)


def test_reading_gradients_before_there_are_any_says_what_to_do():
    with pytest.raises(ProbeError, match=r"stem.conv has no gradient yet. Call loss.backward\(\)"):
        gradient_norms(build_model(TINY))


def test_mean_and_deviation_worked_by_hand():
    """1, 2, 3, 6: mean 3, deviation sqrt((4 + 1 + 0 + 9) / 4)."""
    net = nn.Sequential(nn.Identity(), nn.Identity())
    with ResponseMeter(net, ["0"]) as meter:
        net(torch.tensor([1.0, 2.0, 3.0, 6.0]))
    assert meter.moments()[:, 0].tolist() == pytest.approx([3, math.sqrt(3.5)])


def test_a_layer_that_was_not_reached_is_nan_not_zero():
    net = nn.ModuleList([nn.Identity(), nn.Identity()])
    with ResponseMeter(net, ["0", "1"]) as meter:
        net[0](torch.ones(3))
    assert meter.moments()[:, 0].tolist() == [1, 0]
    assert meter.moments()[:, 1].isnan().all()


def test_responses_agree_with_numpy_in_double_precision():
    model = build_model(TINY).eval()
    image = torch.randn(4, 3, 16, 16)
    names = response_layers(model, image[:1])
    with record(model, names) as tape, ResponseMeter(model, names) as meter, torch.no_grad():
        model(image)
    values = [tape.activations[name].double().numpy() for name in names]
    np.testing.assert_allclose(meter.moments()[0], [value.mean() for value in values], atol=1e-6)
    np.testing.assert_allclose(meter.moments()[1], [value.std() for value in values], rtol=1e-4)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ("stem.norm", "stages.0.0.norm1", "stages.0.0.norm2")),
        ({"norm": "none"}, ("stem.conv", "stages.0.0.conv1", "stages.0.0.conv2")),
        # before activation: conv1 is read by norm2; the stem's output and conv2's go into the sum as they are
        ({"version": "v2"}, ("stem.conv", "stages.0.0.norm2", "stages.0.0.conv2")),
    ],
)
def test_the_response_is_taken_after_the_norm_that_reads_the_convolution(settings, expected):
    model = build_model(ResNetConfig(depths=(1, 1, 1), **settings))
    assert response_layers(model, torch.ones(1, 3, 8, 8))[:3] == expected


def test_gradients_of_both_paths_worked_by_hand():
    """loss = sum(2x + 3x) over four numbers: the shortcut brings back 2s, the branch 3s."""
    net = nn.Sequential(Halves())
    x = torch.ones(4, requires_grad=True)
    with PathMeter(net) as meter:
        net(x).sum().backward()
    assert meter.blocks == ("0",)
    assert meter.norms().flatten().tolist() == [4.0, 6.0]  # 2 sqrt(4), 3 sqrt(4)
    assert x.grad.tolist() == [5.0] * 4


def test_both_paths_add_up_to_the_gradient_of_the_block_before():
    """dloss/dx of a block is what its shortcut and its branch bring back, so no norm exceeds the two together."""
    model = build_model(ResNetConfig(depths=(3, 1, 1)))
    outputs = [f"stages.0.{block}" for block in range(2)]
    with record(model, outputs) as tape, PathMeter(model) as meter:
        model(torch.randn(4, 3, 8, 8)).square().sum().backward()
    skip, branch = meter.norms()
    for place, name in enumerate(outputs, start=1):
        whole = tape.gradients[name].norm()
        assert abs(skip[place] - branch[place]) - 1e-4 <= whole <= skip[place] + branch[place] + 1e-4


def test_a_block_without_shortcut_has_a_branch_gradient_and_no_skip_gradient():
    model = build_model(ResNetConfig(depths=(2, 1, 1), cut=((0, 1),)))
    with PathMeter(model) as meter:
        model(torch.randn(4, 3, 8, 8)).square().sum().backward()
    skip, branch = meter.norms()
    assert skip.isnan().tolist() == [False, True, False, False]
    assert branch.isfinite().all()
    assert residual_blocks(model) == meter.blocks == ("stages.0.0", "stages.0.1", "stages.1.0", "stages.2.0")


def test_shapes_are_those_of_a_real_pass():
    model = build_model(ResNetConfig(depths=(1, 1, 1), version="v2", shortcut="B")).eval()
    seen = {}
    for name, module in model.named_modules():
        module.register_forward_hook(lambda m, i, output, name=name: seen.__setitem__(name, tuple(output.shape[1:])))
    model(torch.zeros(1, 3, 20, 20))
    for module in model.modules():
        module._forward_hooks.clear()
    assert layer_shapes(model, (3, 20, 20)) == seen


def test_each_later_stage_halves_the_picture():
    shapes = layer_shapes(build_model(ResNetConfig()), (3, 32, 32))
    sides = [shapes[f"stages.{stage}"][1] for stage in range(3)]
    assert sides == [32, 16, 8]
    assert all(before == 2 * after for before, after in pairwise(sides))
