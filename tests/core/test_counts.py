"""Parameters and multiply-accumulates against numbers that other code computed, and against the papers' tables."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from resnet_core.model import build_model
from resnet_core.presets import cifar, plain_twin, preset

REFERENCE = json.loads((Path(__file__).parent / "reference_counts.json").read_text())
PRERESNETS_V1 = {"resnet164_v1_B": cifar(164, block="bottleneck", shortcut="B")}
LARGEST = "1202"


def parameters(model):
    return sum(weight.numel() for weight in model.parameters())


@cache
def counts(config):
    """Parameters, and half of what torch's own counter says, which counts a multiplication and an addition as two."""
    model = build_model(config, device="meta")
    total = parameters(model)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d | nn.ReLU):
            module.forward = nn.Identity().forward  # neither counts, and on meta both are slow
    side = 224 if config.stem == "imagenet" else 32
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.empty(1, 3, side, side, device="meta"))
    return total, counter.get_total_flops() // 2


def variant(name):
    """The config that a name in reference_counts.json stands for."""
    if match := re.fullmatch(r"(imagenet|cifar)_resnet(\d+)_(v[\d.]+)_([ABC])", name):
        base = preset(f"{'cifar-' if match[1] == 'cifar' else ''}resnet{match[2]}")
        return replace(base, version=match[3], shortcut=match[4])
    if match := re.fullmatch(r"(imagenet|cifar)_plain(\d+)(_nobn_convbias)?", name):
        base = preset(f"plain{match[2]}") if match[1] == "imagenet" else cifar(int(match[2]), plain=True)
        return replace(base, norm="none" if match[3] else "batch")
    if match := re.fullmatch(r"wrn_(\d+)_(\d+)(_cifar100)?", name):
        return replace(preset(f"wrn-{match[1]}-{match[2]}"), classes=100 if match[3] else 10)
    others = {"resnet200_v2": "resnetv2-200", "preresnet164": "preresnet164", "preresnet1001": "preresnet1001"}
    if name == "resnet200_v1.5":
        return replace(preset("resnetv2-200"), version="v1.5")
    return PRERESNETS_V1[name] if name in PRERESNETS_V1 else preset(others[name])


@pytest.mark.parametrize("name", [name for name in REFERENCE["variants"] if LARGEST not in name])
def test_a_variant_has_the_reference_parameters_and_macs(name):
    assert list(counts(variant(name))) == REFERENCE["variants"][name]


@pytest.mark.slow
def test_resnet_1202_has_the_reference_parameters_and_macs():
    assert list(counts(preset("cifar-resnet1202"))) == REFERENCE["variants"]["cifar_resnet1202_v1_A"]


@pytest.mark.slow
def test_the_other_1202_layer_variants_have_the_reference_parameters():
    names = [name for name in REFERENCE["variants"] if LARGEST in name]
    assert len(names) == 6
    for name in names:
        assert parameters(build_model(variant(name), device="meta")) == REFERENCE["variants"][name][0], name


@pytest.mark.parametrize("name", REFERENCE["torchvision"])
def test_a_torchvision_preset_has_torchvisions_counts(name):
    model = build_model(preset(name), device="meta")
    expected = REFERENCE["torchvision"][name]
    assert counts(model.config) == (expected["params"], expected["macs"])
    assert sum(isinstance(module, nn.BatchNorm2d) for module in model.modules()) == expected["bn_layers"]
    assert len(model.state_dict()) == expected["state_dict_keys"]


@pytest.mark.parametrize("option", ["A", "B"])
@pytest.mark.parametrize("depth", [20, 32, 44, 56, 110])
def test_a_cifar_network_has_akamasters_counts(option, depth):
    model = build_model(cifar(depth, shortcut=option), device="meta")
    expected = REFERENCE[f"cifar_{option}"][f"resnet{depth}"]
    assert counts(model.config) == (expected["params"], expected["macs"])
    assert sum(isinstance(module, nn.BatchNorm2d) for module in model.modules()) == expected["bn_layers"]
    assert len(model.state_dict()) == expected["state_dict_keys"]


@pytest.mark.parametrize("depth", REFERENCE["timm_v2"])
def test_a_pre_activation_network_has_timms_counts(depth):
    assert list(counts(preset(f"resnetv2-{depth}"))) == REFERENCE["timm_v2"][depth]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 9, 18])
def test_option_a_follows_the_closed_forms(n):
    """Pencil: each n adds 2 * 9 * (16^2 + 32^2 + 64^2) weights and 2 * 2 * (16 + 32 + 64) of BatchNorm, and so on."""
    assert counts(cifar(6 * n + 2)) == (97_216 * n - 21_926, 14_155_776 * n - 1_916_288)


@pytest.mark.parametrize(
    ("depth", "millions"), [(20, "0.27"), (32, "0.46"), (44, "0.66"), (56, "0.85"), (110, "1.7"), (1202, "19.4")]
)
def test_table_6_of_the_paper_gives_these_parameters(depth, millions):
    digits = len(millions.partition(".")[2])
    assert f"{counts(cifar(depth))[0] / 1e6:.{digits}f}" == millions


@pytest.mark.parametrize(("depth", "billions"), [(18, 1.8), (34, 3.6), (101, 7.6), (152, 11.3)])
def test_table_1_of_the_paper_gives_these_macs(depth, billions):
    assert round(counts(preset(f"resnet{depth}-v1"))[1] / 1e9, 1) == billions


def test_table_1_gives_the_50_layer_networks_macs_cut_off_not_rounded():
    assert counts(preset("resnet50-v1"))[1] // 10**8 == 38


def test_wide_and_pre_activation_papers_give_these_parameters():
    """Zagoruyko 2016: 36.5M and 8.9M. He 2016: 1.7M."""
    names = {"wrn-28-10": 36.5, "wrn-40-4": 8.9, "preresnet164": 1.7}
    assert {name: round(counts(preset(name))[0] / 1e6, 1) for name in names} == names


@pytest.mark.parametrize("name", ["resnet18-v1", "resnet34-v1", "cifar-resnet20", "cifar-resnet56"])
def test_identity_and_zero_padding_shortcuts_cost_nothing(name):
    assert counts(preset(name)) == counts(plain_twin(preset(name)))


def test_option_c_puts_thirteen_more_projections_into_resnet_34():
    """He et al. 2015, section 4.1: "many (thirteen) projection shortcuts"."""
    projections = {
        option: sum(
            name.endswith("shortcut.conv")
            for name, _ in build_model(preset(f"resnet34-{option}"), device="meta").named_modules()
        )
        for option in "BC"
    }
    assert projections["C"] - projections["B"] == 13
