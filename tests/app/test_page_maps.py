"""Feature maps: what is drawn is what the network computes, and whatever is uploaded gets an answer."""

import io

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image
from torch.nn import functional as F

from resnet_core import IMAGENET_MEAN, IMAGENET_STD, build_model, cifar, preset, save_weights
from tests.app.screen import alerts, figure, results, visit
from tests.core.torchvision_oracle import torchvision_models

SIDE = 64
SHAPE = (SIDE, SIDE, 3)
SMALL = {"part": "maps", "net": "fresh", "map_size_96": SIDE, "mapdepth": 8}


def photograph(shape=SHAPE):
    """Soft colours that no other picture has."""
    small = np.random.default_rng(7).integers(0, 256, (shape[0] // 8, shape[1] // 8, 3), dtype=np.uint8)
    return np.array(Image.fromarray(small).resize(shape[1::-1], Image.Resampling.BICUBIC))


def as_file(pixels, kind="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def as_input(pixels):
    """A picture as networks take it, by the formula of torchvision's documentation."""
    return torch.tensor((pixels / 255 - IMAGENET_MEAN) / IMAGENET_STD).permute(2, 0, 1)[None].float()


@pytest.fixture
def show(open_app):
    """The page with an uploaded picture: `show(png, layer=0)`."""

    def show(content, name="mine.png", **settings):
        app = open_app("maps", picture="own", **{**SMALL, **settings})
        assert alerts(app) == ["Choose a picture and a network to begin."]
        app.file_uploader(key="upload").set_value((name, content, "image/png")).run()
        assert not app.exception
        assert not app.error
        return app

    return show


def ranges(app):
    """What the page tells of each map when the mouse is over it."""
    return next(trace["text"] for trace in figure(app, "maps") if "text" in trace)


def test_every_sample_picture_is_followed_through_the_network(open_app):
    app = open_app("maps", **SMALL, layer=1)
    seen = set()
    for name in ("cat", "coffee", "rocket", "edges"):
        app.button_group(key="picture").set_value(name).run()
        assert not alerts(app)
        assert results(app)[0].startswith("16 of 16 feature maps of stage 1, block 1, 64 by 64 pixels each;")
        seen.add(tuple(ranges(app)))
    assert len(seen) == len(app.button_group(key="picture").options) - 1 == 4


def test_the_maps_of_an_upload_are_those_of_a_convolution_by_hand(show):
    pixels = photograph()
    app = show(as_file(pixels), layer=0, seed=4)
    weights = build_model(cifar(8, init="he"), 4).state_dict()
    stem = F.conv2d(as_input(pixels), weights["stem.conv.weight"], padding=1) / (1 + 1e-5) ** 0.5
    maps = stem.relu()[0].numpy()
    assert results(app) == [
        f"16 of 16 feature maps of stem, 64 by 64 pixels each; values from 0 to {maps.max():.3g}, "
        f"{100 * (maps == 0).mean():.0f}% of them exactly zero."
    ]
    assert ranges(app) == [f"channel {n}<br>from 0 to {one.max():.3g}" for n, one in enumerate(maps, start=1)]
    assert alerts(app) == ["The stem is no residual block. Choose a layer further on."]


def test_the_third_picture_of_a_block_is_the_sum_of_the_other_two(show):
    app = show(as_file(photograph()), layer=2, channel=5)
    shortcut, branch, total = (np.array(part["z"]) for part in figure(app, "anatomy"))
    assert shortcut.shape == (32, 32)
    assert np.ptp(branch) > 0
    assert total == pytest.approx(shortcut + branch, abs=1e-5)


def test_a_picture_on_its_side_is_turned_as_its_camera_says(show):
    upright = photograph((64, 96))
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me a quarter to the right"
    lying = as_file(np.rot90(upright), exif=exif)
    assert ranges(show(lying)) == ranges(show(as_file(upright)))
    assert ranges(show(as_file(np.rot90(upright)))) != ranges(show(lying))


def test_what_is_transparent_is_seen_as_white(show):
    pixels = photograph()
    clear = np.zeros((SIDE, SIDE), np.uint8)
    clear[:, SIDE // 2 :] = 255
    white = np.where(clear[..., None] > 0, pixels, 255).astype(np.uint8)
    assert ranges(show(as_file(np.dstack([pixels, clear])))) == ranges(show(as_file(white)))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Dear Sir or Madam, this is a letter.", "plain text"),
        (as_file(photograph())[:900], "cannot be decoded"),
        (b"", "empty"),
    ],
    ids=["text", "half a picture", "nothing"],
)
def test_a_file_that_is_no_picture_is_explained(show, content, sentence):
    app = show(content)
    assert len(app.warning) == 1
    assert sentence in app.warning[0].value
    assert "Traceback" not in app.warning[0].value
    assert app.title[0].value == "Inside a picture"  # and the visitor can choose again
    app.button_group(key="picture").set_value("cat").run()
    assert not app.warning
    assert results(app)


def test_fewer_layers_or_channels_than_were_chosen_is_no_error(open_app):
    app = open_app("maps", part="maps", net="fresh", map_size_96=32, mapdepth=56, layer=27, channel=63)
    assert app.slider(key="channel").value == 63
    app.select_slider(key="mapdepth").set_value(8).run()
    assert not app.exception
    assert not app.error
    assert app.slider(key="layer").max == 3
    app.slider(key="layer").set_value(1).run()
    assert not app.exception
    assert not app.error
    assert app.slider(key="channel").max == 16


def test_one_colour_scale_can_be_for_a_map_a_layer_or_the_network(open_app):
    app = open_app("maps", **SMALL, layer=1)
    ends = {}
    for scale in ("unit", "layer", "network"):
        app.button_group(key="scale").set_value(scale).run()
        bar = next(trace["marker"] for trace in figure(app, "maps") if "cmin" in trace.get("marker", {}))
        ends[scale] = bar["cmin"], bar["cmax"]
    assert ends["unit"] == (0, 1)
    largest = float(results(app)[0].split(" to ")[1].split(",")[0])
    assert ends["layer"] == (0, pytest.approx(largest, rel=5e-3))
    assert ends["network"][1] >= ends["layer"][1]


@pytest.fixture
def load(open_app):
    """The page with an uploaded network: `load(weights, "mine.pth")`."""

    def load(content, name, **settings):
        app = open_app("maps", part="maps", net="file", map_size_96=SIDE, **settings)
        assert alerts(app) == ["Choose a picture and a network to begin."]
        app.file_uploader(key="weights").set_value((name, content, "application/octet-stream")).run()
        assert not app.exception
        assert not app.error
        return app

    return load


def test_weights_that_were_saved_come_back_as_the_same_network(load, open_app):
    fresh = open_app("maps", **SMALL, seed=5)
    loaded = load(save_weights(build_model(cifar(8, init="he"), 5)), "mine.safetensors")
    assert ranges(loaded) == ranges(fresh)
    assert figure(loaded, "scores") == figure(fresh, "scores")
    assert ranges(load(save_weights(build_model(cifar(8, init="he"), 6)), "mine.safetensors")) != ranges(fresh)


def test_class_names_in_a_file_are_shown_beside_the_scores(load):
    names = [f"animal {number}" for number in range(10)]
    app = load(save_weights(build_model(cifar(8), 5), classes=names), "mine.safetensors")
    (bars,) = figure(app, "scores")
    assert sorted(bars["y"]) == names
    assert sum(bars["x"]) == pytest.approx(1)


def test_torchvisions_weights_give_torchvisions_scores(load):
    torch.manual_seed(3)
    theirs = torchvision_models().resnet18(num_classes=7).eval()
    file = io.BytesIO()
    torch.save(theirs.state_dict(), file)
    app = load(file.getvalue(), "resnet18.pth", picture="own")
    app.file_uploader(key="upload").set_value(("mine.png", as_file(photograph()), "image/png")).run()
    (bars,) = figure(app, "scores")
    with torch.no_grad():
        scores = theirs(as_input(photograph())).softmax(1)[0].numpy()
    order = np.argsort(-scores)
    assert bars["y"] == [str(number) for number in order]
    assert bars["x"] == pytest.approx(scores[order], abs=1e-5)


def _other_network():
    return safetensors.torch.save({"encoder.weight": torch.zeros(3, 3), "encoder.bias": torch.zeros(3)})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x00garbage" * 50, "mine.safetensors"),
        (b"garbage" * 50, "mine.pth"),
        (_other_network(), "mine.safetensors"),
    ],
    ids=["no safetensors", "no pickle", "another kind of network"],
)
def test_a_file_that_is_no_network_is_explained(load, content, name):
    app = load(content, name)
    assert len(app.warning) == 1
    assert len(app.warning[0].value) > 40
    assert "Traceback" not in app.warning[0].value
    assert not results(app)


def test_resnet50_can_be_looked_into_too(open_app):
    app = open_app("maps", part="maps", net="fresh", arch="resnet50", map_size_96=SIDE, layer=16)
    assert app.slider(key="layer").max == sum(preset("resnet50").depths) == 16
    assert results(app)[0].startswith("64 of 2048 feature maps of stage 4, block 3, 2 by 2 pixels each;")


def test_a_channel_that_another_layer_does_not_have_becomes_its_last(open_app):
    app = open_app("maps", part="maps", net="fresh")
    app.slider(key="layer").set_value(9).run()  # the last block of ResNet-20 has 64 channels, the first block 16
    app.slider(key="channel").set_value(60).run()
    for first in (1, 0):  # from block to block; and by way of the stem, which has no such slider
        app.slider(key="layer").set_value(first).run()
        app.slider(key="layer").set_value(1).run()
        assert not app.error
        assert (app.slider(key="channel").value, app.slider(key="channel").max) == (16, 16)
        app.slider(key="layer").set_value(9).run()
        app.slider(key="channel").set_value(60).run()


def test_a_channel_beyond_the_last_in_a_link_is_ignored(open_app):
    app = open_app("maps", part="maps", net="fresh", mapdepth=8, layer=1, channel=56)
    assert not app.error
    assert (app.slider(key="channel").value, app.slider(key="channel").max) == (1, 16)


def test_what_was_chosen_is_there_again_on_the_way_back_within_what_there_is(open_app):
    app = open_app("maps", part="maps", net="fresh", mapdepth=20)
    app.slider(key="layer").set_value(9).run()
    app.slider(key="channel").set_value(56).run()
    visit(app, "blocks")
    visit(app, "maps")
    app.button_group(key="part").set_value("maps").run()
    assert (app.slider(key="layer").value, app.slider(key="channel").value) == (9, 56)
    app.button_group(key="picture").set_value("own").run()  # no picture yet, so there are no sliders
    app.select_slider(key="mapdepth").set_value(56).run()  # whose ninth block has 16 channels
    app.button_group(key="picture").set_value("cat").run()
    assert not app.error
    assert (app.slider(key="layer").value, app.slider(key="channel").max) == (9, 16)
    assert app.slider(key="channel").value == 16
