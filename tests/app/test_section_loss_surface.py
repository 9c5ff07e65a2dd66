"""The loss surface on its page: what is drawn is what the experiment finds, and the sentence follows from it."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import DataConfig, build_model, cifar, load_data, train
from resnet_core.questions.surface import LossSurfaceQuestion
from tests.app.screen import answered, figure, results

SMALL = {"surface_depth": 8, "surface_points": 7, "surface_steps": 50}
RECIPE = replace(LossSurfaceQuestion().training, steps=50, precision="fp32", inspect_every=0)


def asked(app):
    app.button(key="ask_surface").click().run()
    answered(app, "surface")
    return app


def map_of(app, index):
    (cells,) = [trace for trace in figure(app, f"surface_map_{index}") if trace.get("meta") == "cells"]
    return np.array(cells["customdata"], dtype=float)


def test_the_middle_of_each_map_is_the_loss_of_the_trained_network(open_app):
    app = asked(open_app("surface", part="slice", **SMALL))
    assert not app.exception
    data = load_data(DataConfig(name="digits", size=8))
    for index, plain in enumerate((True, False)):
        model = build_model(cifar(8, width=8, plain=plain, in_channels=1, init="default"), 0)
        list(train(model, data, RECIPE))
        with torch.no_grad():
            expected = F.cross_entropy(model.eval()(data.train_images[:256]), data.train_labels[:256]).item()
        drawn = map_of(app, index)
        assert drawn.shape == (7, 7)
        assert drawn[3, 3] == pytest.approx(expected, rel=1e-3)
        if said := re.search(rf"{'plain' if plain else 'residual'}-8 \+ BN: (\S+)% of this plane", results(app)[0]):
            assert float(said[1]) == pytest.approx(100 * (drawn < np.log(10)).mean(), abs=0.5)


def test_the_relief_and_the_korean_page_show_the_same_answer(open_app):
    app = open_app("surface", part="slice", **SMALL, surface_view="relief", lang="ko")
    if any(button.key == "ask_surface" for button in app.button):  # else the class has the answer already
        app.button(key="ask_surface").click().run()
    answered(app, "surface")
    assert len(results(app)) == 2
    (relief,) = [trace for trace in figure(app, "surface_relief_0") if trace["type"] == "surface"]
    assert np.array(relief["z"]).shape == (7, 7)
    assert "평면" in results(app)[0]
    assert not app.exception


def test_a_link_that_makes_no_sense_asks_the_usual_question(open_app):
    app = open_app(
        "surface", part="slice", surface_depth="9", surface_points="1000", surface_plane="pca", surface_seed="-1"
    )
    assert app.select_slider(key="surface_depth").value == 20
    assert app.select_slider(key="surface_points").value == 25
    assert app.number_input(key="surface_seed").value == 0
    assert not app.exception
    assert not app.error
