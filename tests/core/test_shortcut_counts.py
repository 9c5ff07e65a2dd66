"""What options A, B and C cost, against numbers published or counted by hand (He et al. 2015, sections 3.2 and 4.1)."""

import pytest

from resnet_core import cifar, preset
from resnet_core.catalogue import experiment
from resnet_core.questions.shortcuts import ShortcutCountsQuestion


def counts(network, size=32):
    return experiment("shortcut-counts").answer(ShortcutCountsQuestion(network=network, size=size))


def by_option(found, values):
    return dict(zip(found.options, values, strict=True))


@pytest.mark.parametrize("depth", [20, 56, 110])
def test_option_b_adds_2752_parameters_to_the_cifar_networks(depth):
    found = counts(cifar(depth))
    parameters = by_option(found, found.parameters)
    assert parameters["A"] == parameters["none"]
    assert parameters["B"] - parameters["A"] == 2752 == 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64
    assert by_option(found, found.shortcut_parameters) == {
        "none": 0, "A": 0, "B": 2752, "C": parameters["C"] - parameters["A"],
    }  # fmt: skip


@pytest.mark.parametrize(("name", "added"), [("resnet18", 173_824), ("resnet34", 173_824), ("resnet50-v1", 2_776_576)])
def test_option_b_adds_what_was_counted_for_imagenet(name, added):
    found = counts(preset(name), size=224)
    parameters = by_option(found, found.parameters)
    assert parameters["B"] - parameters["A"] == added


def test_option_b_of_resnet_50_projects_in_the_first_block_of_each_stage_and_nowhere_else():
    found = counts(preset("resnet50-v1"), size=64)
    around = by_option(found, found.around)
    projecting = [name for name, kind in zip(found.blocks, around["B"], strict=True) if kind == "projection"]
    assert projecting == ["stages.0.0", "stages.1.0", "stages.2.0", "stages.3.0"]
    assert around["B"].count("identity") == 12
    assert set(around["C"]) == {"projection"}
    assert set(around["none"]) == {"nothing"}


def test_option_a_fills_with_zeros_where_b_projects():
    found = counts(cifar(20))
    around = by_option(found, found.around)
    assert [kind == "zeros" for kind in around["A"]] == [kind == "projection" for kind in around["B"]]
    assert around["A"] == ("identity",) * 3 + ("zeros", "identity", "identity") * 2


def test_projections_multiply_at_every_pixel_they_write():
    found = counts(cifar(20))
    macs = by_option(found, found.macs)
    assert macs["A"] == macs["none"]
    assert macs["B"] - macs["A"] == 16 * 16 * 16 * 32 + 8 * 8 * 32 * 64
    squares = 3 * 32 * 32 * 16 * 16 + 2 * 16 * 16 * 32 * 32 + 2 * 8 * 8 * 64 * 64
    assert macs["C"] - macs["B"] == squares
