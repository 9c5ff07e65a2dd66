"""One pixel by hand on the page: every layer is offered, and what is sent is what the network computes."""

import json

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import IMAGENET_MEAN, IMAGENET_STD, build_model, cifar
from resnet_core.images import square
from tests.app.screen import alerts, results
from tests.charts.test_arithmetic_charts import numbers
from ui.charts import arithmetic as chart
from ui.pictures import sample

SMALL = {"part": "arithmetic", "net": "fresh", "mapdepth": 8, "hand_size": 32}


def sent(app):
    (component,) = [one for one in app.get("bidi_component") if "arithmetic" in one.proto.component_name]
    return json.loads(component.proto.json)


def offered(app):
    return app.button_group(key="op").options


def test_the_shipped_network_begins_with_the_first_convolution_of_its_first_block(open_app):
    app = open_app("maps", part="arithmetic")
    assert not app.exception
    assert [text.value for text in app.caption if "32×16×16 → 32×16×16" in text.value]
    assert len(offered(app)) == 7
    data = sent(app)
    assert (data["kind"], data["rule"]["kernel"], data["output"]["shape"]) == ("convolution", 3, [32, 16, 16])
    assert "8,192 numbers of this layer" in results(app)[0]


def test_what_is_sent_is_a_convolution_of_the_picture(open_app):
    app = open_app("maps", **SMALL, layer=0)
    data = sent(app)
    pixels = square(sample("cat"), 32, 3)
    picture = torch.tensor((pixels / 255 - IMAGENET_MEAN) / IMAGENET_STD).permute(2, 0, 1).float()
    weight = build_model(cifar(8, init="he")).state_dict()["stem.conv.weight"]
    np.testing.assert_allclose(numbers(data["inputs"][0]), picture, atol=1e-6)
    np.testing.assert_array_equal(numbers(data["rule"]["weight"]), weight)
    np.testing.assert_allclose(numbers(data["output"]), F.conv2d(picture[None], weight, padding=1)[0], atol=1e-5)
    assert data["names"] == ["red", "green", "blue"]


def test_every_step_of_every_block_opens(open_app):
    app = open_app("maps", **SMALL)
    kinds = {}
    for layer in (0, 2):
        app.slider(key="layer").set_value(layer).run()
        for step in offered(app):
            option = app.button_group(key="op")
            app = option.set_value(option.options[offered(app).index(step)]).run()
            assert not app.exception
            assert not alerts(app)
            kinds[layer, step] = sent(app)["kind"]
    assert [kind for (layer, _), kind in kinds.items() if layer == 0] == ["convolution", "norm", "relu"]
    second = ["convolution", "norm", "relu", "convolution", "norm", "addition", "relu"]
    assert [kind for (layer, _), kind in kinds.items() if layer == 2] == second


@pytest.mark.parametrize("pixel", ["3-5-7", "99-1-1", "x", "0-0-0"])
def test_a_link_names_the_pixel_and_nonsense_is_ignored(open_app, pixel):
    app = open_app("maps", **SMALL, lang="ko", pixel=pixel)
    assert not app.exception
    first = sent(app)["first"]
    assert first == [2, 4, 6] if pixel == "3-5-7" else first != [2, 4, 6]
    assert app.query_params.get("pixel") in ((["3-5-7"], "3-5-7") if pixel == "3-5-7" else (None, []))
    assert "손으로" in " ".join(heading.value for heading in app.header)


def test_a_layer_that_is_too_large_says_what_to_do(open_app, monkeypatch):
    monkeypatch.setattr(chart, "MOST", 100)
    app = open_app("maps", **SMALL)
    assert "Choose fewer pixels" in alerts(app)[0]
