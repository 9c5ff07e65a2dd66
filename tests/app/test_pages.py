"""Every page opens through the front door, in both languages, and explains a bad link instead of failing."""

import re

import pytest

from tests.addresses import PAGES, PARTS

SETTINGS = [
    "lang",
    "race",
    "depth",
    "seed",
    "norm",
    "init",
    "version",
    "shortcut",
    "net",
    "arch",
    "layer",
    "scale",
    "side",
    "steps",
    "run",
    "compare",
    "board",
]
KOREAN = re.compile("[가-힣]")


def words(app):
    return " ".join(element.value for element in [*app.title, *app.header, *app.markdown, *app.caption])


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.slow
def test_every_page_opens_in_every_language(open_app, page, lang):
    app = open_app(page, lang=lang)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    assert bool(KOREAN.search(words(app))) == (lang == "ko")


@pytest.mark.parametrize(("page", "part"), [(page, part) for page, parts in PARTS.items() for part in parts[1:]])
def test_every_part_of_a_page_has_an_address(open_app, page, part):
    app = open_app(page, part=part, lang="ko")
    assert not app.exception
    assert not app.error
    assert app.session_state["part"] == part
    assert len(app.header) >= 1


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.slow
def test_a_link_full_of_nonsense_still_opens_the_page(open_app, page):
    app = open_app(page, **dict.fromkeys(SETTINGS, "<b>9e99</b>"))
    assert not app.exception
    assert not app.error
