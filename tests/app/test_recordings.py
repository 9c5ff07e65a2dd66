"""No page is empty before anything is computed: what was recorded is there, and says that it is recorded."""

import json
from types import SimpleNamespace

import pytest

from resnet_core import DataConfig, RunSpec, TrainConfig, race
from resnet_core.recording.machine import machine
from tests.addresses import PAGES, PARTS
from tests.app.screen import alerts, figure, results, wait_for
from ui import inquiry, recordings

ASSETS = recordings.ASSETS
DIGITS = {"data": "digits", "size_digits": 8}


def captions(app, start):
    return [text.value for text in app.main.caption if text.value.startswith(start)]


@pytest.fixture
def asked(monkeypatch):
    """Every question that a page offers."""
    found = []
    find = recordings.answer

    def spy(name, question):
        found.append((name, find(name, question)))
        return found[-1][1]

    monkeypatch.setattr(inquiry, "recordings", SimpleNamespace(**{**vars(recordings), "answer": spy}))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("page", "part"), [(page, part) for page in PAGES for part in PARTS.get(page, ("",))])
def test_every_experiment_of_every_page_has_its_recorded_answer(open_app, asked, page, part):
    app = open_app(page, part=part) if part else open_app(page)
    assert not app.exception
    assert not app.error
    missing = [name for name, kept in asked if kept is None]
    assert missing == []
    assert len(captions(app, "Recorded answer · 20")) == len(asked)
    assert len([text for text in app.button if text.key and text.key.startswith("ask_")]) == len(asked)


def test_what_a_recording_was_made_on_is_said_in_the_readers_language(open_app):
    (said,) = captions(open_app("shortcuts", lang="ko", shortcuts_card="run"), "기록된 답")
    assert "코어 2개 중 스레드 하나 사용" in said
    assert "thread" not in said


def test_every_machine_that_something_was_recorded_on_is_understood(monkeypatch):
    monkeypatch.setattr(recordings, "say", lambda message: f"<{message}>")
    made_on = {
        json.loads(line.strip().rstrip(",").partition(": ")[2])
        for path in ASSETS.rglob("*.json")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith('"machine":')
    }
    assert made_on
    for name in (*made_on, machine(), "NVIDIA H200, PyTorch's CUDA 12.8"):
        assert recordings.machine(name) == f"<{name}>"
    assert recordings.machine("an abacus") == "an abacus"


def test_another_question_has_no_recorded_answer(open_app):
    app = open_app("lesions", part="cuts", lesions_seed=7)
    assert not captions(app, "Recorded answer")
    assert not app.get("plotly_chart")


def test_after_it_was_computed_the_visitor_can_look_at_both(open_app):
    app = open_app("blocks", part="time")
    app.button(key="ask_bottleneck_time").click().run()
    wait_for(app, lambda app: not captions(app, "Recorded") and results(app))
    wait_for(app, lambda app: [group for group in app.button_group if group.key == "shown_bottleneck_time"])
    now = results(app)
    app.button_group(key="shown_bottleneck_time").set_value("recorded").run()
    assert len(captions(app, "Recorded answer")) == 1
    assert len(results(app)) == len(now)
    assert not app.exception


@pytest.mark.parametrize("pictures", [{}, DIGITS])
@pytest.mark.parametrize("comparison", ["degradation", "two_by_two", "vanishing", "exploding"])
def test_each_comparison_shows_what_to_expect_before_it_is_trained(open_app, comparison, pictures):
    app = open_app("train", race=comparison, **pictures)
    assert len(captions(app, "Recorded run · seed 0 · 20")) == 1
    data = DataConfig(name="digits", size=8) if pictures else DataConfig()
    kept = recordings.of(RunSpec(networks=race(comparison), data=data, training=TrainConfig()))
    assert kept is not None
    drawn = {trace["name"]: trace["y"] for trace in figure(app, "recorded_losses") if trace["meta"] == "each batch"}
    for index, losses in enumerate(drawn.values()):
        assert losses == pytest.approx([step.loss for step in kept.of(index)], nan_ok=True)
    assert results(app)


def test_other_settings_show_nothing_recorded(open_app):
    app = open_app("train", race="vanishing", seed=3)
    assert not captions(app, "Recorded run")
    assert alerts(app) == ["Press Train: then all of it is computed now."]


@pytest.mark.slow
def test_a_run_that_has_ended_lies_over_the_recorded_one(open_app):
    app = open_app("train", race="vanishing", **DIGITS)
    app.button(key="start_train").click().run()
    assert not captions(app, "Recorded run")
    wait_for(app, lambda app: captions(app, "Recorded run"))
    kinds = [trace["meta"] for trace in figure(app, "recorded_losses")]
    assert kinds.count("recorded") == kinds.count("mean") == 2
    drawn = figure(app, "recorded_losses")
    recorded, live = ([trace["y"] for trace in drawn if trace["meta"] == kind] for kind in ("recorded", "mean"))
    assert len(recorded[0]) == len(live[0]) == 150
    assert recorded[0][:5] == pytest.approx(live[0][:5], rel=0.02)  # another processor rounds differently


@pytest.mark.parametrize(("depth", "init"), [(20, "default"), (20, "he"), (56, "default"), (56, "he")])
def test_the_cube_shows_four_networks_and_the_gradients_of_all_their_layers(open_app, depth, init):
    app = open_app("gradients", part="trained", cube_depth=depth, cube_init=init)
    assert not app.exception
    assert len(captions(app, "Recorded run")) == 1
    for index in range(4):
        (heat,) = figure(app, f"recorded_heatmap_{index}")
        assert len(heat["z"]) == depth - 1  # all layers but the head
        assert len(heat["x"]) > 0
    assert results(app)
