import re
import subprocess
import sys

import pytest
from torch import nn

from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.model import build_model
from resnet_core.presets import cifar, plain_twin, preset, preset_names


def weighted_layers(model):
    """Convolutions and the head; projections are not counted, as in the papers."""
    return sum(
        isinstance(module, nn.Conv2d | nn.Linear) and ".shortcut." not in name for name, module in model.named_modules()
    )


def test_importing_presets_does_not_load_torch():
    code = "import sys, resnet_core.presets; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_name_is_missing():
    names = set(preset_names())
    assert {f"resnet{depth}" for depth in (18, 34, 50, 101, 152)} <= names
    assert {f"resnetv2-{depth}" for depth in (18, 34, 50, 101, 152)} <= names
    assert {f"cifar-resnet{depth}" for depth in (20, 32, 44, 56, 110, 1202)} <= names
    assert {f"cifar-plain{depth}" for depth in (20, 32, 44, 56, 110)} <= names
    assert {"plain18", "plain34", "resnet34-A", "resnet50-v1", "preresnet164", "preresnet1001", "wrn-28-10"} <= names


@pytest.mark.parametrize("name", [name for name in preset_names() if name != "cifar-resnet1202"])
def test_the_number_in_a_name_is_the_number_of_weighted_layers(name):
    number = int(re.search(r"\d+$|\d+", name.split("-")[-1] if name.startswith("resnetv2") else name)[0])
    layers = weighted_layers(build_model(preset(name), device="meta"))
    assert preset(name).layers == layers
    assert layers == (number - 2 if name.startswith("wrn") else number)  # WRN counts three projections and no head


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "resnetv2-50", "resnext50_32x4d", "cifar-resnet20"])
def test_a_plain_twin_differs_by_its_shortcuts_only(name):
    residual = set(dict(build_model(preset(name), device="meta").named_parameters()))
    plain = set(dict(build_model(plain_twin(preset(name)), device="meta").named_parameters()))
    assert plain <= residual
    assert all(".shortcut." in weight for weight in residual - plain)


def test_the_papers_plain_networks_are_the_twins_of_its_residual_ones():
    assert preset("plain34") == plain_twin(preset("resnet34-A"))
    assert preset("cifar-plain56") == plain_twin(preset("cifar-resnet56"))


def test_a_near_miss_is_offered_the_name_that_was_meant():
    with pytest.raises(ConfigError, match=r"no network called 'ResNet-50'.*Did you mean resnet50 "):
        preset("ResNet-50")


def test_an_unknown_name_is_offered_examples():
    with pytest.raises(ConfigError, match="Did you mean resnet18 or cifar-resnet20"):
        preset("a banana")


@pytest.mark.parametrize(
    ("depth", "nearest"),
    [(21, "20 or 26"), (7, "8 or 14"), (-1, "8 or 14"), (1208, "1196 or 1202"), (20.0, "8 or 14"), ("20", "8 or 14")],
)
def test_a_depth_that_is_not_6n_plus_2_is_offered_the_nearest(depth, nearest):
    with pytest.raises(ConfigError, match=re.escape(f"depth is {depth!r}. ") + ".*6n.*8 to 1202.*" + nearest):
        cifar(depth)


def test_a_bottleneck_network_has_9n_plus_2_layers():
    assert cifar(164, block="bottleneck").depths == (18, 18, 18)
    with pytest.raises(ConfigError, match=r"depth is 32\. .*9n \+ 2 layers.* 29 or 38"):
        cifar(32, block="bottleneck")


def test_cifar_passes_width_and_other_settings_on():
    config = cifar(14, width=8, version="v2", norm="none", classes=5)
    assert config == ResNetConfig(
        depths=(2, 2, 2), stem_width=8, widths=(8, 16, 32), version="v2", norm="none", classes=5
    )


def test_plain_wins_over_a_shortcut():
    assert cifar(20, plain=True, shortcut="B").is_plain
