"""Attributions on the page: asked on a click, drawn from the record, in both languages."""

import pytest

from resnet_core import DataConfig, TrainConfig, cifar
from resnet_core.questions.pictures import AttributionsQuestion
from tests.app.screen import answered, figure, results, table
from ui.charts.labels import plain_number
from ui.inquiries import find
from ui.sections import attributions


@pytest.fixture
def question(monkeypatch):
    """What the page asks at its defaults takes ten seconds; the same on small pictures takes two."""
    question = AttributionsQuestion(
        network=cifar(8, width=4, in_channels=1),
        data=DataConfig(name="digits", size=8),
        training=TrainConfig(steps=4, batch=8, precision="fp32", inspect_every=0),
        steps=4,
        window=3,
    )
    monkeypatch.setattr(attributions, "_question", lambda: question)
    return question


def test_the_maps_are_asked_for_on_a_click_and_drawn(open_app, question):
    app = open_app("maps", part="attributions", attr_picture=3)
    app.button(key="ask_attributions").click().run()
    answered(app, "attributions")
    assert len(results(app)) == 2
    report = find("attributions", question).record
    first = report.pictures[2].maps[0]
    sums = table(app, "Sum of all", "Must be")
    assert sums["Must be"].tolist()[:3] == [plain_number(first.expected)] * 2 + ["–"]
    assert f"adds up to {plain_number(first.total)}" in results(app)[0]
    known = sorted(report.untrained, reverse=True)
    assert figure(app, "attr_similarity")[0]["x"] == pytest.approx(known)
    seen = " ".join(text.value for text in app.caption)
    assert f"It is: {report.classes[2]}." in seen
    app.select_slider(key="attr_picture").set_value(8).run()
    assert f"It is: {report.classes[7]}." in " ".join(text.value for text in app.caption)


def test_the_page_is_there_in_korean_and_ignores_a_bad_link(open_app):
    app = open_app("maps", part="attributions", lang="ko", attr_target="mine", attr_steps=7)
    assert not app.exception
    assert app.select_slider(key="attr_steps").value == 64
    assert "픽셀" in " ".join(heading.value for heading in app.header)
