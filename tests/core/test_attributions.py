"""Attributions against pencil and paper, plain autograd, and the promise of completeness."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, ProbeError, TrainConfig, build_model, cifar, load_data
from resnet_core.catalogue import experiment
from resnet_core.probes.attribution import COMPLETE, METHODS, Attributor, Request
from resnet_core.questions.pictures import AttributionsQuestion

SMALL = AttributionsQuestion(
    network=cifar(8, width=4, in_channels=1),
    data=DataConfig(name="digits", size=8),
    training=TrainConfig(steps=20, batch=16, precision="fp32", inspect_every=0),
    steps=32,
    window=3,
)


def attribute(model, method, request):
    return Attributor(model).attribute(method, request)


@pytest.fixture(scope="module")
def model():
    return build_model(cifar(8, width=4, in_channels=1), 0).eval()


@pytest.fixture
def request_of():
    images = torch.randn(2, 1, 8, 8, generator=torch.Generator().manual_seed(3))
    return Request(images, torch.tensor([1, 7]), torch.zeros(1, 1, 1, 1), "stages.2.0", steps=200, window=3)


class Bowl(nn.Module):
    """Score of class 0: 2 a + 3 b^2 of the picture's first two pixels. Class 1: nothing."""

    def __init__(self):
        super().__init__()
        self.whole = nn.Identity()

    def forward(self, x):
        x = self.whole(x)
        first, second = x[:, 0, 0, 0], x[:, 0, 0, 1]
        return torch.stack([2 * first + 3 * second**2, torch.zeros_like(first)], dim=1)


def test_integrated_gradients_of_a_polynomial_are_those_of_pencil_and_paper():
    """From (1, 1) to (2, 3): 2 (2 - 1) for the linear term, 3 (9 - 1) for the square (an integral of 6 b)."""
    picture, nothing = torch.tensor([[[[2.0, 3.0]]]]), torch.tensor([[[[1.0, 1.0]]]])
    found = attribute(Bowl(), "integrated_gradients", Request(picture, torch.tensor([0]), nothing, "whole"))
    np.testing.assert_allclose(found.values.numpy(), [[[2, 24]]], rtol=1e-5)
    assert float(found.totals) == pytest.approx(26, rel=1e-5)
    assert float(found.expected) == pytest.approx(26)
    through = attribute(Bowl(), "conductance", Request(picture, torch.tensor([0]), nothing, "whole"))
    np.testing.assert_allclose(through.values.numpy(), [[[2, 24]]], rtol=0.02)  # all of the picture is the layer


def test_occlusion_of_a_polynomial_is_what_is_lost_under_the_window():
    picture = torch.tensor([[[[2.0, 3.0]]]])
    ask = Request(picture, torch.tensor([0]), torch.zeros(1, 1, 1, 1), "whole", window=1)
    np.testing.assert_allclose(attribute(Bowl(), "occlusion", ask).values.numpy(), [[[4, 27]]], rtol=1e-5)


def test_saliency_is_the_size_of_plain_autograds_gradient(model, request_of):
    images = request_of.images.clone().requires_grad_()
    score = model(images).gather(1, request_of.targets[:, None]).sum()
    (gradient,) = torch.autograd.grad(score, images)
    found = attribute(model, "saliency", request_of)
    np.testing.assert_allclose(found.values.numpy(), gradient.abs()[:, 0].numpy(), rtol=1e-4, atol=1e-6)


class GuidedReLU(torch.autograd.Function):
    """Springenberg et al. 2014, figure 1: back goes only what is positive, through units that were."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp_min(0)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient.clamp_min(0) * (x > 0)


def test_guided_backprop_is_a_backward_pass_with_another_relu(model, request_of, monkeypatch):
    """It needs each ReLU as a module of its own, which our blocks have."""
    found = attribute(model, "guided_backprop", request_of)
    monkeypatch.setattr(nn.ReLU, "forward", lambda self, x: GuidedReLU.apply(x))
    images = request_of.images.clone().requires_grad_()
    score = model(images).gather(1, request_of.targets[:, None]).sum()
    (gradient,) = torch.autograd.grad(score, images)
    np.testing.assert_allclose(found.values.numpy(), gradient[:, 0].numpy(), rtol=1e-4, atol=1e-6)


def test_grad_cam_is_each_map_times_its_mean_gradient(model, request_of):
    """By autograd from the last maps on: Selvaraju et al. 2017, equations 1 and 2, before the ReLU."""
    with torch.no_grad():
        maps = model.stem(request_of.images)
        for stage in model.stages:
            maps = stage(maps)
    maps = maps.requires_grad_()
    scores = model.head(F.adaptive_avg_pool2d(maps, 1).flatten(1))
    (gradient,) = torch.autograd.grad(scores.gather(1, request_of.targets[:, None]).sum(), maps)
    expected = (maps * gradient.mean((2, 3), keepdim=True)).sum(1)
    found = attribute(model, "grad_cam", request_of)
    np.testing.assert_allclose(found.values.numpy(), expected.detach().numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("method", COMPLETE)
def test_what_promises_completeness_adds_up_to_the_difference_of_scores(model, request_of, method):
    baseline = torch.full((1, 1, 1, 1), -0.8)
    found = attribute(model, method, request_of._replace(baselines=baseline))
    with torch.no_grad():
        scores, nothing = model(request_of.images), model(baseline.expand_as(request_of.images))
    wanted = (scores - nothing).gather(1, request_of.targets[:, None])[:, 0]
    np.testing.assert_allclose(found.expected.numpy(), wanted.numpy(), rtol=1e-4)
    np.testing.assert_allclose(found.totals.numpy(), wanted.numpy(), atol=0.02 * float(wanted.abs().max()))


def test_fewer_steps_keep_the_promise_less_well(model, request_of):
    off = []
    away = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(4))  # from 0 the way is straight and exact
    for steps in (2, 200):
        ask = request_of._replace(steps=steps, baselines=away)
        found = attribute(model, "integrated_gradients", ask)
        off.append(float((found.totals - found.expected).abs().max()))
    assert off[1] < off[0] / 3


@pytest.mark.parametrize("method", METHODS)
def test_a_method_leaves_no_trace_on_the_network(model, request_of, method):
    before = {name: value.clone() for name, value in model.state_dict().items()}
    attribute(model.train(), method, request_of._replace(steps=4))
    assert model.training
    model.eval()
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert all(weight.grad is None for weight in model.parameters())
    assert not any(module._forward_hooks or module._backward_hooks for module in model.modules())


def test_what_cannot_be_attributed_is_refused_in_a_sentence(model, request_of):
    with pytest.raises(ProbeError, match="no method"):
        attribute(model, "tea leaves", request_of)
    with pytest.raises(ProbeError, match="no layer"):
        attribute(model, "grad_cam", request_of._replace(layer="stages.9.0"))
    with pytest.raises(ProbeError, match="ReLUs are modules"):
        attribute(Bowl(), "guided_backprop", request_of._replace(layer="whole"))


@pytest.fixture(scope="module")
def moments():
    return list(experiment("attributions").ask(SMALL))


def test_the_experiment_explains_one_picture_of_each_class_by_every_method(moments):
    done = [moment.done for moment in moments]
    assert done == sorted(done)
    assert done[-1] == 1
    report, data = moments[-1].record, load_data(SMALL.data)
    assert [picture.label for picture in report.pictures] == list(range(10))
    first = int((data.test_labels == 3).nonzero()[0])
    np.testing.assert_array_equal(report.pictures[3].picture, data.pixels(data.test_images[first]))
    for picture in report.pictures:
        assert [one.method for one in picture.maps] == list(METHODS)
        assert picture.target == picture.scores.argmax()
        assert picture.scores.sum() == pytest.approx(1)
        assert [math.isnan(one.expected) for one in picture.maps] == [
            one.method not in COMPLETE for one in picture.maps
        ]
        assert all(np.abs(one.values).max() == pytest.approx(1) for one in picture.maps if one.largest)
    assert (np.abs(report.untrained) <= 1).all()


def test_the_right_class_can_be_explained_instead_of_the_one_that_is_seen():
    question = AttributionsQuestion(
        network=SMALL.network, data=SMALL.data, training=SMALL.training, steps=2, target="label", baseline="mean"
    )
    report = experiment("attributions").answer(question)
    assert [picture.target for picture in report.pictures] == [picture.label for picture in report.pictures]


def test_alike_means_in_the_same_order_whatever_the_sign_and_scale():
    from resnet_core.experiments.attributions import _similarity

    one = np.array([[1.0, -2.0], [3.0, -4.0]], np.float32)
    assert _similarity(one, 10 * one**3) == pytest.approx(1)
    assert _similarity(one, 1 / one) == pytest.approx(-1)
    assert math.isnan(_similarity(one, np.zeros_like(one)))
    tied = np.array([1.0, 1.0, 2.0, 3.0], np.float32)  # ranks 1.5, 1.5, 3, 4 against 1, 2, 3, 4
    assert _similarity(tied, np.array([1.0, 2.0, 3.0, 4.0], np.float32)) == pytest.approx(4.5 / math.sqrt(4.5 * 5))


def test_a_question_refuses_what_is_no_target_and_no_baseline():
    for settings in ({"target": "mine"}, {"baseline": "noise"}, {"steps": 1}, {"window": 0}):
        with pytest.raises(ConfigError):
            AttributionsQuestion(**settings)
