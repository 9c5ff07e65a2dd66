"""The signal of fresh networks, against a forward pass written out by hand and against what pencil says."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.batches import Batches
from resnet_core.catalogue import answer
from resnet_core.experiments.signals import look
from resnet_core.questions.responses import SignalsQuestion

DIGITS = DataConfig(name="digits", size=8)
RECIPE = TrainConfig(batch=32, seed=3)


def network(depth=8, **settings):
    return cifar(depth, width=4, in_channels=1, **settings)


def measured(*networks):
    return answer("signals", SignalsQuestion(networks=networks, data=DIGITS, training=RECIPE)).networks


def batch():
    images, _ = Batches(load_data(DIGITS), RECIPE, torch.device("cpu")).at(1)
    return images


@torch.no_grad()
def by_hand(config):
    """What stem and blocks put out, and (x, F) of each block, in float64 by functional calls alone."""
    weights = {name: weight.double() for name, weight in build_model(config, RECIPE.seed).named_parameters()}

    def convolve(x, name, stride=1):
        return F.batch_norm(F.conv2d(x, weights[f"{name}.weight"], None, stride, 1), None, None, training=True)

    x = F.relu(convolve(batch().double(), "stem.conv"))
    outputs, pairs = [x], []
    for stage in range(3):
        name, stride = f"stages.{stage}.0", 2 if stage else 1
        branch = convolve(F.relu(convolve(x, f"{name}.conv1", stride)), f"{name}.conv2")
        if config.is_plain:
            x = F.relu(branch)
        else:
            skip = F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, branch.shape[1] - x.shape[1]))
            pairs.append((skip, branch))
            x = F.relu(skip + branch)
        outputs.append(x)
    return outputs, pairs


@pytest.mark.parametrize("plain", [False, True])
def test_deviation_and_ratio_are_those_of_a_forward_pass_by_hand(plain):
    (found,) = measured(network(plain=plain))
    outputs, pairs = by_hand(network(plain=plain))
    assert found.layers == ("stem", "stages.0.0", "stages.1.0", "stages.2.0")
    assert found.deviation == pytest.approx([float(np.std(one.numpy())) for one in outputs], rel=1e-4)
    expected = [float(np.linalg.norm(branch) / np.linalg.norm(skip)) for skip, branch in pairs]
    assert found.ratio[1:] == pytest.approx(expected or [math.nan] * 3, rel=1e-4, nan_ok=True)
    assert math.isnan(found.ratio[0])  # the stem adds nothing


def test_a_gaussian_cut_off_at_zero_is_what_a_plain_block_hands_on():
    """After BatchNorm mean 0 and deviation 1; half of it becomes 0, and sqrt(1/2 - 1/(2 pi)) of the deviation stays."""
    (found,) = measured(network(20, plain=True))
    assert found.deviation == pytest.approx(np.full(10, math.sqrt(0.5 - 0.5 / math.pi)), rel=0.15)


def test_in_a_residual_network_the_signal_adds_up_and_f_gets_smaller_beside_it():
    """De & Smith 2020, section 2: x gains about one unit of variance per block, so the variance is that of a sum."""
    (found,) = measured(network(56))
    first, last = 1, 9  # blocks of the first stage
    assert found.deviation[last] > 2 * found.deviation[first]
    assert found.ratio[last] < found.ratio[first] / 2


def test_zero_gamma_makes_every_block_hand_on_what_it_got():
    (found,) = measured(network(20, zero_gamma=True))
    assert (found.ratio[1:] == 0).all()
    assert found.deviation[1:4] == pytest.approx([found.deviation[0]] * 3)  # x is 0 or more already


def test_a_block_whose_shortcut_is_cut_has_no_ratio():
    (found,) = measured(network(14, cut=((1, 0),)))
    missing = [name for name, ratio in zip(found.layers, found.ratio, strict=True) if math.isnan(ratio)]
    assert missing == ["stem", "stages.1.0"]


def scaled(factor):
    """A network without BatchNorm and biases: its signal is `factor` times what it would be."""
    model = build_model(network(norm="none"), 0)
    for name, weight in model.named_parameters():
        if name.endswith("bias"):
            weight.data.zero_()
    model.get_parameter("stem.conv.weight").data.mul_(factor)
    return model


@pytest.mark.parametrize("factor", [1e-25, 1e25])
def test_numbers_whose_square_no_float_holds_are_measured_all_the_same(factor):
    usual, found = (look(scaled(one), batch()) for one in (1.0, factor))
    assert found.deviation / factor == pytest.approx(usual.deviation, rel=1e-3)
    assert found.ratio[1:] == pytest.approx(usual.ratio[1:], rel=1e-3)


def test_what_overflows_is_infinite_and_leaves_nothing_to_compare():
    found = look(scaled(1e39), batch())
    assert np.isinf(found.deviation).all()
    assert np.isnan(found.ratio).all()


def test_looking_leaves_the_network_as_it_was():
    model = build_model(network(), 0)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    look(model, batch())
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())


def test_a_network_that_cannot_read_the_pictures_is_refused():
    with pytest.raises(ConfigError, match="in_channels=1"):
        measured(cifar(8, width=4))
