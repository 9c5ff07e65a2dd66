"""Every lesson, card by card, as a student and as a teacher, in both languages: numbers, looks, and who is shut out."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.facts import FACTS
from tests.browser.looking import LOOKS, assert_whole, look_at
from tests.browser.reading import MAIN
from tests.browser.server import Server
from ui.places import LESSONS

SAID = {"en": ("You said:", "These numbers"), "ko": ("당신의 예상:", "이 숫자")}
LOCKED = {"en": "Set by your teacher", "ko": "선생님이 정한"}
CARDS = ("run", "why", "disputed", "home")


@pytest.fixture(scope="module")
def quiet_server():
    """One on which nobody has asked a lesson's question again: each shows what was recorded."""
    server = Server("walk")
    yield server
    assert server.stop() == [], "the server left processes behind"


def told(page):
    """Every result sentence of the page, as one text."""
    expect(page.locator(f"{MAIN} [data-testid=stAlert]").last).to_be_visible()
    return " ".join(page.locator(f"{MAIN} [data-testid=stMarkdown] strong").all_inner_texts())


def assert_told(page, lesson):
    words = told(page)
    for number in FACTS[lesson]():
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", words), f"{number} is not in: {words}"


def at(page, lesson, card):
    expect(page).to_have_url(re.compile(rf"/{lesson}\?.*{lesson}_card={card}(&|$)"))
    settle(page)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LOOKS)
def test_a_student_walks_through_the_course(open_page, screenshot, quiet_server, lang):
    """From card to card and from lesson to lesson by what a student would click."""
    page = open_page(LESSONS[0], at=quiet_server, lang=lang, **LOOKS[lang])
    for place, lesson in enumerate(LESSONS):
        expect(page).to_have_url(re.compile(rf"/{lesson}\?"))
        settle(page)
        look_at(page, screenshot, f"lesson-{lesson}-predict", lang)
        page.locator(f"{MAIN} [data-testid=stRadio] [role=radiogroup] label").first.click()
        for card in CARDS:
            page.locator(".st-key-card_next button").click()
            at(page, lesson, card)
            if card == "run":
                assert_told(page, lesson)
                verdict = page.locator(f"{MAIN} [data-testid=stAlert]").last
                for words in SAID[lang]:
                    expect(verdict).to_contain_text(words)
            look_at(page, screenshot, f"lesson-{lesson}-{card}", lang)
        if place + 1 < len(LESSONS):
            page.locator(f"{MAIN} [data-testid=stPageLink] a").last.click()
    assert quiet_server.journal.read_text() == "", "the server reached out to somebody"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LOOKS)
def test_a_teacher_shows_the_course_by_arrow_keys(open_page, quiet_server, lang):
    """By a link for the class: settings locked, other parts hidden, large type, no widget under the keys."""
    page = open_page(at=quiet_server, lang=lang)
    for lesson in LESSONS:
        page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/{lesson}?lang={lang}&present=1&locked=1&only=1")
        settle(page)
        expect(page.get_by_text(LOCKED[lang])).to_be_visible()
        expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
        expect(page.locator(f"{MAIN} .st-key-part")).to_have_count(0)
        page.locator(f"{MAIN} h1").click()
        page.wait_for_function("window.resnetLabKeys")  # a key that is pressed before its listener is there is lost
        for card in CARDS:
            page.keyboard.press("ArrowRight")
            at(page, lesson, card)
            if card == "run":
                assert_told(page, lesson)
                assert_whole(page, lang)


def test_every_lesson_is_walked():
    assert tuple(FACTS) == LESSONS
