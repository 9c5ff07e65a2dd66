"""What the network drawing is sent: the paper's shapes, counts and shortcuts, and colours that follow the numbers."""

import math
import re

import pytest

from resnet_core import cifar, cost_report, preset
from ui.charts.network_plan import Shade, block_of, plan, words
from ui.charts.theme import NOT_FINITE
from ui.components import drawing
from ui.components.stub import stub

R50 = cost_report(preset("resnet50-v1"), (3, 224, 224))
R20 = cost_report(cifar(20), (3, 32, 32))


def drawn(config, costs, shade=None):
    data = plan(config, costs, shade or Shade("weights", {}))
    return {node["id"]: node for node in data["nodes"]}


def test_resnet50_is_the_papers_from_stem_to_head():
    """He et al. 2015, table 1: 3, 4, 6 and 3 blocks; 56, 28, 14 and 7 pixels; 256 to 2048 channels."""
    nodes = drawn(preset("resnet50-v1"), R50)
    names = list(nodes)
    assert (names[0], names[-1], len(names)) == ("stem", "head", 18)
    for stage, (blocks, side, channels) in enumerate(((3, 56, 256), (4, 28, 512), (6, 14, 1024), (3, 7, 2048))):
        mine = [node for name, node in nodes.items() if name.startswith(f"stages.{stage}.")]
        assert [node["out"] for node in mine] == [[channels, side, side]] * blocks
        assert [node["shortcut"] for node in mine] == ["projection"] + ["identity"] * (blocks - 1)
    assert nodes["stem"]["out"] == [64, 56, 56]
    assert [part["title"] for part in nodes["stem"]["parts"] if part["kind"] == "conv"] == ["7×7 convolution"]


def test_a_cifar_network_pads_where_the_picture_halves_and_a_cut_is_a_cut():
    config = cifar(20, cut=((1, 1),))
    nodes = drawn(config, cost_report(config, (3, 32, 32)))
    kinds = [node["shortcut"] for name, node in nodes.items() if name.startswith("stages")]
    assert kinds == ["identity"] * 3 + ["padding", "cut", "identity"] + ["padding", "identity", "identity"]
    plain = drawn(cifar(20, plain=True), cost_report(cifar(20, plain=True), (3, 32, 32)))
    assert {node["shortcut"] for node in plain.values()} == {""}


def test_every_layer_of_the_network_is_in_one_block():
    nodes = drawn(cifar(20), R20)
    assert sum(len(node["parts"]) for node in nodes.values()) == len(R20.layers)
    assert "4,672 weights" in nodes["stages.0.0"]["text"]  # two times 3 * 3 * 16 * 16, and 32 of each BatchNorm
    assert [block_of(name) for name in ("stem.conv", "stages.2.1.norm1", "pool", "head")] == [
        "stem", "stages.2.1", "head", "head",
    ]  # fmt: skip


def test_the_largest_number_has_the_brightest_colour():
    shade = Shade("weights", {"stem": 1.0, "stages.0.0": 4.0, "head": 0.0})
    nodes = drawn(cifar(20), R20, shade)
    brightness = {name: sum(map(int, nodes[name]["colour"][4:-1].split(","))) for name in shade.values}
    assert brightness["stages.0.0"] > brightness["stem"] > brightness["head"]
    assert nodes["stages.1.0"]["colour"] == ""  # not known


def test_measured_numbers_are_on_a_logarithmic_scale_and_told():
    values = {"stem": 1e-4, "stages.0.0": 1e-2, "stages.0.1": 1.0, "stages.0.2": 0.0, "head": math.inf}
    data = plan(cifar(20), R20, Shade("norm", values, measured=True))
    nodes = {node["id"]: node for node in data["nodes"]}
    assert (data["legend"]["low"], data["legend"]["high"]) == ("1×10⁻⁴", "1")
    assert nodes["stages.0.0"]["colour"] == data["legend"]["colours"][4]  # halfway between the ends
    assert nodes["stages.0.2"]["colour"] == "#000000"
    assert nodes["stages.0.1"]["text"].endswith("norm: 1")


def test_blocks_that_hardly_differ_look_alike():
    """0.58 and 0.62 are less than a factor of 3.2 apart, so they lie in the middle of the scale and not at its ends."""
    data = plan(cifar(20), R20, Shade("norm", {"stem": 0.58, "stages.0.0": 0.62}, measured=True))
    nodes = {node["id"]: node for node in data["nodes"]}
    places = [math.log10(float(data["legend"][end])) for end in ("low", "high")]
    assert places[1] - places[0] == pytest.approx(0.5, abs=0.01)
    first, second = (list(map(int, nodes[name]["colour"][4:-1].split(","))) for name in ("stem", "stages.0.0"))
    assert max(abs(one - other) for one, other in zip(first, second, strict=True)) < 20


def test_what_has_overflowed_says_so_and_what_was_not_measured_too():
    values = {"stem": 1.0, "stages.0.0": math.inf, "stages.0.1": math.nan}
    data = plan(cifar(20), R20, Shade("norm", values, measured=True))
    nodes = {node["id"]: node for node in data["nodes"]}
    assert (nodes["stages.0.0"]["colour"], nodes["stages.0.1"]["colour"]) == (NOT_FINITE, "")
    assert nodes["stages.0.0"]["text"].endswith("norm: not finite")
    assert nodes["stages.0.1"]["brief"] == "stage 1, block 2: 16 × 32 × 32 · not known"


def test_every_word_that_the_scripts_use_is_sent():
    scripts = "".join(script.read_text() for script in drawing.HERE.glob("*.js"))
    used = set(re.findall(r"words\.(\w+)", scripts))
    kinds = {"identity", "padding", "projection", "cut"}  # looked up by a shortcut's kind
    assert used | kinds == set(words(str))


@pytest.mark.parametrize("places", [{(9, 0)}, {(0, 7)}, {("a", 0)}, {(-1, 0)}])
def test_cuts_that_make_no_sense_are_dropped(places):
    assert drawing.sensible(places | {(2, 1), (0, 0)}, cifar(20)) == ((0, 0), (2, 1))


def test_what_components_share_gives_their_scripts_another_address_when_it_changes(tmp_path):
    """Else a browser would go on with the old file that it has kept."""
    folder = tmp_path / "drawing"
    folder.mkdir()
    (folder / "drawing.js").write_text("1")
    (tmp_path / "elements.js").write_text("1")
    first = stub(folder, "drawing.js")
    (tmp_path / "elements.js").write_text("2")
    second = stub(folder, "drawing.js")
    (folder / "drawing.js").write_text("2")
    assert len({first, second, stub(folder, "drawing.js")}) == 3
