"""The presenter's view: large type, no sidebar, arrow keys that turn cards, and a way back."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, overflow

SIDEBAR = "[data-testid=stSidebar]"


def size(page):
    words = page.get_by_text("Does a network get better with every layer")
    return words.evaluate("words => parseFloat(getComputedStyle(words).fontSize)")


def test_a_teacher_presents_a_lesson_with_the_arrow_keys(open_page, screenshot):
    page = open_page("depth")
    before = size(page)
    page.locator(".st-key-begin_presentation button").click()
    expect(page.locator(SIDEBAR)).to_be_hidden()
    expect(page).to_have_url(re.compile("present=1"))
    assert size(page) > 1.2 * before
    assert overflow(page) <= 1
    page.locator(f"{MAIN} h1").click()  # no widget has the focus
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("depth_card=run"))
    settle(page)
    screenshot(page, "presenter-depth-en")
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(re.compile("depth_card"))
    settle(page)
    page.locator(".st-key-end_presentation button").click()
    expect(page.locator(SIDEBAR)).to_be_visible()
    assert size(page) == before


def test_a_link_opens_the_presentation_and_arrow_keys_in_a_drawing_stay_there(open_page):
    page = open_page("network", lang="ko", part="drawing", count_net="cifar-resnet20", present=1)
    expect(page.locator(SIDEBAR)).to_be_hidden()
    page.locator('.drawing [data-id="stages.0.0"]').focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(MAIN)).to_contain_text("발표 끝내기")
    assert "card" not in page.url
