"""An answer on the screen can be taken home, with the question that was asked."""

import ast
import io
import zipfile

from streamlit.testing.v1 import AppTest

from resnet_core.catalogue import experiment
from tests.app.screen import wait_for
from ui import inquiries


def page():
    import streamlit as st

    from tests.core.small_questions import small
    from ui.inquiry import inquire
    from ui.source import show_experiments

    question = small("gradient-growth")
    inquire("growth", "gradient-growth", question, lambda record: st.text(type(record).__name__))
    show_experiments({"gradient-growth": question})


def asked(app):
    app.run()
    if not app.get("download_button"):  # nobody has asked yet; the class shares the answer
        app.button(key="ask_growth").click().run()
    return wait_for(app, lambda app: app.get("download_button"))


def test_nothing_is_offered_before_there_is_an_answer():
    inquiries.forget_all()
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert not app.get("download_button")


def test_an_answer_is_taken_home_with_its_question(handed_out):
    (button,) = asked(AppTest.from_function(page))
    assert button.label == "Take it home"
    with zipfile.ZipFile(io.BytesIO(handed_out[-1]())) as archive:
        script = archive.read("experiment.py").decode()
        assert {"experiment.ipynb", "README.txt", "LICENSE"} <= set(archive.namelist())
    (question,) = [
        node.value
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "QUESTION"
    ]
    settings = {word.arg: ast.literal_eval(word.value) for word in question.keywords}
    assert (settings["width"], settings["batches"], settings["seeds"]) == (20, (8,), 1)


def test_the_code_is_shown_with_what_it_was_asked_and_how_to_ask_again():
    app = AppTest.from_function(page).run()
    code = [block.value for block in app.code]
    assert code[0].startswith(f"def {experiment('gradient-growth').function.__name__}(")
    assert "width=20" in code[1]
    assert code[2].startswith("python -m resnet_core gradient-growth --config")


def test_the_offer_is_made_in_korean_too():
    app = AppTest.from_function(page)
    app.query_params["lang"] = "ko"
    (button,) = asked(app)
    assert button.label == "집으로 가져가기"
