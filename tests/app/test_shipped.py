"""What was trained for hours, on its pages: recorded, said to be, and drawn from the files."""

from functools import partial

import pytest

from resnet_core import recorded_depths, shipped
from resnet_core.__main__ import main
from resnet_core.recording.answers import load_answer
from resnet_core.recording.card import save_card
from tests.app.screen import figure, results, table
from tests.core import small_shipped
from tests.core.test_recorded_depths import CARDS
from ui import recordings
from ui.sections import recorded_depths as section


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Answers about shipped networks, which have two classes here and no names of CIFAR-10's."""
    place = small_shipped.write(tmp_path_factory.mktemp("shipped"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shipped, "WEIGHTS", place / "weights")
        shipped.shipped_networks.cache_clear()
        for name in ("lesions", "responses"):
            words = [name, "plain", "residual", "--path", str(place / small_shipped.ARCHIVE)]
            assert main(["dissect", *words, "--out", str(place / "answers" / f"{name}-small")]) == 0
    shipped.shipped_networks.cache_clear()
    return place / "answers"


@pytest.fixture
def _answers_here(answers, monkeypatch):
    monkeypatch.setattr(recordings, "ANSWERS", answers)
    recordings._answers.cache_clear()
    yield
    recordings._answers.cache_clear()


@pytest.mark.usefixtures("_answers_here")
def test_lesions_of_shipped_networks_are_drawn_from_their_recorded_answer(open_app, answers):
    app = open_app("lesions", part="cuts", lesions_networks="lesions-small")
    assert not app.exception
    record = load_answer(answers / "lesions-small").record()
    dots = [trace for trace in figure(app, "lesions_single") if trace.get("meta") == "single"]
    assert [list(trace["y"]) for trace in dots] == [list(row) for row in record.single]
    assert any(text.value.startswith("Recorded answer · 20") for text in app.caption)
    assert any("6 steps of 8 pictures" in text.value for text in app.caption)
    assert "ask_lesions" not in [button.key for button in app.button]


@pytest.mark.usefixtures("_answers_here")
def test_responses_of_shipped_networks_can_be_looked_at_before_and_after(open_app, answers):
    app = open_app("residual", part="responses", responses_networks="responses-small", responses_view="response")
    assert not app.exception
    record = load_answer(answers / "responses-small").record()
    assert [list(trace["y"]) for trace in figure(app, "response_profile")[:2]] == [
        list(network.response[1]) for network in record.networks
    ]
    assert results(app)[0].startswith("Median after 6 steps")


@pytest.mark.usefixtures("_answers_here")
def test_without_a_choice_the_networks_are_trained_now(open_app):
    app = open_app("lesions", part="cuts")
    assert app.selectbox(key="lesions_networks").value == ""
    assert "ask_lesions" in [button.key for button in app.button]


def test_recorded_degradation_shows_every_run_that_is_there(open_app, monkeypatch, tmp_path):
    for card in CARDS:
        save_card(card, tmp_path / f"{card.name}.json")
    monkeypatch.setattr(section, "recorded_depths", partial(recorded_depths, tmp_path))
    app = open_app("depth", part="recorded")
    assert not app.exception
    assert list(table(app, "Network")["Seeds"]) == [2, 1]
    assert [text.value for text in app.caption if "3 networks" in text.value]
    for kind, recorded in (("plain", "plain-20"), ("residual", "residual-56")):
        drawn = [trace["name"] for trace in figure(app, f"recorded_depths_{kind}") if trace.get("meta") == "test"]
        assert drawn == [recorded]


def test_a_picture_is_seen_by_a_trained_network_unless_another_is_chosen(open_app):
    """What the page says of the network is what its card says, in whole percent."""
    app = open_app("maps", part="maps")
    assert not app.exception
    name, card = next(iter(shipped.shipped_networks().items()))
    assert app.selectbox(key="shipped").value == name
    test = card.tests[0]
    said = next(text.value for text in app.caption if "test pictures" in text.value)
    assert (
        f"names {round(100 * (1 - test.wrong / test.images))}% of {test.images:,} test pictures of {test.size}" in said
    )
    assert f"one of {card.spec.networks[0].classes} names" in said
    assert app.select_slider(key="map_size_64").value == test.size == 64


@pytest.mark.slow
def test_the_residual_network_that_is_shipped_sees_a_cat_and_a_cup(open_app):
    """Both are among its 42 classes; its card says how often it is wrong."""
    for picture, names in (("cat", {"tabby cat"}), ("coffee", {"espresso"})):
        app = open_app("maps", part="maps", picture=picture)
        (bars,) = figure(app, "scores")
        assert bars["y"][0] in names
        assert bars["x"][0] == max(bars["x"])


@pytest.mark.parametrize("name", list(shipped.shipped_networks()))
def test_every_shipped_network_can_be_looked_into(open_app, name):
    app = open_app("maps", part="maps", net="shipped", shipped=name, lang="ko")
    assert not app.exception
    assert not app.error
    assert len(figure(app, "scores")[0]["y"]) == 10
