"""Gradient flow: the curves are those of plain autograd, and the sentence follows from them."""

import re
import time

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import DataConfig, EngineError, TrainConfig, build_model, cifar, load_data
from resnet_core.batches import Batches
from resnet_core.engine.inline_engine import InlineEngine
from tests.app.screen import alerts, figure, measured, results, so_far, table, wait_for
from ui import figure as figures
from ui import measure

SMALL = {"depth": 20, "size_fashion": 8, "width": 4}
PLAIN, RESIDUAL = "plain-20 + BN", "residual-20 + BN"


def by_autograd(seed, **settings):
    """Norms of the gradient of the first batch's loss, one per 3x3 convolution, without any of our probes."""
    data = load_data(DataConfig(size=8))
    model = build_model(cifar(20, width=4, in_channels=1, init="default", **settings), seed).train()
    images, labels = Batches(data, TrainConfig(seed=seed, batch=32), torch.device("cpu")).at(1)
    weights = [weight for name, weight in model.named_parameters() if weight.shape[2:] == (3, 3)]
    gradients = torch.autograd.grad(F.cross_entropy(model(images), labels), weights)
    return [float(gradient.double().pow(2).sum().sqrt()) for gradient in gradients]


def curves(app):
    """The line of each network by its name."""
    return {trace["name"]: trace["y"] for trace in figure(app, "gradient_profile") if "name" in trace}


def test_the_curves_are_medians_of_what_autograd_gives(open_app):
    app = measured(open_app("gradients", part="profile", **SMALL, seeds=3, seed=5))
    drawn = curves(app)
    assert set(drawn) == {PLAIN, RESIDUAL}
    for name, plain in ((PLAIN, True), (RESIDUAL, False)):
        expected = np.median([by_autograd(seed, plain=plain) for seed in (5, 6, 7)], axis=0)
        assert len(expected) == 19
        assert drawn[name] == pytest.approx(expected, rel=2e-3)
        assert table(app, PLAIN, RESIDUAL)[name].tolist() == pytest.approx(drawn[name])


def test_the_first_seed_is_there_at_once_and_the_words_count_the_others(open_app):
    app = open_app("gradients", part="profile", **SMALL, seeds=3, seed=11)
    assert re.match(r"[12] of 3 seeds so far\.", so_far(app)[0])
    assert set(curves(app)) == {PLAIN, RESIDUAL}
    measured(app)
    app.slider(key="seeds").set_value(2).run()
    assert not so_far(app)  # two of three that are there
    drawn = curves(app)[PLAIN]
    assert drawn == pytest.approx(np.median([by_autograd(seed, plain=True) for seed in (11, 12)], axis=0), rel=2e-3)


def test_batchnorm_without_shortcuts_explodes_at_depth_56(open_app):
    # Yang et al. 2019: at initialisation the norm grows with every BN-ReLU layer
    app = open_app("gradients", part="profile", seeds=1)
    plain, residual, best = re.split(r"(?<=\.) ", results(app)[0])
    ratio = curves(app)["plain-56 + BN"]
    said = re.fullmatch(
        r"plain-56 \+ BN: explodes towards the input, "
        r"the first convolution gets ([\d,]+) times what the last one gets\.",
        plain,
    )
    assert said
    assert float(said[1].replace(",", "")) == pytest.approx(ratio[0] / ratio[-1], abs=1)
    assert ratio[0] / ratio[-1] > 100
    assert residual.startswith("residual-56 + BN: neither vanishes nor explodes")
    assert best == "The most even of these is residual-56 + BN."


def test_pytorchs_default_start_without_batchnorm_vanishes_at_depth_20(open_app):
    app = open_app("gradients", part="profile", **SMALL, seeds=1, bn="false")
    drawn = curves(app)["plain-20, no BN"]
    assert "plain-20, no BN: vanishes towards the input" in results(app)[0]
    assert drawn[0] / drawn[-1] < 1e-4  # a uniform start of variance 1/(3 fan-in) shrinks the signal at every layer
    assert drawn == pytest.approx(by_autograd(0, plain=True, norm="none"), rel=2e-3)
    assert "residual-20, no BN: neither vanishes nor explodes" in results(app)[0]
    assert app.toggle(key="zg").disabled  # no gamma without BatchNorm


def test_what_is_too_small_for_a_float_is_called_zero_and_drawn_on_the_floor(open_app):
    app = open_app("gradients", part="profile", **{**SMALL, "depth": 110}, seeds=1, bn="false")
    assert "plain-110, no BN: nothing reaches the first convolution, its gradient is exactly 0." in results(app)[0]
    assert table(app, "plain-110, no BN")["plain-110, no BN"][0] == 0
    assert min(curves(app)["plain-110, no BN"]) > 0  # a logarithmic axis has no place for 0


def test_hes_start_keeps_the_gradient_of_a_plain_network(open_app):
    app = open_app("gradients", part="profile", **SMALL, seeds=1, bn="false", init="he")
    drawn = curves(app)["plain-20, no BN"]
    assert 1e-2 < drawn[0] / drawn[-1] < 1e2
    assert "plain-20, no BN: neither vanishes nor explodes" in results(app)[0]


def test_zero_gamma_silences_the_branches_before_the_first_step_only(open_app):
    app = open_app("gradients", part="profile", **SMALL, seeds=1, zg="true")
    assert "zero-gamma silences every branch before the first step" in results(app)[0]
    assert table(app, "residual-20 + BN")["residual-20 + BN"][1:].max() == 0
    app.select_slider(key="after").set_value(5).run()
    assert "zero-gamma" not in results(app)[0]
    assert table(app, "residual-20 + BN")["residual-20 + BN"].min() > 0


def test_a_switch_leaves_the_other_settings_alone(open_app):
    app = open_app("gradients", part="profile", **SMALL, seeds=1, seed=3, init="he", shortcut="B")
    kept = {"depth": 20, "width": 4, "size_fashion": 8, "seeds": 1, "seed": 3, "init": "he", "shortcut": "B"}
    first = curves(app)
    for norm in (False, True):
        app.toggle(key="bn").set_value(norm).run()
        assert {key: app.session_state[key] for key in kept} == kept
    assert curves(app) == first
    app.button_group(key="init").set_value("default").run()
    assert {key: app.session_state[key] for key in kept} == kept | {"init": "default"}
    assert curves(app) != first


def test_a_first_seed_that_cannot_be_measured_is_told_and_the_page_stays(open_app, monkeypatch):
    monkeypatch.setattr(InlineEngine, "measure", no_worker)
    app = open_app("gradients", part="profile", **SMALL, seeds=3, seed=21)
    assert [text for text in alerts(app) if text.startswith("The processes that measure cannot be reached")]
    assert not app.exception
    assert app.slider(key="seeds").value == 3


def test_a_later_seed_that_cannot_be_measured_leaves_the_others(open_app, monkeypatch):
    # Of the seeds from 0 to 59 this has its pre-activations farthest from 0, where a rounding decides about a ReLU.
    app = open_app("gradients", part="profile", **SMALL, seeds=1, seed=58)
    monkeypatch.setattr(InlineEngine, "measure", no_worker)
    app.slider(key="seeds").set_value(2).run()
    wait_for(app, lambda app: [text for text in app.caption if text.value.startswith("1 of 2 seeds. The others")])
    assert curves(app)[PLAIN] == pytest.approx(by_autograd(58, plain=True), rel=2e-3)
    assert not alerts(app)


def test_seeds_that_come_in_while_the_page_is_drawn_are_shown_next(open_app, monkeypatch):
    draw = figures.draw

    def draw_late(*arguments, **settings):
        found = measure.gradients(*asked[0])
        while found.more_to_come():
            time.sleep(0.05)
        draw(*arguments, **settings)

    asked = []
    gradients = measure.gradients
    monkeypatch.setattr(measure, "gradients", lambda *question: asked.append(question) or gradients(*question))
    monkeypatch.setattr(figures, "draw", draw_late)
    app = open_app("gradients", part="profile", **SMALL, seeds=3, seed=41)
    monkeypatch.undo()
    assert not [text.value for text in app.caption if "reload" in text.value]
    expected = np.median([by_autograd(seed, plain=True) for seed in (41, 42, 43)], axis=0)
    assert curves(measured(app))[PLAIN] == pytest.approx(expected, rel=2e-3)


def no_worker(*_):
    raise EngineError("The processes that measure cannot be reached at the moment. Try again in a minute.")
