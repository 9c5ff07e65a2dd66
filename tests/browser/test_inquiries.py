"""An experiment before a real browser: asked on a click, watched, cancelled, and shared with whoever asks the same."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN

SMALL = {"part": "identity", "identity_deep": 4, "identity_steps": 60, "identity_seeds": 1}
FIGURE = f"{MAIN} .js-plotly-plot .main-svg:first-child"


@pytest.mark.slow
def test_an_experiment_is_asked_once_and_its_answer_is_everybodys(open_page, screenshot):
    page = open_page("depth", **SMALL)
    expect(page.locator(FIGURE)).to_have_count(0)
    page.get_by_role("button", name="Run it now").click()
    expect(page.get_by_role("button", name="Take it home")).to_be_visible()
    expect(page.locator(FIGURE).first).to_be_visible()
    screenshot(page, "experiment-finished")
    other = open_page("depth", lang="ko", size=(390, 844), **SMALL)
    expect(other.locator(FIGURE).first).to_be_visible()  # without a click
    expect(other.get_by_role("button", name="지금 실행")).to_have_count(0)
    screenshot(other, "experiment-finished-ko-phone")


@pytest.mark.slow
def test_an_experiment_that_takes_long_shows_how_far_it_is_and_can_be_cancelled(open_page, screenshot):
    page = open_page("depth", part="degradation")
    page.get_by_role("button", name="Run it now").click()
    expect(page.locator(f"{MAIN} [data-testid=stProgress]")).to_contain_text("done")
    screenshot(page, "experiment-running")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(f"{MAIN} [data-testid=stAlert]")).to_contain_text("Cancelled at")
    settle(page)
    expect(page.get_by_role("button", name="Run it now")).to_be_visible()
    shown = page.locator(".st-key-shown_degradation").get_by_role("radio")
    expect(shown.nth(0)).to_be_checked()  # what was computed until then
    other = open_page("depth", part="degradation")
    expect(other.locator(".st-key-shown_degradation").get_by_role("radio").nth(1)).to_be_checked()
    expect(other.locator(MAIN)).to_contain_text("Recorded answer")
    expect(other.locator(FIGURE).first).to_be_visible()


@pytest.mark.slow
def test_what_is_taken_home_is_a_file_for_this_question(open_page, tmp_path):
    page = open_page("gradients", part="shattered")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take it home").click()
    assert download.value.suggested_filename == "resnet-lab-shattered-gradients.zip"
    assert download.value.path().read_bytes()[:2] == b"PK"
