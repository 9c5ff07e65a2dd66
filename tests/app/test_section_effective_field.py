"""The receptive field on the page: asked on a click, drawn from the record, in both languages."""

import pytest

from resnet_core import DataConfig, TrainConfig
from resnet_core.questions.pictures import EffectiveFieldQuestion
from tests.app.screen import answered, figure, results, table
from ui.inquiries import find
from ui.sections import effective_field


@pytest.fixture
def question(monkeypatch):
    """What the page asks at its defaults takes twenty seconds; the same for two depths takes one."""
    question = EffectiveFieldQuestion(
        depths=(8, 14),
        width=4,
        draws=1,
        images=1,
        trained=8,
        data=DataConfig(name="digits", size=8),
        training=TrainConfig(steps=2, batch=8, precision="fp32", inspect_every=0),
    )
    monkeypatch.setattr(effective_field, "_question", lambda: question)
    return question


def test_the_fields_are_asked_for_on_a_click_and_drawn(open_app, question):
    app = open_app("maps", part="field", field_view="14")
    app.button(key="ask_field").click().run()
    answered(app, "field")
    assert len(results(app)) == 3
    report = find("effective-field", question).record
    lines = {trace["name"]: trace["y"] for trace in figure(app, "field_sizes")}
    assert lines["plain, uses"] == pytest.approx([report.fresh[0].side, report.fresh[2].side])
    assert lines["residual-8, after 2 steps"] == pytest.approx([report.after[1].side])
    assert results(app)[0].startswith("At depth 14 a unit could see 53 pixels across.")
    assert table(app, "Could see (pixels)")["Could see (pixels)"].tolist() == [25, 25, 53, 53, 25, 25]
    app.button_group(key="field_view").set_value("trained").run()
    assert results(app)[0].startswith("At depth 8 a unit could see 25 pixels across.")
    app.button_group(key="field_view").set_value("32").run()
    assert len(results(app)) == 1  # a depth that was not asked for is not drawn
    assert "This pair has not been measured yet." in [text.value for text in app.caption]


def test_the_page_is_there_in_korean_and_ignores_a_bad_link(open_app):
    app = open_app("maps", part="field", lang="ko", field_inputs="music", field_view="9")
    assert not app.exception
    assert app.button_group(key="field_view").value == "20"
    assert "유닛" in " ".join(heading.value for heading in app.header)
