"""Options and other shortcuts: counts are exact at once, errors come on a click."""

import numpy as np
import pytest

from resnet_core import cifar
from resnet_core.questions import shortcuts
from resnet_core.recipe import TrainConfig
from tests.app.screen import figure, results, table, wait_for
from ui.charts.shortcut_kinds import kind_formula
from ui.sections import shortcut_kinds, shortcut_options


@pytest.fixture
def small(monkeypatch):
    """The same questions at a size that a test can wait for."""
    training = TrainConfig(steps=3, batch=8)

    def options(**settings):
        return shortcuts.ShortcutOptionsQuestion(**settings | {"training": training, "network": small_net()})

    def kinds(**settings):
        return shortcuts.ShortcutKindsQuestion(**settings | {"training": training, "network": small_net()})

    monkeypatch.setattr(shortcut_options, "ShortcutOptionsQuestion", options)
    monkeypatch.setattr(shortcut_kinds, "ShortcutKindsQuestion", kinds)


def small_net():
    return cifar(8, width=4, in_channels=1)


def test_the_counts_of_the_chosen_network_are_there_at_once(open_app):
    app = open_app("shortcuts", part="shortcut_options")
    assert "Option B projects in 2 of 9 blocks and adds 2,752 parameters" in results(app)[0]
    found = table(app, "Option", "Blocks that project")
    assert found["Blocks that project"].tolist() == [0, 0, 2, 9]
    app.button_group(key="options_net").set_value("resnet50-v1").run()
    assert "Option B projects in 4 of 16 blocks and adds 2,776,576 parameters" in results(app)[0]
    marks = {trace["name"]: trace["x"] for trace in figure(app, "option_map")}
    assert len(marks["1×1 projection"]) == 4 + 16


def test_the_options_are_trained_on_a_click(open_app, small):
    app = open_app("shortcuts", part="shortcut_options", options_seeds=2)
    app.button(key="ask_shortcut_options").click().run()
    wait_for(app, lambda app: len(results(app)) == 2 and "So far" not in results(app)[1])
    dots = {trace["name"]: trace["x"] for trace in figure(app, "option_errors") if "name" in trace}
    assert set(dots) == {"plain", "A", "B", "C"}
    errors = table(app, "Test error, median")["Test error, median"]
    assert [f"{100 * dots[name][0]:.0f}%" for name in ("plain", "A", "B", "C")] == errors.tolist()


def test_the_kinds_are_trained_on_a_click_and_one_is_laid_beside_the_identity(open_app, small):
    app = open_app("shortcuts", part="shortcut_kinds", kinds_seeds=1, kinds_bias=-6)
    app.button(key="ask_shortcut_kinds").click().run()
    wait_for(app, lambda app: results(app) and "So far" not in results(app)[0])
    assert results(app)[0] == "One seed is one accident: take two or more before you compare."
    carried = table(app, "Sum", "Carried at the start")["Carried at the start"].tolist()
    assert carried[:2] == ["1", "0.125"]
    assert 0.9 < float(carried[3]) < 1
    assert {trace["name"] for trace in figure(app, "kind_losses") if "name" in trace} == set(
        map(kind_formula, ("identity", "half"))
    )
    app.selectbox(key="kinds_rival").set_value("conv").run()
    lines = {trace["name"]: trace["y"] for trace in figure(app, "kind_losses") if "name" in trace}
    assert set(lines) == set(map(kind_formula, ("identity", "conv")))
    assert np.isfinite(lines[kind_formula("identity")]).all()


@pytest.mark.parametrize("part", ["shortcut_options", "shortcut_kinds"])
def test_both_parts_can_be_read_in_korean(open_app, part):
    app = open_app("shortcuts", part=part, lang="ko")
    assert not app.exception
    assert app.button(key=f"ask_{part}")
