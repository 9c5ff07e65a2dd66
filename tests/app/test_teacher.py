"""A teacher's link sets a page for a class: settings locked, other parts hidden, and a line that says so."""

import pytest

from tests.app.screen import results, visit
from ui.teacher import address


def notes(app):
    return [text.value for text in app.main.caption if "Set by your teacher" in text.value]


def test_without_such_a_link_everything_can_be_changed(open_app):
    app = open_app("lesions", part="cuts")
    assert notes(app) == []
    assert not app.select_slider(key="lesions_depth").disabled
    assert not app.toggle(key="lesions_zg").disabled


def test_a_locked_page_keeps_what_was_set_and_can_still_be_walked_through(open_app):
    app = open_app("lesions", part="cuts", lesions_depth=32, locked=1)
    assert len(notes(app)) == 1
    assert app.select_slider(key="lesions_depth").value == 32
    assert app.select_slider(key="lesions_depth").disabled
    assert app.toggle(key="lesions_zg").disabled
    assert app.number_input(key="lesions_seed").disabled
    assert not app.button_group(key="part").disabled
    assert not app.button(key="ask_lesions").disabled  # the experiment can be run


@pytest.mark.parametrize(("page", "part"), [("gradients", "profile"), ("shortcuts", "count"), ("train", "")])
def test_every_setting_of_a_page_is_locked(open_app, page, part):
    app = open_app(page, part=part, locked=1) if part else open_app(page, locked=1)
    assert not app.exception
    kinds = [app.toggle, app.select_slider, app.slider, app.number_input, app.selectbox, app.button_group]
    mine = [one for kind in kinds for one in kind if one.key not in {"part", "lang", None}]
    assert len(mine) >= 4
    assert [one.key for one in mine if not one.disabled and not one.key.startswith("teacher_")] == []


def test_a_link_for_one_part_hides_the_others(open_app):
    app = open_app("depth", only=1, depth_card="run")
    assert "part" not in [group.key for group in app.button_group]
    assert results(app)
    assert len(notes(app)) == 1
    app.button(key="depth_card_why").click().run()
    assert app.button_group(key="depth_card").value == "why"
    assert not app.exception


def test_a_teacher_gets_a_link_with_the_settings_as_they_are(open_app):
    app = open_app("lesions", part="cuts", lesions_depth=32)
    (code,) = [code.value for code in app.sidebar.code]
    assert {"part=cuts", "lesions_depth=32", "locked=1", "only=1"} <= set(code.partition("?")[2].split("&"))


def test_the_link_follows_what_a_teacher_changes_on_the_page(open_app):
    app = open_app("lesions", part="cuts")
    app.select_slider(key="lesions_depth").set_value(32).run()
    assert "lesions_depth=32" in app.sidebar.code[0].value
    app = open_app("network")
    app.button_group(key="part").set_value("drawing").run()
    assert "part=drawing" in app.sidebar.code[0].value


def test_a_presentation_that_a_link_began_goes_on_at_the_next_lesson_until_it_is_ended(open_app):
    app = open_app("depth", present=1)
    app.query_params.clear()  # as a browser does on the way to another page
    visit(app, "residual")
    assert not app.sidebar.button(key="begin_presentation").disabled
    app.button(key="end_presentation").click().run()
    assert "end_presentation" not in [button.key for button in app.button]
    assert "present" not in app.query_params


def test_the_address_of_a_page_is_asked_for_what_is_set_and_nothing_else():
    assert address("http://school:8501/lab/depth?part=x", {"seed": "3"}) == "http://school:8501/lab/depth?seed=3"
    assert address("http://school:8501/depth", {}) == "http://school:8501/depth"
