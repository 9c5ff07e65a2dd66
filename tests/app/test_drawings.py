"""The network drawing on its pages: what it is coloured by, what is not offered and why, and what a block chooses."""

import json
import re

import pytest

from tests.app.screen import figure, measured, results, table


def drawn(app):
    """What the one drawing of the page was sent."""
    (component,) = [one for one in app.get("bidi_component") if "drawing" in one.proto.component_name]
    return json.loads(component.proto.json)


def told(app):
    """The number in the words of each block."""
    return {node["id"]: node["text"].rpartition(": ")[2] for node in drawn(app)["nodes"]}


def notes(app):
    return " ".join(caption.value for caption in app.caption)


def offered(app):
    return app.button_group(key="colour").options


NETWORK = {"part": "drawing", "count_net": "cifar-resnet20"}


def test_the_signals_colours_are_the_numbers_of_the_table(open_app):
    app = open_app("network", **NETWORK, colour="deviation")
    column = "Standard deviation, residual-20 + BN"
    rows = table(app, column).set_index("Layer")[column]
    assert len(rows) == 10
    words = told(app)
    assert words["head"] == "not known"
    assert float(words["stem"]) == pytest.approx(rows["stem"], rel=5e-3)
    assert float(words["stages.2.2"]) == pytest.approx(rows["stage 3, block 3"], rel=5e-3)
    plain, residual = re.split(r"(?<=\.) (?=residual)", results(app)[0])
    assert plain.startswith("plain-20 + BN: no clear difference")
    assert f"the signal grows, from {words['stages.0.0']} behind" in residual
    assert "one batch of 32 pictures of Clothes (Fashion-MNIST), 16 pixels wide, with seed 0." in notes(app)
    app.number_input(key="seed").set_value(7).run()
    assert told(app) != words
    app.number_input(key="seed").set_value(0).run()
    assert told(app) == words


def test_f_beside_x_has_no_number_where_nothing_is_added(open_app):
    app = open_app("network", **NETWORK, colour="ratio", cut="1-1")
    words = told(app)
    assert {name for name, word in words.items() if word == "not known"} == {"stem", "stages.1.1", "head"}
    assert results(app)[0].startswith("F(x) is ")


@pytest.mark.parametrize(
    ("network", "missing", "why"),
    [
        ("cifar-plain20", {"‖F(x)‖ / ‖x‖"}, "A plain network has no x beside F(x)"),
        ("resnet152", {"Gradient"}, "up to 30 million parameters, 200 layers"),
        ("resnext101_64x4d", {"Gradient", "Signal (std)", "‖F(x)‖ / ‖x‖"}, "The signal is measured for networks"),
        ("resnet50", set(), ""),
    ],
)
def test_what_is_not_measured_is_not_offered_and_the_page_says_why(open_app, network, missing, why):
    app = open_app("network", part="drawing", count_net=network)
    everything = {"Multiplications", "Parameters", "Values handed on", "Gradient", "Signal (std)", "‖F(x)‖ / ‖x‖"}
    assert everything - set(offered(app)) == missing
    assert why in notes(app)
    assert ("would take too long" in notes(app)) == ("Gradient" in missing)


def test_an_imagenet_network_is_measured_on_larger_pictures(open_app):
    app = open_app("network", part="drawing", count_net="resnet18", colour="gradient")
    assert "32 pixels wide, with seed 0. They are gray, so its stem reads one channel there." in notes(app)
    assert "explodes towards the input" in results(app)[0] or "neither vanishes" in results(app)[0]
    assert told(app)["head"] == "not known"


def test_a_network_of_ones_own_is_coloured_by_its_own_pictures(open_app):
    app = open_app("build", colour="deviation", data="digits", size_digits=8, b0_w1=4, b0_w2=8, b0_w3=16, b0_stem=4)
    assert not app.exception
    assert any("the signal grows" in sentence for sentence in results(app))
    assert "of Handwritten digits, 8 pixels wide" in notes(app)
    assert "They are gray" not in notes(app)  # it is a network for gray pictures


def test_a_teachers_lock_leaves_the_drawing_to_be_looked_at(open_app):
    assert drawn(open_app("network", **NETWORK))["canCut"]
    assert not drawn(open_app("network", **NETWORK, locked=1))["canCut"]
    assert drawn(open_app("maps", part="maps", net="fresh"))["picks"]
    assert drawn(open_app("maps", part="maps", net="fresh", locked=1))["picks"] == []


def test_the_drawing_beside_the_maps_has_their_layer_marked_and_their_deviations(open_app):
    app = open_app("maps", part="maps", net="fresh", mapdepth=8, map_size_96=32, layer=2)
    data = drawn(app)
    assert data["block"] == "stages.1.0"
    assert data["picks"] == ["stem", "stages.0.0", "stages.1.0", "stages.2.0"]
    assert data["legend"]["title"] == "standard deviation of its output"
    assert [word for name, word in told(app).items() if name != "head"] != ["not known"] * 4
    app.slider(key="layer").set_value(0).run()
    assert drawn(app)["block"] == "stem"
    assert results(app)[0].startswith("16 of 16 feature maps of stem,")


def test_a_block_in_the_link_is_marked_in_the_profile(open_app):
    small = {"part": "profile", "depth": 20, "size_fashion": 8, "width": 4, "seeds": 1}
    app = measured(open_app("gradients", **small, block="stages.1.0"))
    data = drawn(app)
    assert data["block"] == "stages.1.0"
    rows = table(app, "residual-20 + BN")
    first, second = rows["residual-20 + BN"][7:9]  # stem, three blocks of two, then this one
    sentence = next(text.value for text in app.markdown if "(on the band)" in text.value)
    (norms,) = re.findall(r"residual-20 \+ BN: ([\d.]+), ([\d.]+)\.$", sentence)
    assert [float(norm) for norm in norms] == pytest.approx([first, second], rel=5e-3)
    assert float(told(app)["stages.1.0"]) == pytest.approx(first, rel=5e-3)
    assert figure(app, "gradient_profile")
    assert not drawn(open_app("gradients", **small, block="stages.9.9"))["block"]
