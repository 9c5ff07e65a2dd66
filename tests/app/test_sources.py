"""Networks from files: which pictures they want, and what the page must say it has guessed."""

import io
from dataclasses import replace

import pytest
import torch

from resnet_core import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    DataConfig,
    ResNetConfig,
    RunSpec,
    TrainConfig,
    build_model,
    cifar,
    load_data,
    preset,
    save_weights,
    train_together,
)
from resnet_core.keys import state_dict_as
from ui.sources import NORMALISATION, SHORTCUTS, STRIDE, Source, open_source

TINY = ResNetConfig(depths=(1, 1, 1), widths=(4, 8, 16), stem_width=4, in_channels=1)
SMALL = replace(preset("resnet18"), depths=(1, 1, 1, 1), widths=(8, 8, 8, 8), stem_width=8, classes=3)


def from_file(weights, filename):
    return open_source(Source("a file", weights=weights, filename=filename))


def foreign(config, style):
    buffer = io.BytesIO()
    torch.save(state_dict_as(build_model(config), style), buffer)
    return from_file(buffer.getvalue(), "theirs.pth")


def test_weights_that_went_home_and_came_back_are_given_the_same_pictures():
    spec = RunSpec(
        networks=(TINY,),
        data=DataConfig(name="digits", size=8),
        training=TrainConfig(steps=2, batch=16, inspect_every=0, precision="fp32"),
    )
    run, data = train_together(spec), load_data(spec.data)
    list(run.records())
    for source in (
        Source("mine", weights=run.weights()[0], filename="trained.safetensors", data=spec.data),
        Source("mine again", weights=run.weights()[0], filename="network-1.safetensors"),
    ):
        opened = open_source(source)
        assert (opened.mean, opened.std, opened.classes) == (data.mean, data.std, data.classes)
        assert opened.assumed == ()


def test_a_file_of_our_own_without_a_normalisation_leaves_only_that_to_be_guessed():
    opened = from_file(save_weights(build_model(cifar(8, width=4))), "a.safetensors")
    assert (opened.mean, opened.std) == (IMAGENET_MEAN, IMAGENET_STD)
    assert opened.assumed == (NORMALISATION,)


def test_a_fresh_network_leaves_nothing_to_be_guessed():
    opened = open_source(Source("fresh", cifar(8, width=4)))
    assert (opened.mean, opened.assumed) == (IMAGENET_MEAN, ())


@pytest.mark.parametrize(
    ("config", "style", "guessed"),
    [
        (cifar(8, width=4), "cifar", {SHORTCUTS}),
        (replace(cifar(8, width=4), shortcut="B"), "cifar", set()),
        (replace(SMALL, shortcut="B"), "torchvision", set()),
        (replace(SMALL, shortcut="B", block="bottleneck"), "torchvision", {STRIDE}),
        (replace(SMALL, shortcut="A", block="bottleneck"), "torchvision", {STRIDE, SHORTCUTS}),
    ],
)
def test_what_the_weights_of_others_do_not_show_is_said(config, style, guessed):
    assert set(foreign(config, style).assumed) == {NORMALISATION, *guessed}


def test_a_gray_network_gets_imagenets_normalisation_in_gray():
    opened = from_file(save_weights(build_model(TINY)), "a.safetensors")
    assert opened.mean == pytest.approx([(0.485 + 0.456 + 0.406) / 3])
    assert opened.std == pytest.approx([(0.229 + 0.224 + 0.225) / 3])
