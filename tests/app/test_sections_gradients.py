"""The parts about gradients beside their profile, and about the size of F: what is asked is measured and told."""

import pytest

from resnet_core.catalogue import answer
from resnet_core.questions.gradients import GradientGrowthQuestion
from tests.app.screen import alerts, figure, results, table, wait_for


def asked(open_app, key, page="gradients", **settings):
    """Open a part, press its button, and wait for the whole answer."""
    app = open_app(page, **settings)
    assert not app.exception
    app.button(key=f"ask_{key}").click().run()
    wait_for(app, lambda app: results(app) and not app.get("progress") and "Measuring" not in results(app)[-1])
    assert not app.exception
    assert not alerts(app)
    return app


def test_the_growth_part_draws_what_the_experiment_measured_at_once(open_app):
    app = open_app("gradients", part="growth", growth_depth=20, growth_width=50)
    record = answer("gradient-growth", GradientGrowthQuestion(depth=20, width=50))
    drawn = {trace["name"]: trace["y"] for trace in figure(app, "growth_curves") if "name" in trace}
    squares = record.squares[0, :, ::-1] / record.squares[0, :, -1:]
    assert drawn["BN, batch 16"] == pytest.approx(list(sum(squares) / 2), rel=1e-4)  # the median of two seeds
    assert f"BN, batch 16: grows {record.growth[0].mean():.3f} times per layer." in results(app)[0]
    app.button_group(key="growth_activation").set_value("linear").run()
    assert table(app, "Theory")["Theory"].tolist()[:3] == ["1.0769", "1.0164", "1.0040"]  # (B - 2) / (B - 3)


def test_the_shattered_part_answers_at_once_in_both_languages(open_app):
    app = open_app("gradients", part="shattered", shattered_plain=12, shattered_residual=12)
    assert "1 layer: neighbours are nearly alike" in results(app)[0]
    assert [trace["name"] for trace in figure(app, "shattered_traces")][3] == "residual-12 + BN"
    korean = open_app("gradients", part="shattered", shattered_plain=12, shattered_residual=12, lang="ko")
    assert "1층: 이웃끼리 거의 같습니다" in results(korean)[0]


def test_the_formula_part_shows_each_view_of_one_measurement(open_app):
    app = open_app("gradients", part="formula", parts_depth=8)
    assert "v2, identity: the shortcut carries" in results(app)[0]
    app.button_group(key="parts_network").set_value("3").run()
    assert "v2, plain: one way only" in results(app)[0]
    app.button_group(key="parts_view").set_value("error").run()
    assert "v2, identity: exact to float precision at all 1 blocks that keep the shape." in results(app)[0]
    assert len(figure(app, "parts_error")) == 3
    app.button_group(key="parts_view").set_value("factor").run()
    assert "none is close to 0" in results(app)[0]
    app.button_group(key="parts_view").set_value("whole").run()
    assert "v2, plain:" in results(app)[0]
    assert not app.exception


def test_a_link_that_asks_for_what_there_is_not_shows_the_default(open_app):
    app = open_app("gradients", part="formula", parts_depth=9, parts_view="nonsense", parts_steps="-1")
    assert app.select_slider(key="parts_depth").value == 56
    assert app.button_group(key="parts_view").value == "parts"
    assert not app.exception


def test_the_paths_part_runs_on_a_click_and_its_shares_are_the_binomial_ones(open_app):
    app = asked(open_app, "gradient_paths", part="paths", paths_depth=8, paths_steps=0)
    gray, blue = figure(app, "path_shares")
    assert gray["y"] == pytest.approx([1 / 8, 3 / 8, 3 / 8, 1 / 8])
    assert sum(blue["y"]) == pytest.approx(1)
    assert table(app, "Paths")["Paths"].tolist() == ["1", "3", "3", "1"]
    assert "of 3 branches" in results(app)[0]


def test_the_table_part_fills_its_cells_and_sorts_the_settings(open_app):
    settings = {"gradient_table_steps": 8, "gradient_table_depth": 8, "gradient_table_deepest": 20}
    app = asked(open_app, "gradient_table", part="table", **settings)
    wait_for(app, lambda app: len(results(app)) == 2 and "Training:" not in results(app)[1])
    (heat,) = figure(app, "switch_table")
    assert len(heat["z"]) == 8
    assert heat["x"] == ["20"]
    found = "Before the first step, 20 layers. It vanishes for: plain, no BN, default. For 7 of 8 settings it is even."
    assert results(app)[0] == found
    assert figure(app, "switch_training")[0]["x"] == ["0", "1", "2", "4", "8"]


def test_the_responses_part_measures_f_before_the_first_step(open_app):
    settings = {"page": "residual", "part": "responses", "responses_steps": 0, "responses_depth": 32}
    app = asked(open_app, "responses", **settings)
    assert "Beside x, F is smaller in residual-32 + BN than in residual-20 + BN." in results(app)[0]
    drawn = {trace["name"]: trace["y"] for trace in figure(app, "response_profile") if "name" in trace}
    assert len(drawn["residual-32 + BN"]) == 15
    app.button_group(key="responses_view").set_value("response").run()
    assert "No clear difference between residual-20 + BN and residual-32 + BN" in results(app)[0]


@pytest.mark.parametrize("part", ["table", "growth", "formula", "paths"])
def test_every_part_opens_in_korean(open_app, part):
    small = {"growth_depth": 20, "growth_width": 50, "parts_depth": 8}
    app = open_app("gradients", part=part, lang="ko", **small)
    assert not app.exception
    assert not alerts(app)
