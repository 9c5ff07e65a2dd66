"""The class board: a teacher opens one, students join by link or code, and their finished runs arrive by themselves."""

import csv
import io
import re
from urllib.parse import parse_qsl

import numpy as np
import pytest

from resnet_core import ClassTask, DataConfig, RunSpec, TrainConfig, cifar, close_store, get_boards
from resnet_core.records import RunRecord, StepRecord
from tests.app.screen import alerts, figure, results, table, visit, wait_for
from ui import board_file
from ui.sheet import Drawn

TEACHER = "a" * 32
TINY = ClassTask(data=DataConfig(name="digits", size=8), training=TrainConfig(steps=3), width=4, depths=(8, 14))
HOSTILE = "<b>x</b> ![i](//b.example)"[:24]


@pytest.fixture(autouse=True)
def _boards_of_this_test_alone(tmp_path, monkeypatch):
    close_store()
    monkeypatch.setenv("RESNET_LAB_HOME", str(tmp_path))
    yield
    close_store()


@pytest.fixture
def code():
    return get_boards().open(TEACHER, "Class 3B", TINY).code


def add(code, depth, error, seed, name="", steps=4, plain=True):
    spec = RunSpec(networks=(cifar(depth, plain=plain, width=4, in_channels=1, init="default"),),
                   data=TINY.data, training=TrainConfig(steps=steps, seed=seed))  # fmt: skip
    records = [
        RunRecord(0, StepRecord(step, 1.0, 1 - error, 0.05, np.ones(3, np.float32))) for step in range(1, steps + 1)
    ]
    assert get_boards().add(code, f"{depth} {seed} {plain} {steps}", spec, records, name, f"{depth} {seed}") == 1


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def submit(app, label):
    (button,) = [button for button in app.button if button.label == label and "FormSubmitter" in str(button.key)]
    button.click().run()
    assert not app.exception
    return app


def counts(app):
    return {metric.label: metric.value for metric in app.metric}


def test_a_teacher_opens_a_board_with_a_code_a_link_and_an_empty_figure(open_app):
    app = open_app("board")
    app.text_input(key="title").set_value("Class *3B*")
    submit(app, "Open a board")
    (opened,) = get_boards().boards_of(app.session_state["_visitor"])
    assert opened.title == "Class *3B*"
    assert opened.task == ClassTask()
    assert app.title[0].value == r"Class \*3B\*"
    assert counts(app) == {"Code": opened.code, "Students": "0", "Runs": "0"}
    assert any(block.value.endswith(f"/board?board={opened.code}") for block in app.code)
    assert figure(app, "board_chart") == []
    assert results(app) == ["Nothing is on this board yet."]
    assert app.query_params["board"] == opened.code


def test_what_is_drawn_every_three_seconds_takes_the_place_of_what_was_drawn_before(open_app, code):
    app = open_app("board", board=code)
    assert figure(app, "board_chart") == []
    sheet = app.session_state["_sheet"]
    assert not any(isinstance(entry, Drawn) for entry in sheet.entries)
    assert sum(isinstance(entry, Drawn) for entry in sheet.flat()) == 1


def test_the_task_is_what_the_teacher_chose(open_app):
    app = open_app("board")
    app.text_input(key="title").set_value("digits")
    app.selectbox(key="task_pictures").set_value("digits")
    app.number_input(key="task_steps").set_value(30)
    app.toggle(key="task_norm").set_value(False)
    app.multiselect(key="task_depths").set_value([56, 8])
    submit(app, "Open a board")
    (opened,) = get_boards().boards_of(app.session_state["_visitor"])
    assert opened.task == ClassTask(
        data=DataConfig(name="digits", size=8), training=TrainConfig(steps=30), norm="none", zero_gamma=False,
        depths=(8, 56),
    )  # fmt: skip


@pytest.mark.parametrize("depths", [[], [8]])
def test_a_board_without_title_or_depths_is_explained(open_app, depths):
    app = open_app("board")
    app.multiselect(key="task_depths").set_value(depths)
    submit(app, "Open a board")
    assert len(app.warning) == 1
    assert not app.error
    assert get_boards().boards_of(app.session_state["_visitor"]) == ()


def test_a_student_joins_by_code_typed_carelessly(open_app, code):
    app = open_app("board")
    app.text_input(key="code").set_value(f" {code.lower()} ")
    app.text_input(key="join_name").set_value("Mina")
    submit(app, "Join")
    assert app.title[0].value == "Class 3B"
    assert app.query_params["board"] == code
    assert app.query_params["nick"] == "Mina"


@pytest.mark.parametrize("page", ["board", "train", "start"])
@pytest.mark.parametrize("link", ["XXXX", "<b>9e99</b>", "![x](//b.example/c.png)"])
def test_a_link_to_a_board_that_is_not_there_is_explained_on_every_page(open_app, page, link):
    app = open_app(page, board=link)
    assert not app.exception
    assert not app.error
    assert any(text.startswith("There is no board") for text in alerts(app))
    assert "example" not in " ".join(alerts(app))
    assert "board" not in app.query_params


def test_code_and_nickname_follow_from_page_to_page_until_the_student_leaves(open_app, code):
    app = open_app("board", board=code, nick="Mina")
    for page in ("train", "start"):
        visit(app, page)
        assert app.query_params["board"] == code
        assert app.query_params["nick"] == "Mina"
        assert f"Your finished runs go to board **{code}**." in [text.value for text in app.sidebar.caption]
    press(app, "leave_board")
    assert "board" not in app.query_params
    visit(app, "board")
    assert app.title[0].value == "Class board"


@pytest.mark.slow
def test_who_has_left_is_not_taken_back_by_a_browsers_address_that_lies_behind(open_app, code):
    app = open_app("train", board=code, nick="Mina")
    behind = dict(app.query_params)
    press(app, "leave_board")
    app.query_params.update(behind)  # of a click that was made before the browser knew
    app.run()
    assert not any(code in text.value for text in app.sidebar.caption)


def test_a_finished_run_lands_on_the_board_once_and_an_unfinished_one_does_not(open_app, code):
    app = open_app("train", board=code, nick=HOSTILE, data="digits", race="vanishing", width=4, steps=3)
    press(app, "start_train")
    wait_for(app, results)
    entries = get_boards().entries(code)
    assert [entry.config.is_plain for entry in entries] == [True, False]
    assert {entry.nickname for entry in entries} == {HOSTILE}
    app.run()
    visit(app, "board")
    assert get_boards().entries(code) is entries
    assert counts(app)["Students"] == "1"
    hover = " ".join(text for trace in figure(app, "board_chart") for text in trace.get("text", []))
    assert "&lt;b&gt;x" in hover
    assert "<b>x" not in hover

    visit(app, "train")
    app.number_input(key="steps").set_value(2000)
    press(app, "start_train")
    press(app, "stop_train")
    wait_for(app, lambda app: "stop_train" not in [button.key for button in app.button])
    assert get_boards().entries(code) is entries


def test_a_board_that_closed_meanwhile_does_not_hurt_the_run(open_app, code):
    app = open_app("train", board=code, data="digits", race="vanishing", width=4, steps=3)
    press(app, "start_train")
    get_boards().close_board(code, TEACHER)
    wait_for(app, results)
    assert not app.error
    assert not app.exception


def test_the_figure_shows_one_recipe_and_tells_of_the_others(open_app, code):
    for seed, error in enumerate((0.25, 0.28, 0.25)):
        for plain in (True, False):
            add(code, 8, error, seed, plain=plain)
            add(code, 14, error + 0.5 * plain, seed, plain=plain)
    add(code, 8, 0.1, 0, steps=8)
    app = open_app("board", board=code)
    assert sum(len(trace["x"]) for trace in figure(app, "board_chart") if trace.get("meta") == "entries") == 12
    assert results(app)[0].startswith("Degradation: from 8 to 14 layers")
    assert list(table(app, "Different seeds")["Different seeds"]) == [3, 3, 3, 3]
    assert any(text.value.startswith("1 of 13 networks are left out") for text in app.caption)
    (choice,) = [box for box in app.selectbox if box.label == "Recipe"]
    choice.select_index(1).run()
    assert not app.exception
    assert results(app)[0].startswith("Too early to say")


def test_taking_a_depth_gives_a_link_to_exactly_that_run(open_app, code):
    app = open_app("board", board=code)
    press(app, "take")
    (way,) = [link.proto for link in app.main.get("page_link")]
    assert way.page == "train"
    asked = dict(parse_qsl(way.query_string))
    other = open_app("train", board=code, **asked)
    press(other, "start_train")
    wait_for(other, results)
    plain, residual = get_boards().entries(code)
    wanted = TINY.spec(TINY.seat(0))
    assert plain.spec == residual.spec == wanted
    assert {TINY.depths[-1]} == {plain.config.layers, residual.config.layers}
    press(app, "take")
    assert any(text.value.startswith("Yours: **8 layers**") for text in app.markdown)


def mine(open_app):
    app = open_app("board")
    app.text_input(key="title").set_value("mine")
    submit(app, "Open a board")
    code = app.query_params["board"]
    add(code, 8, 0.25, 0, "Mina")
    add(code, 14, 0.5, 1, HOSTILE)
    return app.run(), code


def test_the_teacher_takes_one_network_off(open_app):
    app, code = mine(open_app)
    (choice,) = [box for box in app.selectbox if box.label == "One network"]
    assert choice.options[0] == "Mina · plain-8 + BN · seed 0 · 25%"
    choice.select_index(1).run()
    press(app, "take_off")
    assert [entry.nickname for entry in get_boards().entries(code)] == ["Mina"]


def test_clearing_asks_first(open_app):
    app, code = mine(open_app)
    press(app, "clear")
    assert len(get_boards().entries(code)) == 2
    press(app, "not_sure")
    assert len(get_boards().entries(code)) == 2
    press(press(app, "clear"), "sure")
    assert get_boards().entries(code) == ()
    assert counts(app)["Runs"] == "0"


def test_closing_asks_first_and_leads_back_to_the_door(open_app):
    app, _ = mine(open_app)
    press(press(app, "close"), "sure")
    assert app.title[0].value == "Class board"
    assert "board" not in app.query_params
    assert get_boards().boards_of(app.session_state["_visitor"]) == ()


def test_who_did_not_open_a_board_finds_nothing_to_manage(open_app, code):
    app = open_app("board", board=code)
    assert not {"clear", "close", "take_off"} & {button.key for button in app.button}


def test_the_file_for_a_spreadsheet_holds_every_number_and_no_formula(code):
    add(code, 8, 0.25, 3, "=1+1")
    add(code, 14, 0.5, 1, "김민아")
    text = board_file.table(get_boards().entries(code)).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["nickname"], first["layers"], first["seed"], first["training_error"]) == ("'=1+1", "8", "3", "0.25")
    assert (second["nickname"], second["kind"], second["steps"]) == ("김민아", "plain", "4")
    assert TEACHER not in text


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_nothing_a_teacher_or_a_student_writes_is_read_as_markup(open_app, lang):
    code = get_boards().open(TEACHER, "![x](//b.example/c.png) :red[a] $x$", TINY).code
    add(code, 8, 0.25, 0, HOSTILE)
    app = open_app("board", board=code, lang=lang, nick=HOSTILE)
    assert not app.exception
    said = " ".join(text.value for text in [*app.title, *app.markdown, *app.caption, *app.sidebar.markdown])
    assert not re.search(r"(?<!\\)!\\?\[|<b>|(?<!\\):red|(?<!\\)\$", said)
