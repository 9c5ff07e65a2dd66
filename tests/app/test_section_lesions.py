"""Lesions on their page: what is drawn is what the networks do, and the sentences follow from it."""

import re
from dataclasses import replace

import pytest
import torch

from resnet_core import DataConfig, build_model, cifar, load_data, train
from resnet_core.questions.lesions import LesionsQuestion
from tests.app.screen import answered, figure, results, table

SMALL = {"part": "cuts", "lesions_depth": 8, "lesions_steps": 100}
RECIPE = replace(LesionsQuestion().training, steps=100, precision="fp32", inspect_every=0)


def errors(app, name):
    return {trace["name"]: trace["y"] for trace in figure(app, "lesions_single") if trace.get("meta") == "single"}[name]


def test_each_dot_is_the_error_of_the_network_without_that_block(open_app):
    app = open_app("lesions", **SMALL)
    app.button(key="ask_lesions").click().run()
    answered(app, "lesions")
    data = load_data(DataConfig(name="digits", size=8))
    model = build_model(cifar(8, width=8, in_channels=1, init="default"), 0)
    list(train(model, data, RECIPE))
    drawn = errors(app, "residual-8 + BN")
    for block in range(3):
        norm = model.get_submodule(f"stages.{block}.0.norm2")
        kept = norm.weight.detach().clone(), norm.bias.detach().clone()
        with torch.no_grad():
            norm.weight.zero_()
            norm.bias.zero_()
            wrong = (model.eval()(data.test_images).argmax(1) != data.test_labels).float().mean()
            norm.weight.copy_(kept[0])
            norm.bias.copy_(kept[1])
        assert drawn[block] == pytest.approx(float(wrong), abs=1e-6)
    said = re.search(r"residual-8 \+ BN \(([\d.]+)% wrong\)", results(app)[0])
    assert said
    assert table(app, "Taken out")["residual-8 + BN"][0] == f"{said[1]}%"
    assert "none can change places" in results(app)[2]  # one block per stage
    assert not app.exception


def test_the_korean_page_shows_the_answer_that_the_class_has(open_app):
    app = open_app("lesions", **SMALL, lang="ko")
    if any(button.key == "ask_lesions" for button in app.button):
        app.button(key="ask_lesions").click().run()
    answered(app, "lesions")
    assert len(results(app)) == 3
    assert "블록" in results(app)[0]
    assert not app.exception


def test_a_link_that_makes_no_sense_asks_the_usual_question(open_app):
    app = open_app(
        "lesions", part="cuts", lesions_depth="9", lesions_steps="-4", lesions_data="faces", lesions_seed="x"
    )
    assert app.select_slider(key="lesions_depth").value == 20
    assert app.select_slider(key="lesions_steps").value == 200
    assert app.button_group(key="lesions_data").value == "digits"
    assert not app.exception
    assert not app.error
