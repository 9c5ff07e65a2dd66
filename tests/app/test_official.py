"""Official weights on the page: offered, fetched while the page says how far, and never needed."""

import pytest

from resnet_core import imagenet_classes
from tests.app.screen import alerts, figure, wait_for
from tests.publisher import publishing

LINK = {"part": "maps", "net": "official", "map_size_96": 32}


@pytest.fixture
def publisher(monkeypatch, tmp_path):
    with publishing(monkeypatch, tmp_path / "home") as server:
        yield server


def bars(app):
    return [trace["y"] for chart in app.get("plotly_chart") if chart.key == "scores" for trace in figure(app, "scores")]


def test_weights_are_offered_fetched_and_used(open_app, publisher, monkeypatch):
    monkeypatch.setenv("RESNET_LAB_WEIGHTS_URL", publisher.at("whole"))
    app = open_app("maps", **LINK)
    assert not bars(app)
    assert publisher.asked == []  # nothing is fetched that nobody asked for
    assert [text for text in app.caption if "45 MB from download.pytorch.org" in text.value]
    app.button(key="fetch_official").click().run()
    (named,) = wait_for(app, bars)
    assert set(named) <= set(imagenet_classes())
    assert not alerts(app)


def test_without_a_connection_the_page_says_so_and_offers_it_again(open_app, publisher, monkeypatch):
    monkeypatch.setenv("RESNET_LAB_WEIGHTS_URL", "http://127.0.0.1:9/")
    app = open_app("maps", **LINK, lang="ko")
    app.button(key="fetch_official").click().run()
    wait_for(app, lambda app: [text for text in alerts(app) if "인터넷에 연결되어 있습니까" in text])
    monkeypatch.setenv("RESNET_LAB_WEIGHTS_URL", publisher.at("whole"))
    app.button(key="fetch_official").click().run()
    assert wait_for(app, bars)


def test_a_slow_download_can_be_cancelled_and_goes_on_later(open_app, publisher, monkeypatch):
    monkeypatch.setenv("RESNET_LAB_WEIGHTS_URL", publisher.at("slow"))
    app = open_app("maps", **LINK)
    app.button(key="fetch_official").click().run()
    publisher.half_way.wait(60)
    app.button(key="cancel_official").click().run()
    publisher.go_on.set()
    wait_for(app, lambda app: [button for button in app.button if button.key == "fetch_official"])
    monkeypatch.setenv("RESNET_LAB_WEIGHTS_URL", publisher.at("whole"))
    app.button(key="fetch_official").click().run()
    assert wait_for(app, bars)
    assert publisher.asked[-1][1].startswith("bytes=")
