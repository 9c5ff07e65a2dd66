"""Settings come from the link, survive nonsense, follow the visitor, and never show a traceback."""

import re

import pytest

from tests.app.screen import alerts, figure, measured, results, visit

SMALL = {"depth": 20, "size_fashion": 8, "width": 4, "seeds": 1}
OUR_FAULT = "Something went wrong on our side. Your settings are in the page's address: reload to try again."
TRACEBACK = re.compile(r'Traceback|File "|line \d+, in |ZeroDivisionError|KeyError|a secret')


def all_text(app):
    return " ".join(str(getattr(element, "value", "")) for element in app.main) + " ".join(alerts(app))


def test_every_setting_of_a_link_is_taken(open_app):
    app = open_app(
        "gradients",
        part="profile",
        lang="ko",
        **SMALL,
        bn="false",
        init="he",
        seed=3,
        version="v2",
        shortcut="B",
        after=1,
        data="fashion",
    )
    expected = {
        "depth": 20, "bn": False, "init": "he", "seed": 3, "version": "v2", "shortcut": "B", "after": 1, "seeds": 1,
        "width": 4, "size_fashion": 8, "lang": "ko",
    }  # fmt: skip
    assert {key: app.session_state[key] for key in expected} == expected
    assert not alerts(app)


def test_the_same_link_gives_the_same_figure_and_another_seed_another(open_app):
    link = {**SMALL, "bn": "false", "init": "he", "seed": 3}
    first, again, other = (
        open_app("gradients", part="profile", **settings) for settings in (link, link, {**link, "seed": 4})
    )
    assert figure(first, "gradient_profile") == figure(again, "gradient_profile")
    assert results(first) == results(again)
    assert figure(first, "gradient_profile") != figure(other, "gradient_profile")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"depth": 9999},
        {"depth": "twenty"},
        {"depth": 21},
        {"seed": -1},
        {"seed": 10**30},
        {"seeds": 0},
        {"init": "xavier"},
        {"bn": "perhaps"},
        {"after": 2},
        {"version": "v3"},
        {"data": "../../etc/passwd"},
        {"lang": "xx"},
        {"width": "nan"},
        {"no_such_setting": 1},
    ],
    ids=lambda nonsense: " ".join(f"{key}={value}"[:20] for key, value in nonsense.items()),
)
def test_what_a_link_cannot_mean_is_ignored(open_app, nonsense):
    link = {key: value for key, value in SMALL.items() if key not in nonsense}
    usual = measured(open_app("gradients", part="profile", **link))
    app = measured(open_app("gradients", part="profile", **link, **nonsense))
    assert not app.exception
    assert not alerts(app)
    assert results(app) == results(usual)


@pytest.mark.parametrize(
    ("page", "nonsense", "key", "usual"),
    [
        ("train", {"race": "xyz"}, "race", "degradation"),
        ("train", {"steps": "1e9"}, "steps", 150),
        ("train", {"lr": 3}, "lr", 0.05),
        ("train", {"race": "own", "count": 5}, "count", 2),
        ("maps", {"part": "maps", "picture": "../cat"}, "picture", "cat"),
        ("maps", {"part": "maps", "net": "fresh", "arch": "vgg", "map_size_96": 96}, "arch", "cifar"),
        ("maps", {"part": "maps", "net": "fresh", "layer": 999}, "layer", 3),
        ("shortcuts", {"part": "count", "side": 0}, "side", 28),
        ("shortcuts", {"part": "count", "count_net": "resnet1000000"}, "count_net", "resnet50"),
        ("shortcuts", {"part": "count", "stage": 7}, "stage", "2"),
    ],
)
def test_the_other_pages_ignore_it_too(open_app, page, nonsense, key, usual):
    app = open_app(page, **nonsense)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.session_state[key] == usual


def test_settings_follow_the_visitor_from_page_to_page(open_app):
    app = open_app("gradients", part="profile", **SMALL, data="digits", size_digits=16, seed=7, lang="ko")
    visit(app, "train")
    assert app.number_input(key="seed").value == 7
    assert app.select_slider(key="width").value == 4
    assert app.selectbox(key="data").value == "digits"
    assert app.select_slider(key="size_digits").value == 16
    assert app.session_state["depth"] == 20
    app.number_input(key="seed").set_value(8).run()
    assert app.number_input(key="seed").value == 8
    visit(app, "gradients")
    assert app.number_input(key="seed").value == 8
    assert app.select_slider(key="depth").value == 20
    assert app.slider(key="seeds").value == 1
    assert app.session_state["lang"] == "ko"


def accident(*_args, **_others):
    raise ZeroDivisionError("a secret of the house")


@pytest.mark.parametrize(
    ("page", "part", "place"),
    [
        ("start", "", "ui.charts.two_by_two"),
        ("train", "", "ui.questions.race"),
        ("gradients", "profile", "ui.charts.gradient_verdict"),
        ("maps", "maps", "ui.charts.class_scores"),
        ("shortcuts", "count", "ui.charts.cost_verdict"),
    ],
)
def test_an_accident_is_told_without_its_details(open_app, monkeypatch, caplog, page, part, place):
    monkeypatch.setattr(place, accident)
    app = open_app(page, part=part, **SMALL)
    assert not app.exception
    assert [box.value for box in app.error] == [OUR_FAULT]
    assert app.title[0].value  # what was drawn before it stays
    assert not TRACEBACK.search(all_text(app))
    assert "a secret of the house" in caplog.text  # the log has it


def test_an_accident_in_the_live_view_is_told_without_its_details(open_app, monkeypatch):
    def accident(*_args, **_others):
        raise KeyError("a secret of the house")

    monkeypatch.setattr("ui.runner.monitor", accident)
    app = open_app("train", data="digits", size_digits=8, race="vanishing", width=4, steps=3)
    app.button(key="start_train").click().run()
    while not results(app):
        app.run()
    assert not app.exception
    assert [box.value for box in app.error] == [OUR_FAULT]
    assert not TRACEBACK.search(all_text(app))
    assert len(app.main.get("download_button")) == 1  # the run itself is safe


@pytest.mark.parametrize(
    ("data", "words"),
    [("folder", "Upload a zip with one folder of pictures per class"), ("cifar10", "CIFAR-10 is not on this server.")],
)
def test_pictures_that_are_not_there_are_explained(open_app, monkeypatch, data, words):
    monkeypatch.delenv("RESNET_LAB_CIFAR10", raising=False)
    for page in ("train", "gradients"):
        app = open_app(page, part="profile", **SMALL, data=data)  # of the gradients; another page does not ask it
        assert not app.error
        assert [box.value[: len(words)] for box in app.warning] == [words]
        app.selectbox(key="data").set_value("digits").run()
        assert not app.warning


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no zip", "not a zip archive"), (b"PK\x05\x06" + bytes(18), "0 subfolders")],
    ids=["no zip", "an empty zip"],
)
def test_an_archive_without_pictures_is_explained(open_app, content, words):
    app = open_app("train", data="folder")
    app.file_uploader(key="folder").set_value(("mine.zip", content, "application/zip")).run()
    assert not app.error
    assert [words in box.value for box in app.warning] == [True]
