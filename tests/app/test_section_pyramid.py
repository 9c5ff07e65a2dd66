"""The feature pyramid on the page: maps and sums are the record's, boxes follow the cell, weights are what is said."""

import numpy as np
import pytest

from resnet_core.catalogue import answer
from resnet_core.official import official_file
from resnet_core.questions.beyond import PyramidQuestion
from tests.app.screen import alerts, figure, results
from tests.publisher import publishing

SMALL = {"part": "pyramid", "pyramid_size": 128}


def test_maps_and_sums_are_those_of_the_record(open_app):
    app = open_app("beyond", **SMALL, pyramid_picture="coffee", pyramid_channel=5)
    record = answer("feature-pyramid", PyramidQuestion(picture="coffee", size=128, channel=4))
    for trace, values in zip(figure(app, "pyramid_levels"), record.backbone, strict=True):
        assert np.array(trace["z"]) == pytest.approx(values / values.max(), rel=1e-4)
    sides = [np.array(trace["z"]) for trace in figure(app, "pyramid_sums")]
    assert sides[2] == pytest.approx(record.sums[1], rel=1e-4, abs=1e-5)
    assert sides[2] == pytest.approx(sides[0] + sides[1], abs=1e-5)
    assert results(app)[0].startswith("From C2 to C5 the grid goes from 32×32 cells to 4×4, one for every 32 pixels.")
    assert results(app)[1].startswith("Largest difference between the sum and its two terms: 0.")
    assert alerts(app)[0].startswith("The weights are random")


def test_the_boxes_follow_level_and_cell(open_app):
    app = open_app("beyond", **SMALL, pyramid_level=3)
    assert "P3 has 256 cells with 3 anchors each, 768; all five levels together have 4,092." in results(app)
    app.slider(key="pyramid_column3").set_value(1).run()
    app.slider(key="pyramid_row3").set_value(16).run()
    cell = next(trace for trace in figure(app, "pyramid_anchors") if trace.get("name") == "one cell, 8×8")
    assert (min(cell["x"]), max(cell["x"]), min(cell["y"]), max(cell["y"])) == (0, 8, 120, 128)


def test_weights_that_are_not_here_are_offered_and_those_that_are_used(open_app, monkeypatch, tmp_path):
    with publishing(monkeypatch, tmp_path / "home") as server:
        app = open_app("beyond", **SMALL, pyramid_weights="imagenet")
        assert [text for text in app.caption if "45 MB from download.pytorch.org" in text.value]
        assert not app.get("plotly_chart")
        (tmp_path / "home" / "weights").mkdir(parents=True)
        ((name, content),) = server.files.items()
        (tmp_path / "home" / "weights" / name).write_bytes(content)
        assert official_file("resnet18") is not None
        app.run()
        assert alerts(app)[0].startswith("The backbone has learned ImageNet's classes.")
        trained = [trace["z"] for trace in figure(app, "pyramid_levels")]
    fresh = [trace["z"] for trace in figure(open_app("beyond", **SMALL), "pyramid_levels")]
    assert trained != fresh


def test_the_part_speaks_korean_and_ignores_what_a_link_may_not_ask(open_app):
    app = open_app("beyond", **SMALL, lang="ko", pyramid_channel=999, pyramid_net="vgg", pyramid_level=3)
    assert not app.exception
    assert alerts(app)[0].startswith("가중치는 아무것도 배우지 않은")
    app.button_group(key="pyramid_level").set_value("6").run()
    assert not app.exception
