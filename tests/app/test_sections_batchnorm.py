"""BatchNorm's four parts: asked on a click, drawn from the record, in both languages."""

from functools import partial

import numpy as np
import pytest

from resnet_core import DataConfig, TrainConfig, cifar
from resnet_core.questions.norm import (
    CovariateShiftQuestion,
    NormActivationsQuestion,
    NormBatchesQuestion,
    NormRatesQuestion,
    NormStartQuestion,
    NormStatisticsQuestion,
)
from tests.app.screen import figure, results, wait_for
from ui.inquiries import find
from ui.sections import covariate_shift, norm_activations, norm_batches, norm_rates

DIGITS = DataConfig(name="digits", size=8)


def recipe(**settings):
    return TrainConfig(**({"steps": 8, "batch": 8, "precision": "fp32", "inspect_every": 0} | settings))


@pytest.fixture(autouse=True)
def _short_questions(monkeypatch):
    """The pages' own questions with the smallest pictures and a few steps."""
    small = partial(partial, data=DIGITS)
    monkeypatch.setattr(
        norm_activations,
        "NormActivationsQuestion",
        small(NormActivationsQuestion, training=recipe(learning_rate=0.02), every=4),
    )
    monkeypatch.setattr(norm_activations, "NormStartQuestion", small(NormStartQuestion))
    monkeypatch.setattr(
        norm_rates, "NormRatesQuestion", small(NormRatesQuestion, training=recipe(), rates=(0.01, 0.1, 100.0))
    )
    monkeypatch.setattr(norm_rates, "MAP_RATES", (0.1,))
    monkeypatch.setattr(
        norm_batches, "NormBatchesQuestion", small(NormBatchesQuestion, training=recipe(), sizes=(4, 8))
    )
    monkeypatch.setattr(norm_batches, "PICTURES", (32, 2048))
    monkeypatch.setattr(
        norm_batches, "NormStatisticsQuestion", small(NormStatisticsQuestion, training=recipe(batch=64), every=4)
    )
    monkeypatch.setattr(
        covariate_shift,
        "CovariateShiftQuestion",
        small(CovariateShiftQuestion, training=recipe(learning_rate=0.03), every=4),
    )


def ask(app, key, drawn):
    """Press the button and wait until the figure is there and nothing is under way."""
    app.button(key=f"ask_{key}").click().run()
    wait_for(app, lambda app: drawn in charts(app) and f"cancel_{key}" not in {button.key for button in app.button})


def charts(app):
    return [chart.key for chart in app.get("plotly_chart")]


def test_the_activations_are_those_of_the_record_and_a_layer_can_be_chosen(open_app):
    app = open_app("batchnorm", part="norm_activations", norm_activations_depth=8, norm_start_depth=20)
    ask(app, "norm_activations", "norm_bands")
    network = cifar(8, width=8, plain=True, in_channels=1)
    record = find("norm-activations", norm_activations.NormActivationsQuestion(network=network)).record
    maps = figure(app, "norm_deviations")
    assert np.array(maps[2]["customdata"]) == pytest.approx(record.deviations[2], rel=1e-3)
    assert "what it passes on" in results(app)[1]
    middle = next(trace["y"] for trace in figure(app, "norm_bands") if trace.get("name"))
    assert middle == pytest.approx(record.percentiles[0, 1, 3], rel=1e-3, abs=1e-6)
    app.slider(key="norm_activations_layer").set_value(1).run()
    middle = next(trace["y"] for trace in figure(app, "norm_bands") if trace.get("name"))
    assert middle == pytest.approx(record.percentiles[0, 1, 0], rel=1e-3, abs=1e-6)


def test_before_the_first_step_both_surprises_are_there_at_once(open_app):
    app = open_app("batchnorm", part="norm_activations", norm_start_depth=20)
    drawn = {trace["name"] for trace in figure(app, "norm_start_gradients")}
    assert drawn == {"plain + BN", "plain, no BN", "residual + BN", "residual, no BN"}
    branch = {trace["name"]: trace["y"] for trace in figure(app, "norm_branch")}
    assert len(branch["with BN"]) == 9
    assert branch["1 / √ℓ"][3] == pytest.approx(0.5)
    assert any("Plain network: first over last convolution" in sentence for sentence in results(app))


def test_each_rate_is_a_point_or_a_cross(open_app):
    app = open_app("batchnorm", part="norm_rates", norm_rates_seeds=1)
    ask(app, "norm_rates", "norm_rate_curves")
    curves = figure(app, "norm_rate_curves")
    lost = [trace["x"] for trace in curves if trace.get("meta") == "lost"]
    assert [100.0] in lost
    assert "of the 3 rates" in results(app)[0] or "of 3 rates" in results(app)[0]
    ask(app, "norm_map", "norm_rate_map")
    assert len(figure(app, "norm_rate_map")[0]["y"]) == len(norm_rates.GAINS)
    assert "of 5 settings train" in results(app)[1]


def test_batches_are_told_by_loss_or_by_test(open_app):
    app = open_app("batchnorm", part="norm_batches", norm_batches_pictures=32)
    ask(app, "norm_batches", "norm_batch_lines")
    assert "nats of training loss" in results(app)[0]
    app.button_group(key="norm_batches_told").set_value("test").run()
    assert "of test error" in results(app)[0]
    assert len(figure(app, "norm_batch_lines")) == 3


def test_statistics_gamma_and_beta_are_drawn(open_app):
    app = open_app("batchnorm", part="norm_batches", norm_statistics_depth=8)
    ask(app, "norm_statistics", "norm_gamma_beta")
    asked = norm_batches.NormStatisticsQuestion(network=cifar(8, width=8, in_channels=1))
    record = find("norm-statistics", asked).record
    gamma, beta = figure(app, "norm_gamma_beta")
    assert gamma["y"] == pytest.approx(record.gamma[1, :, -1])
    assert beta["y"] == pytest.approx(record.beta[1, :, -1])
    assert results(app)[2].startswith("At step 8 gamma reaches from")


def test_both_sides_of_the_debate_are_drawn_side_by_side(open_app):
    app = open_app("batchnorm", part="covariate_shift")
    ask(app, "covariate_shift", "debate_smooth")
    assert {"debate_losses", "debate_shift", "debate_smooth"} <= set(charts(app))
    assert results(app)[0].startswith("Training loss at the end:")
    record = find("covariate-shift", covariate_shift.CovariateShiftQuestion()).record
    first = [trace["y"] for trace in figure(app, "debate_shift") if trace.get("yaxis", "y") == "y"]
    assert first == [pytest.approx(record.distance[kind, 0]) for kind in range(3)]
    app.button_group(key="covariate_shift_told").set_value("angle").run()
    angle = [trace["y"] for trace in figure(app, "debate_shift") if trace.get("yaxis", "y") == "y"][1]
    assert np.cos(np.radians(angle)) == pytest.approx(record.cosine[1, 0], abs=1e-4)


@pytest.mark.parametrize("part", ["norm_rates", "norm_batches", "covariate_shift"])
def test_the_parts_are_there_in_korean_and_ignore_a_bad_link(open_app, part):
    app = open_app("batchnorm", part=part, lang="ko", **{f"{part}_depth": 9999, "covariate_shift_told": "mine"})
    assert not app.exception
    assert app.header
    assert all(any("가" <= sign <= "힣" for sign in heading.value) for heading in app.header)
