"""Weights that come back as they went, from files of our own and of others."""

import io
from dataclasses import replace

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings

from resnet_core.checkpoints import load_checkpoint, network_with, save_weights
from resnet_core.errors import CheckpointError
from resnet_core.keys import from_ours, guess_style, state_dict_as, to_ours
from resnet_core.model import build_model
from resnet_core.presets import cifar, preset, preset_names
from resnet_core.recognise import guess_config
from tests.core.random_configs import configs, small


def torch_file(content):
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


def trained(config):
    """Two forward passes, so that BatchNorm has statistics of its own."""
    model = build_model(config, seed=3)
    for _ in range(2):
        model(torch.randn(4, config.in_channels, 16, 16))
    return model.eval()


def same_function(one, other):
    pictures = torch.randn(3, one.config.in_channels, 16, 16)
    return torch.equal(one(pictures), other(pictures))


@pytest.mark.parametrize("changes", [{}, {"version": "v2"}, {"shortcut": "none"}, {"cut": ((1, 1),)}, {"norm": "none"}])
def test_our_own_file_brings_back_config_weights_statistics_and_notes(changes):
    model = trained(small(**changes))
    loaded, info = load_checkpoint(save_weights(model, classes=["a", "b", "c"], steps=150), "run.safetensors")
    assert loaded.config == model.config
    assert same_function(model, loaded)
    assert info == ("ours", False, ("a", "b", "c"), {"steps": 150}, (), ())


def test_how_pictures_were_normalised_comes_back_from_a_file():
    data = save_weights(trained(small()), mean=(0.1, 0.2, 0.3), std=(1, 2, 0.5))
    _, info = load_checkpoint(data, "run.safetensors")
    assert (info.mean, info.std, info.notes) == ((0.1, 0.2, 0.3), (1.0, 2.0, 0.5), {})


def test_a_loaded_network_is_ready_to_show_and_can_be_trained_on():
    loaded, _ = load_checkpoint(save_weights(trained(small())), "run.safetensors")
    assert not loaded.training
    loaded.train()(torch.randn(4, 3, 8, 8)).sum().backward()
    torch.optim.SGD(loaded.parameters(), lr=0.1).step()
    assert all(weight.grad.isfinite().all() for weight in loaded.parameters())


def test_a_network_in_channels_last_memory_is_saved_too():
    model = trained(small()).to(memory_format=torch.channels_last)
    loaded, _ = load_checkpoint(save_weights(model), "run.safetensors")
    assert all(torch.equal(tensor, loaded.state_dict()[name]) for name, tensor in model.state_dict().items())


@pytest.mark.parametrize("wrapper", [None, "state_dict", "model", "net", "model_state_dict"])
@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "module._orig_mod."])
def test_a_cifar_file_is_recognised_in_any_of_the_usual_wrappings(wrapper, prefix):
    model = trained(small(zero_padding="both"))
    state = {prefix + name: tensor for name, tensor in state_dict_as(model, "cifar").items()}
    data = torch_file({wrapper: state, "epoch": 3, "best_prec1": torch.tensor(91.7)} if wrapper else state)
    loaded, info = load_checkpoint(data, "resnet20.PTH")
    assert loaded.config == model.config  # zeros on both sides, as these repositories pad
    assert same_function(model, loaded)
    assert info == ("cifar", True, (), {}, (), ())


def test_a_torchvision_file_is_recognised_as_pt_and_as_safetensors():
    model = trained(small(stem="imagenet", block="bottleneck", version="v1.5", shortcut="B"))
    state = state_dict_as(model, "torchvision")
    files = {"weights.pt": torch_file(state), "weights.safetensors": safetensors.torch.save(state)}
    for filename, data in files.items():
        loaded, info = load_checkpoint(data, filename)
        assert (loaded.config, info.style, info.guessed) == (model.config, "torchvision", True)
        assert same_function(model, loaded)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_weights_of_another_precision_become_float32(kind):
    model = trained(small())
    state = {name: t.to(kind) if t.is_floating_point() else t for name, t in state_dict_as(model, "cifar").items()}
    loaded, _ = load_checkpoint(torch_file(state), "half.pt")
    assert all(weight.dtype == torch.float32 for weight in loaded.parameters())
    assert torch.equal(loaded.head.weight, state["linear.weight"].float())


def test_a_file_from_before_batches_were_counted_is_read():
    model = trained(small(zero_padding="both"))
    state = {name: t for name, t in state_dict_as(model, "cifar").items() if not name.endswith("num_batches_tracked")}
    assert same_function(model, load_checkpoint(torch_file(state), "old.pth")[0])


def test_the_old_format_of_torch_save_is_read():
    model, buffer = trained(small(zero_padding="both")), io.BytesIO()
    torch.save(state_dict_as(model, "cifar"), buffer, _use_new_zipfile_serialization=False)
    assert same_function(model, load_checkpoint(buffer.getvalue(), "old.pth")[0])


@pytest.mark.parametrize("style", ["torchvision", "cifar"])
@settings(max_examples=40, deadline=None, derandomize=True)
@given(config=configs())
def test_names_go_to_another_style_and_come_back(style, config):
    config = replace(config, version="v1")
    ours = list(build_model(config, device="meta").state_dict())
    theirs = [from_ours(name, style) for name in ours]
    assert len(set(theirs)) == len(ours)
    assert guess_style(theirs) == style
    assert [to_ours(name, style) for name in theirs] == ours


@settings(max_examples=80, deadline=None, derandomize=True)
@given(config=configs())
def test_a_guessed_network_has_the_shapes_of_the_one_that_was_saved(config):
    def shapes(config):
        return {name: tuple(t.shape) for name, t in build_model(config, device="meta").state_dict().items()}

    widths = tuple(8 * width for width in config.widths)  # where widths are multiples of 8, nothing is rounded away
    config = replace(config, widths=widths, cut=())
    assert shapes(guess_config(shapes(config))) == shapes(config)


LARGEST = {"cifar-resnet1202", "preresnet1001"}  # the same as their small sisters, but for their 7,000 weights


@pytest.mark.parametrize("name", [name for name in preset_names() if "plain" not in name and name not in LARGEST])
def test_a_preset_is_recognised_by_its_weights_up_to_what_shapes_cannot_show(name):
    config = preset(name)
    state = build_model(config, device="meta").state_dict()
    guess = guess_config({key: tuple(tensor.shape) for key, tensor in state.items()})
    assert replace(guess, version=config.version) == config
    assert (guess.version == "v2") == (config.version == "v2")


def test_a_pre_activation_network_has_no_torchvision_names():
    with pytest.raises(CheckpointError, match=r"version 'v2'.*'v1' and 'v1.5'.*our own naming"):
        state_dict_as(build_model(small(version="v2")), "torchvision")


def test_weights_are_taken_over_strictly():
    config = cifar(8)
    weights = build_model(config).state_dict()
    weights["head.bias"] = torch.zeros(11)
    with pytest.raises(CheckpointError, match=r"head.bias has the shape \(11,\).*it has \(10,\)"):
        network_with(config, weights)
