"""Filters and crops on the page: asked on a click, drawn from the record, in both languages."""

import pytest

from resnet_core import DataConfig, TrainConfig, cifar
from resnet_core.questions.pictures import FiltersQuestion
from tests.app.screen import answered, figure, results, table
from ui.inquiries import find
from ui.sections import filters


@pytest.fixture
def small(monkeypatch):
    """What the page asks at its defaults takes ten seconds; the same on small pictures takes one."""
    question = FiltersQuestion(
        network=cifar(8, width=4, in_channels=1),
        data=DataConfig(name="digits", size=8),
        training=TrainConfig(steps=4, batch=8, precision="fp32", inspect_every=0),
        images=60,
        units=3,
        crops=4,
    )
    monkeypatch.setattr(filters, "_question", lambda: question)
    return question


def test_the_search_is_asked_for_on_a_click_and_drawn(open_app, small):
    app = open_app("maps", part="filters")
    assert not app.exception
    assert not app.get("plotly_chart")
    app.button(key="ask_filters").click().run()
    answered(app, "filters")
    assert results(app)
    report = find("filters", small).record
    lines = {trace["name"]: trace["y"] for trace in figure(app, "filters_purity")}
    assert lines["after 4 steps"] == pytest.approx([layer.purity for layer in report.layers])
    assert lines["drawn by lot"] == pytest.approx([report.chance] * 4)
    assert table(app, "Crops of one class", "By lot")["A unit sees (pixels)"].tolist() == [3, 7, 13, 25]
    for layer, side in (("0", 3), ("2", 13)):
        app.button_group(key="filters_layer").set_value(layer).run()
        assert f"{side} by {side} pixels" in " ".join(text.value for text in app.caption)
        (words,) = [trace["text"] for trace in figure(app, "filters_crops") if "text" in trace]
        labels = report.layers[int(layer)].labels
        assert words[0].startswith(f"unit 1, crop 1: {report.classes[labels[0, 0]]}") or "nothing" in words[0]


def test_the_page_is_there_in_korean_and_ignores_a_bad_link(open_app):
    app = open_app("maps", part="filters", lang="ko", filters_depth=9, filters_layer="x")
    assert not app.exception
    assert app.select_slider(key="filters_depth").value == 8
    assert "유닛" in " ".join(heading.value for heading in app.header)
