"""How small F is, against a forward pass written out by hand, and against what must hold by construction."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.catalogue import answer
from resnet_core.experiments.responses import look, steps_looked_at
from resnet_core.inspection import test_subset as subset_of_tests
from resnet_core.questions.responses import ResponsesQuestion

DIGITS = DataConfig(name="digits", size=8)


def network(**settings):
    return cifar(8, width=4, in_channels=1, **settings)


def ask(*networks, steps=0, **settings):
    question = ResponsesQuestion(
        networks=networks, data=DIGITS, training=TrainConfig(batch=16), steps=steps, images=16, **settings
    )
    return answer("responses", question)


@torch.no_grad()
def by_hand(config):
    """x and H(x) or F(x) of the second stage's block, and its first response, by functional calls alone."""
    data = load_data(DIGITS)
    weights = dict(build_model(config, 0).named_parameters())

    def convolve(x, name, stride=1):
        x = F.conv2d(x, weights[f"{name}.weight"], stride=stride, padding=1)
        return F.batch_norm(x, None, None, training=True)

    x = data.test_images[subset_of_tests(data)[:16]]
    x = F.relu(convolve(x, "stem.conv"))
    branch = convolve(F.relu(convolve(x, "stages.0.0.conv1")), "stages.0.0.conv2")
    return x, branch


def test_the_ratio_is_the_branch_over_what_the_shortcut_hands_on():
    x, branch = by_hand(network())
    (found,) = ask(network()).networks
    assert found.ratio[0, 0] == pytest.approx(float(branch.norm() / x.norm()), rel=1e-5)
    assert found.cosine[0, 0] == pytest.approx(float((branch * x).sum() / (branch.norm() * x.norm())), abs=1e-5)


def test_in_a_plain_block_f_is_what_it_puts_out_less_what_came_in():
    x, out = by_hand(network(plain=True))
    (found,) = ask(network(plain=True)).networks
    assert found.ratio[0, 0] == pytest.approx(float((out - x).norm() / x.norm()), rel=1e-5)
    assert np.isnan(found.ratio[0, 1:]).all()  # the shape changes
    assert found.cosine[0, 0] < 0  # what is subtracted is in it


def test_at_initialisation_batchnorm_makes_every_response_one_by_construction():
    """The scale is 1 and the shift 0, so figure 7 begins flat for plain and residual networks alike."""
    for found in ask(network(), network(plain=True)).networks:
        assert found.response[0] == pytest.approx(np.ones(len(found.layers)), abs=2e-3)


def test_with_zero_gamma_f_begins_at_nothing_and_grows():
    (found,) = ask(network(zero_gamma=True), steps=6, looks=2).networks
    assert (found.ratio[0] == 0).all()
    assert np.isnan(found.cosine[0]).all()
    assert (found.ratio[-1] > 0).all()
    assert (found.ratio[-1] > found.ratio[1]).all()


def test_in_a_deeper_network_f_is_smaller_beside_x():
    """De & Smith 2020: x adds up block by block and F does not, so their ratio falls as about one over the root."""
    deep = cifar(38, width=4, in_channels=1)
    shallow, deeper = ask(cifar(14, width=4, in_channels=1), deep).networks
    assert np.median(deeper.ratio[0]) < 0.8 * np.median(shallow.ratio[0])
    inside = deeper.ratio[0][:6]
    assert (np.diff(inside) < 0).all()
    assert inside[0] / inside[4] == pytest.approx(np.sqrt(5), rel=0.35)


def test_a_look_leaves_the_model_as_it_was():
    model, data = build_model(network(), 0).train(), load_data(DIGITS)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    (found,) = ask(network()).networks
    look(model, data.test_images[:16], data.test_labels[:16], found, 0)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())


def test_looks_are_at_even_distances_and_a_diverged_network_has_none():
    question = ResponsesQuestion(steps=60, looks=4)
    assert steps_looked_at(question) == (0, 15, 30, 45, 60)
    wild = network(norm="none", init="he")
    record = answer(
        "responses",
        ResponsesQuestion(
            networks=(wild,), data=DIGITS, training=TrainConfig(batch=16, learning_rate=100.0), steps=8, looks=2
        ),
    )
    (found,) = record.networks
    assert np.isfinite(found.ratio[0]).all()
    assert np.isnan(found.ratio[-1]).all()
    assert np.isinf(found.losses[-1])
