"""The lessons as a student goes through them: nothing is told before it is predicted, and the numbers judge."""

import re

import pytest

from tests.app.screen import alerts, results
from ui.places import LESSONS

CARDS = ("predict", "run", "why", "disputed", "home")
KOREAN = re.compile("[가-힣]")


def said(app):
    return " ".join(text.value for text in app.main.markdown)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", LESSONS)
def test_a_student_goes_through_a_lesson(open_app, name, lang):
    app = open_app(name, lang=lang)
    first = said(app)
    assert not app.get("plotly_chart")  # before the prediction nothing is shown
    app.radio(key=f"{name}_predicted").set_value(app.radio(key=f"{name}_predicted").options[0]).run()
    for card in CARDS[1:]:
        app.button(key=f"{name}_card_{card}").click().run()
        assert not app.exception
        assert not app.error
        assert app.button_group(key=f"{name}_card").value == card
        assert said(app) != first
        assert bool(KOREAN.search(said(app))) == (lang == "ko")
        if card == "run":
            assert results(app)  # recorded, or computed at once
            verdicts = [*alerts(app), *(box.value for box in app.success)]
            assert len(verdicts) == 1
    assert "1." in said(app)
    assert "3." in said(app)


@pytest.mark.parametrize("name", LESSONS)
def test_the_numbers_judge_the_prediction(open_app, name):
    """Each option is predicted in turn; the judgement does not depend on it, only whether it agrees."""
    agreed = []
    app = open_app(name)
    for option in list(app.radio(key=f"{name}_predicted").options):
        app.radio(key=f"{name}_predicted").set_value(option).run()
        app.button(key=f"{name}_card_run").click().run()
        agreed.append(len(app.success))
        app.button(key=f"{name}_card_predict").click().run()
    assert sum(agreed) <= 1
    assert len(agreed) in {2, 3, 4}
    assert sum(agreed) == 1 or "decide nothing" in " ".join(alerts(app))
