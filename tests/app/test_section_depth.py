"""The parts about depth: asked with a click, and what is drawn and said is what the experiment gives."""

import re
from collections import deque

import numpy as np
import pytest

from resnet_core import TrainConfig
from resnet_core.catalogue import experiment
from resnet_core.questions.depth import (
    ConstructionQuestion,
    DegradationQuestion,
    IdentityQuestion,
    PreconditioningQuestion,
)
from tests.app.screen import figure, results, wait_for
from ui.charts.verdicts.construction import construction_verdict
from ui.charts.verdicts.degradation import degradation_verdict
from ui.charts.verdicts.identity import identity_verdict
from ui.charts.verdicts.preconditioning import preconditioning_verdict

KOREAN = re.compile("[가-힣]")


def asked(app, key):
    """Click, and wait for the answer that is whole."""
    app.button(key=f"ask_{key}").click().run()
    return wait_for(app, lambda app: None if _busy(app) else app)


def _busy(app):
    return [button for button in app.button if button.key.startswith(("cancel_", "ask_"))]


def drawn(app, key):
    return {trace["name"]: trace for trace in figure(app, key) if "name" in trace}


def answer(name, question):
    (last,) = deque(experiment(name).ask(question), maxlen=1)
    return last.record


def test_degradation_is_drawn_and_told_as_it_was_measured(open_app):
    app = open_app("depth", part="degradation", degradation_deep=20, degradation_steps=30, degradation_seeds=1)
    assert not app.get("plotly_chart")
    asked(app, "degradation")
    training = TrainConfig(steps=30, precision="fp32")
    report = answer("degradation", DegradationQuestion(depths=(8, 20), training=training, seeds=1))
    assert drawn(app, "degradation_train")["plain"]["y"] == pytest.approx(report.train_error[0, :, 0].tolist())
    assert drawn(app, "degradation_test")["residual"]["y"] == pytest.approx(report.test_error[1, :, 0].tolist())
    assert results(app) == [degradation_verdict(report)]


def test_the_construction_is_drawn_and_told_as_it_was_measured(open_app):
    app = open_app("depth", part="construction", construction_deep=14, construction_steps=20, construction_seeds=1)
    asked(app, "construction")
    training = TrainConfig(steps=40, precision="fp32")
    report = answer("construction", ConstructionQuestion(deep=14, training=training, grow_after=20, seeds=1))
    assert results(app) == [construction_verdict(report, kind) for kind in (0, 1)]
    assert "as good as the shallow one" in results(app)[0]
    built = drawn(app, "construction_1")["built, 14 layers"]
    assert built["x"] == list(range(21, 41))
    assert built["y"][0] == pytest.approx(report.losses[1, 1, 0, 20])


def test_copies_are_drawn_and_told_as_they_were_measured(open_app):
    app = open_app("depth", part="identity", identity_deep=4, identity_steps=60, identity_seeds=1)
    asked(app, "identity")
    report = answer("identity", IdentityQuestion(depths=(2, 4), steps=60, seeds=1))
    assert results(app) == [identity_verdict(report)]
    assert drawn(app, "identity_error")["plain, no BN"]["y"] == pytest.approx(report.best[0, 1, :, 0].tolist())
    (wall,) = figure(app, "identity_copies")
    np.testing.assert_allclose(np.array(wall["z"])[:8, :8], report.picture, rtol=1e-6)


def test_preconditioning_is_drawn_and_told_as_it_was_measured(open_app):
    app = open_app("residual", part="preconditioning", preconditioning_blocks=1, preconditioning_seeds=2)
    asked(app, "preconditioning")
    report = answer("preconditioning", PreconditioningQuestion(blocks=1, seeds=2))
    assert results(app) == [preconditioning_verdict(report)]
    expected = np.median(report.spectrum[0] / report.spectrum[0][:, :1], axis=0)
    assert drawn(app, "preconditioning_spectra")["H(x)"]["y"] == pytest.approx(np.maximum(expected, 1e-10).tolist())


@pytest.mark.parametrize(
    ("page", "part"),
    [("depth", "degradation"), ("depth", "construction"), ("depth", "identity"), ("residual", "preconditioning")],
)
def test_each_part_opens_in_korean_and_ignores_a_link_of_nonsense(open_app, page, part):
    nonsense = {f"{part}_{name}": "<b>9e99</b>" for name in ("deep", "steps", "seeds", "far", "blocks", "bn", "init")}
    app = open_app(page, part=part, lang="ko", **nonsense)
    assert not app.exception
    assert not app.error
    assert KOREAN.search(app.header[0].value)
    assert len(app.button) == 1 or app.button(key=f"ask_{part}")
