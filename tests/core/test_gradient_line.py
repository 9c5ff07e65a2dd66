"""The line down the gradient and internal covariate shift, against functions whose gradients are known by hand."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core import ResNetConfig, build_model, cifar
from resnet_core.probes.line_of_gradient import loss_of, walk_down
from resnet_core.probes.noise import NoisyNorms
from resnet_core.probes.shift import layer_shift, layers_in_order


def test_on_a_parabola_the_line_is_what_pencil_says():
    # L = 3 x^2 / 2 at x = 2: g = 6; a step s ends at x = 2 - 6s with gradient 6 - 18s, so ||g' - g|| / (6s) = 3
    line = walk_down(lambda weights: 1.5 * weights["x"].square().sum(), {"x": torch.tensor([2.0])}, (0.1, 0.5))
    assert line.start == pytest.approx(6)
    assert line.norm == pytest.approx(6)
    assert line.losses == pytest.approx((1.5 * 1.4**2, 1.5))
    assert line.changes == pytest.approx((1.8, 9))
    assert line.smoothness == pytest.approx(3)


def test_the_effective_smoothness_is_the_largest_on_the_way():
    # L = x^4 / 4 at x = 1: g = 1; s = 1 ends at 0 (change 1, over a distance of 1), s = 3 at -2 (change 9 over 3)
    line = walk_down(lambda weights: weights["x"].pow(4).sum() / 4, {"x": torch.tensor([1.0])}, (1.0, 3.0))
    assert line.changes == pytest.approx((1, 9))
    assert line.smoothness == pytest.approx(3)


def test_where_the_gradient_is_zero_nothing_changes():
    line = walk_down(lambda weights: weights["x"].square().sum(), {"x": torch.tensor([0.0])}, (1.0,))
    assert (line.norm, line.smoothness) == (0, 0)


def test_a_step_that_overflows_is_infinitely_rough():
    line = walk_down(lambda weights: weights["x"].exp().sum() * 1e30, {"x": torch.tensor([-1.0])}, (-1e10,))
    assert line.smoothness == math.inf


def test_the_shift_of_a_product_is_what_pencil_says():
    # L = (a b)^2 / 2: dL/db = a^2 b. a: 2 -> 1, b: 3 -> 5. G = 12, G' = 1 * 3 = 3, both of b before its step
    before = {"a": torch.tensor([2.0]), "b": torch.tensor([3.0])}
    after = {"a": torch.tensor([1.0]), "b": torch.tensor([5.0])}
    shift = layer_shift(
        lambda weights: (weights["a"] * weights["b"]).square().sum() / 2,
        torch.tensor([12.0]), before, after, "b", ("a",),
    )  # fmt: skip
    assert shift.gradient == pytest.approx(12)
    assert shift.distance == pytest.approx(9)
    assert shift.cosine == pytest.approx(1)


def test_without_earlier_layers_there_is_no_shift():
    weights = {"a": torch.tensor([2.0])}
    after = {"a": torch.tensor([9.0])}
    loss = lambda weights: weights["a"].square().sum()  # noqa: E731
    assert layer_shift(loss, torch.tensor([4.0]), weights, after, "a", ()).distance == 0


def test_a_layers_earlier_weights_are_all_that_stand_before_it():
    layers = dict(layers_in_order(build_model(ResNetConfig(depths=(1,), widths=(4,), stem_width=4), device="meta")))
    assert list(layers) == ["stem.conv.weight", "stages.0.0.conv1.weight", "stages.0.0.conv2.weight"]
    assert layers["stem.conv.weight"] == ()
    assert layers["stages.0.0.conv1.weight"] == ("stem.conv.weight", "stem.norm.weight", "stem.norm.bias")
    assert layers["stages.0.0.conv2.weight"][-2:] == ("stages.0.0.norm1.weight", "stages.0.0.norm1.bias")


def test_the_shift_of_a_network_is_that_of_a_network_whose_weights_were_set_by_hand():
    model, moved = (build_model(cifar(8, width=4), seed=3).train() for _ in range(2))
    images, labels = torch.randn(6, 3, 8, 8), torch.arange(6)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    after = {name: weight + 0.1 * torch.randn_like(weight) for name, weight in before.items()}
    layer, earlier = layers_in_order(model)[3]
    F.cross_entropy(model(images), labels).backward()
    with torch.no_grad():
        for name in earlier:
            moved.get_parameter(name).copy_(after[name])
    F.cross_entropy(moved(images), labels).backward()
    one, other = model.get_parameter(layer).grad, moved.get_parameter(layer).grad
    shift = layer_shift(loss_of(model, images, labels), one, before, after, layer, earlier)
    assert shift.distance == pytest.approx(float((one - other).norm()), rel=1e-4)
    assert shift.cosine == pytest.approx(float(F.cosine_similarity(one.flatten(), other.flatten(), dim=0)), rel=1e-4)
    assert shift.distance > 0


def test_looking_leaves_weights_gradients_and_running_statistics_alone():
    model = build_model(cifar(8, width=4)).train()
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    weights = {name: weight.detach() for name, weight in model.named_parameters()}
    walk_down(loss_of(model, torch.randn(4, 3, 8, 8), torch.arange(4)), weights, (0.1,))
    assert all(torch.equal(state[name], tensor) for name, tensor in model.state_dict().items())
    assert all(weight.grad is None for weight in model.parameters())
    assert model.training


def test_noise_is_the_same_within_a_step_and_another_in_the_next():
    model = nn.Sequential(nn.BatchNorm2d(4))
    images = torch.randn(64, 4, 8, 8)
    with NoisyNorms(model, seed=0, mean=0.5, deviation=0.5) as noise:
        first, again = model(images), model(images)
        noise.step = 1
        other = model(images)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_noise_has_for_each_channel_a_mean_and_a_deviation_of_its_own():
    model = nn.Sequential(nn.BatchNorm2d(200))
    images = torch.randn(32, 200, 8, 8)
    with NoisyNorms(model, seed=0, mean=0.5, deviation=0.25):
        added = (model(images) - F.batch_norm(images, None, None, training=True)).transpose(0, 1).flatten(1)
    means, deviations = added.mean(1), added.std(1)
    assert -0.55 < means.min() < -0.4 < 0.4 < means.max() < 0.55
    assert 0 < deviations.min() < 0.03 < 0.22 < deviations.max() < 0.27


def test_noise_goes_with_its_block_even_after_an_error():
    model = nn.Sequential(nn.BatchNorm2d(4))
    images = torch.randn(8, 4, 2, 2)
    with pytest.raises(RuntimeError), NoisyNorms(model, seed=0, mean=1.0, deviation=1.0):
        raise RuntimeError
    assert torch.equal(model(images), F.batch_norm(images, None, None, training=True))
