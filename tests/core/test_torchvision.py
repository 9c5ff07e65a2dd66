"""torchvision's ten networks and ours are the same functions of the same weights."""

import hashlib
import json
from pathlib import Path

import pytest
import torch

from resnet_core.checkpoints import network_with
from resnet_core.keys import guess_style, state_dict_as, to_ours
from resnet_core.model import build_model
from resnet_core.presets import cifar, preset
from resnet_core.recognise import guess_config
from tests.core.torchvision_oracle import torchvision_models

REFERENCE = json.loads((Path(__file__).parent / "reference_counts.json").read_text())
TEN = list(REFERENCE["torchvision"])
LARGE = {"resnet101", "resnet152", "resnext101_32x8d", "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2"}


def fingerprint(state):
    """sha256 of the names and shapes, in order."""
    return hashlib.sha256("\n".join(f"{name} {tuple(t.shape)}" for name, t in state.items()).encode()).hexdigest()


@pytest.mark.parametrize("name", TEN)
def test_our_weights_under_torchvisions_names_have_its_names_shapes_and_order(name):
    model = build_model(preset(name), device="meta")
    theirs = state_dict_as(model, "torchvision")
    assert fingerprint(theirs) == REFERENCE["torchvision"][name]["keys_shapes_sha256"]
    assert [to_ours(key, "torchvision") for key in theirs] == list(model.state_dict())


@pytest.mark.parametrize("option", ["A", "B"])
@pytest.mark.parametrize("depth", [20, 32, 44, 56, 110, pytest.param(1202, marks=pytest.mark.slow)])
def test_our_weights_under_cifar_names_have_akamasters_names_shapes_and_order(option, depth):
    model = build_model(cifar(depth, shortcut=option), device="meta")
    theirs = state_dict_as(model, "cifar")
    assert fingerprint(theirs) == REFERENCE[f"cifar_{option}"][f"resnet{depth}"]["keys_shapes_sha256"]
    assert [to_ours(key, "cifar") for key in theirs] == list(model.state_dict())


def with_random_statistics(model):
    """As after training: BatchNorm with scales, shifts and statistics that are not 1 and 0."""
    for name, tensor in model.state_dict().items():
        if name.endswith(("running_mean", ".bias")):
            tensor.uniform_(-0.2, 0.2)
        elif name.endswith("running_var") or (("bn" in name or "downsample.1" in name) and name.endswith("weight")):
            tensor.uniform_(0.5, 1.0)
    return model.eval()


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LARGE)) for name in TEN])
@torch.no_grad()
def test_torchvisions_weights_give_torchvisions_scores(name):
    theirs = with_random_statistics(getattr(torchvision_models(), name)(weights=None))
    state = theirs.state_dict()
    assert guess_style(state) == "torchvision"
    weights = {to_ours(key, "torchvision"): tensor for key, tensor in state.items()}
    config = guess_config({key: tuple(tensor.shape) for key, tensor in weights.items()}, "torchvision")
    assert config == preset(name)
    ours = network_with(config, weights).eval()
    pictures = torch.randn(2, 3, 64, 64)
    expected = theirs(pictures)
    assert expected.std() > 1e-3  # scores that say something
    assert (ours(pictures) - expected).abs().max() <= 1e-5


def test_a_training_step_gives_torchvisions_gradients():
    theirs = with_random_statistics(torchvision_models().resnet18(weights=None)).train()
    weights = {to_ours(key, "torchvision"): tensor.clone() for key, tensor in theirs.state_dict().items()}
    ours = network_with(preset("resnet18"), weights)
    pictures = torch.randn(4, 3, 64, 64)
    for network in (theirs, ours):
        network(pictures).logsumexp(1).mean().backward()
    gradients = dict(ours.named_parameters())
    for key, weight in theirs.named_parameters():
        torch.testing.assert_close(gradients[to_ours(key, "torchvision")].grad, weight.grad, rtol=1e-4, atol=1e-6)
