"""The report of a page: it says what the page says, opens the same settings again, and takes nothing typed for HTML."""

import re
import tomllib
import uuid
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import torch

from resnet_core import DataConfig, RunSpec, TrainConfig, cifar, get_store, load_data, train_command
from resnet_core.records import RunResult
from resnet_core.training import train_together
from tests.app.screen import alerts, figure, results, table
from ui import VERSION, reruns

ROOT = Path(__file__).parents[2]


@pytest.fixture
def report(handed_out, monkeypatch):
    """Open the fold at the end of a page, answer, take the report: `report(app, "depth", "Mina", "first answer")`."""
    monkeypatch.setattr(reruns, "LATE", 0.0)

    def report(app, page, name="", *answers):
        app.session_state[f"report_{page}"] = True
        app.run()
        if name:
            app.text_input(key="report_name").set_value(name).run()
        for number, answer in enumerate(answers, start=1):
            app.text_area(key=f"report_{page}_{number}").set_value(answer).run()
        assert not app.exception
        return handed_out[-1]().decode()

    return report


def words(page):
    """What a reader sees, tags and scripts taken out."""
    shown = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def settings(page):
    """Label and value of every setting."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    return {unescape(label): unescape(value) for label, value in found}


def plain(sentence):
    return " ".join(re.sub(r"[*\\`]", "", sentence).split())


def asked(page):
    """What the report's link asks for."""
    address = urlsplit(unescape(re.search(r'class="link">.*?href="([^"]*)"', page)[1]))
    return {name: values[0] for name, values in parse_qs(address.query).items()}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_lesson_is_reported_with_figure_sentence_numbers_judgement_and_answers(open_app, report, lang):
    app = open_app("depth", lang=lang)
    app.radio(key="depth_predicted").set_value("worse").run()
    app.button(key="depth_card_run").click().run()
    said, judged = results(app), [*alerts(app), *(box.value for box in app.success)]
    page = report(app, "depth", "Mina", "It is not overfitting.")
    text = words(page)
    assert len(re.findall(r"<img data-figure", page)) == 2
    assert [sentence for sentence in said if plain(sentence) not in text] == []
    assert len(judged) == 1
    assert plain(judged[0]) in text
    (numbers,) = [frame.value for frame in app.dataframe]
    assert [column for column in numbers.columns if f"<th>{column}</th>" not in page] == []
    assert page.count("<tr>") == len(numbers) + 1
    assert "Mina" in text
    assert "It is not overfitting." in text
    assert "python -m resnet_core degradation --out degradation" in text  # the command of the recording
    assert {"en": "seed 0", "ko": "시드 0"}[lang] in text
    assert "arxiv.org/abs/1512.03385" in page
    assert f'<html lang="{lang}">' in page
    assert page.count('class="lines"') == 2  # two questions are left to be answered by hand


def test_on_a_later_card_the_figures_that_were_seen_are_there_and_without_them_the_prediction_is(open_app, report):
    app = open_app("depth", depth_card="home")
    page = report(app, "depth")
    assert "<img data-figure" not in page
    assert "No figure had been drawn" in page
    app.button(key="depth_card_disputed").click().run()
    app.button(key="depth_card_why").click().run()
    app.button(key="depth_card_run").click().run()
    said = results(app)
    app.button(key="depth_card_why").click().run()
    app.button(key="depth_card_disputed").click().run()
    assert not results(app)
    seen = report(app, "depth")
    assert [sentence for sentence in said if plain(sentence) not in words(seen)] == []
    other = report(open_app("residual", residual_card="home"), "residual")  # nothing of another lesson
    assert "<img data-figure" not in other


def test_what_is_typed_is_shown_as_it_was_typed(open_app, report):
    bad = '<script>alert("1")</script> & <b>"x"</b> **y** [z](javascript:1) $a$ </textarea>'
    page = report(open_app("depth", depth_card="home"), "depth", "<b>Mina</b>", bad)
    assert bad in words(page.replace("&lt;", "\ue000").replace("&gt;", "\ue001")).replace("\ue000", "<").replace(
        "\ue001", ">"
    )
    assert "<b>" not in page
    assert 'alert("' not in page
    assert "javascript:1)" in page  # as words
    assert 'href="javascript' not in page


def controls(app):
    """What the controls of a page's middle show, by key."""
    kinds = (app.main.toggle, app.main.slider, app.main.select_slider, app.main.number_input, app.main.selectbox)
    return {one.key: (one.label, str(one.value)) for kind in kinds for one in kind}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("lesions", {"part": "cuts", "lesions_depth": 32, "lesions_zg": "true", "lesions_seed": 7}),
        ("train", {"race": "own", "d2": 26, "b1": "false", "steps": 40, "lr": 0.1, "seed": 5, "data": "digits"}),
    ],
)
def test_the_settings_are_those_of_the_controls_and_the_link_opens_them_again(open_app, report, name, query):
    app = open_app(name, **query)
    before = controls(app)
    page = report(app, name)
    told, shown = settings(page), {"True": "on", "False": "off", "": "Trained now"}
    for key, (label, value) in before.items():
        disabled = next(one.disabled for one in app.toggle if one.key == key) if key[0] == "z" else False
        if not disabled:
            found = {value for name, value in told.items() if name == label or name.endswith(f": {label}")}
            assert shown.get(value, value) in found or label in {"Pictures", "Optimiser", "Schedule"}, (key, label)
    assert told["Seed"] == str(query.get("seed", query.get("lesions_seed")))
    again = open_app(name, **asked(page))
    assert controls(again) == before
    assert settings(report(again, name)) == told


def test_two_networks_on_a_page_are_told_apart(open_app, report):
    told = settings(report(open_app("train", race="own", d1=20, d2=56), "train"))
    assert (told["Network 1: Depth (layers)"], told["Network 2: Depth (layers)"]) == ("20", "56")
    assert (told["Network 1: Skip connections"], told["Network 2: Skip connections"]) == ("off", "on")


def test_figures_that_are_computed_now_bring_their_table_and_their_command(open_app, report):
    app = open_app("blocks", part="contest", block_kinds_stage=3)
    page = report(app, "blocks")
    text = words(page)
    assert [sentence for sentence in results(app) if plain(sentence) not in text] == []
    assert settings(page)["Stage"] == "3 · conv4_x"
    assert '{"stage": 3}' in text
    assert figure(app, "block_kinds_block")
    assert page.count("<img data-figure") == len(app.get("plotly_chart"))
    assert len(table(app, "Kernel")) < page.count("<tr>")


def test_a_drawing_and_its_cut_shortcuts_are_reported(open_app, report):
    page = report(open_app("network", part="drawing", count_net="cifar-resnet20", cut="0-1"), "network")
    assert page.count("<rect") == 11  # stem, nine blocks, head
    assert settings(page)["Shortcuts that are cut"] == "stage 1, block 2"
    assert asked(page)["cut"] == "0-1"
    assert page.count('stroke-dasharray="2 5"') == 2  # one that is cut, and what that line means


def test_a_plain_network_has_no_shortcut_that_could_be_cut(open_app, report):
    app = open_app("network", part="drawing", count_net="cifar-plain20", cut="0-1")
    asked_for = dict(app.session_state["_sheet"].settings.values())
    assert asked_for["Network"] == "cifar-plain20"
    assert "Shortcuts that are cut" not in asked_for
    assert "Shortcuts that are cut" not in settings(report(app, "network"))


def test_a_kept_run_is_reported_with_its_own_settings_and_how_to_have_it_again(open_app, report):
    spec = RunSpec(
        networks=tuple(cifar(8, width=4, in_channels=1, plain=plain) for plain in (True, False)),
        data=DataConfig(name="digits", size=8),
        training=TrainConfig(steps=12, batch=16, seed=3),
    )
    run = train_together(spec, load_data(spec.data), torch.device("cpu"))
    result = RunResult(run.header, tuple(run.records()), run.weights(), "finished", 1.0)
    app = open_app("runs")
    run_id = uuid.uuid4().hex
    get_store().keep(run_id, app.session_state["_visitor"], spec, result)
    get_store().rename(run_id, app.session_state["_visitor"], "<i>mine</i>")
    opened = open_app("runs", run=run_id)
    page = report(opened, "runs")
    text = words(page)
    assert [sentence for sentence in results(opened)[:1] if plain(sentence) not in text] == []
    assert asked(page)["run"] == run_id
    assert "&lt;i&gt;mine&lt;/i&gt;" in page
    assert "Seed: 3" in text
    assert train_command(spec) in unescape(page)
    assert page.count("<img data-figure") == 4  # loss, accuracy, two networks' gradients
    assert 'class="lines"' not in page


def offered(app):
    return [fold for fold in app.expander if fold.label == "Report of this page"]


@pytest.mark.parametrize(("name", "many"), [("depth", 1), ("train", 1), ("start", 0), ("glossary", 0), ("runs", 0)])
def test_lessons_and_training_have_a_report_and_other_pages_have_none(open_app, name, many):
    assert len(offered(open_app(name))) == many


def test_a_teachers_link_leaves_the_report_and_a_presentation_does_not_show_it(open_app):
    app = open_app("lesions", part="cuts", locked=1, only=1)
    assert len(offered(app)) == 1
    app.session_state["report_lesions"] = True
    app.run()
    assert not app.text_area(key="report_lesions_1").disabled
    assert offered(open_app("lesions", present=1)) == []


def test_where_a_page_ends_early_it_has_its_report_all_the_same(open_app, report):
    app = open_app("maps", part="reasons", picture="own")
    assert "Choose a picture" in " ".join(alerts(app))
    assert "No figure had been drawn" in report(app, "maps")


def test_answers_outlast_a_visit_to_another_part(open_app, report):
    app = open_app("lesions")
    report(app, "lesions", "Mina", "Because paths remain.")
    app.button_group(key="part").set_value("cuts").run()
    text = words(report(app, "lesions"))
    assert "Because paths remain." in text
    assert "Mina" in text


def test_every_control_that_the_address_keeps_is_asked_through_the_link():
    """Others would be missing in the report."""
    rooms = [*(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    strangers = [
        path.name
        for path in rooms
        if path.name != "link.py" and ('bind="query-params"' in (text := path.read_text()) or "**keep(" in text)
    ]
    assert strangers == []


def test_every_picture_and_drawing_of_a_lesson_is_drawn_as_a_figure():
    sections = [*(ROOT / "ui/sections").glob("*.py"), *(ROOT / "ui/lessons").glob("*.py")]
    assert [path.name for path in sections if "st.image(" in path.read_text()] == []
    assert [path.name for path in sections if "st.plotly_chart(" in path.read_text()] == []


def test_the_report_names_the_version_of_the_project():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
