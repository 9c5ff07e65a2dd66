"""The frame around every page: it comes up, speaks both languages, keeps its links, and talks to nobody else."""

import re

import pytest
from playwright.sync_api import expect

from tests.addresses import PATHS
from tests.browser.conftest import settle
from ui.components.document.early import figure_script

KOREAN = re.compile("[가-힣]")
LINKS = "[data-testid=stSidebarNav] a"


def test_the_server_is_healthy_and_ready_to_train(server):
    assert server.get("/_stcore/health") == (200, "ok")
    server.wait_for("/readyz")


@pytest.mark.slow
def test_a_deep_link_on_a_server_nobody_has_visited_keeps_frame_language_and_settings(open_page, fresh_server):
    page = open_page("gradients", part="profile", lang="ko", at=fresh_server, depth=20)
    expect(page.locator(LINKS)).to_have_count(len(PATHS))
    assert all(KOREAN.search(title) for title in page.locator(LINKS).all_inner_texts()[:3])
    assert "lang=ko" in page.url
    assert "depth=20" in page.url
    expect(page.locator(".st-key-depth")).to_contain_text("20")


@pytest.mark.slow
def test_the_same_link_draws_the_same_figure_in_another_browser(open_page):
    link = {"part": "profile", "depth": 20, "seed": 3, "seeds": 1}  # further seeds come in one by one
    first, second = drawn_lines(open_page("gradients", **link)), drawn_lines(open_page("gradients", **link))
    assert len(first) >= 2
    assert first == second
    assert drawn_lines(open_page("gradients", **{**link, "seed": 4})) != first


def drawn_lines(page):
    """The curves of the first figure, as they were drawn."""
    figure = page.locator("[data-testid=stMain] .js-plotly-plot").first
    expect(figure).to_be_visible()
    return figure.locator("path.js-line").evaluate_all("lines => lines.map(line => line.getAttribute('d'))")


def test_the_language_follows_the_browser_until_the_visitor_chooses(open_page):
    page = open_page(locale="ko-KR")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert KOREAN.search(page.locator(LINKS).first.inner_text())
    assert "lang" not in page.url
    page.locator(".st-key-lang").get_by_text("English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile("lang=en"))


def test_the_chosen_language_stays_from_page_to_page(open_page):
    page = open_page(lang="ko")
    page.locator(f"{LINKS}[href*=gradients]").click()
    page.wait_for_url("**/gradients**")
    expect(page).to_have_url(re.compile("lang=ko"))
    settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_a_language_that_does_not_exist_reads_as_english(open_page):
    page = open_page(lang="xx")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_address_that_does_not_exist_still_shows_the_way(open_page):
    page = open_page("no-such-page", forgive="does not seem to exist")
    expect(page.locator(LINKS)).to_have_count(len(PATHS))


def test_type_is_readable_from_the_back_row(open_page):
    page = open_page()
    sizes = page.locator("[data-testid=stMain] p").evaluate_all(
        "all => all.map(p => parseFloat(getComputedStyle(p).fontSize))"
    )
    assert sizes
    assert min(sizes) >= 16


def test_fonts_come_from_the_visitors_system(open_page):
    page = open_page()
    family = page.locator("[data-testid=stApp]").evaluate("app => getComputedStyle(app).fontFamily")
    assert "Noto Sans KR" in family
    assert "Malgun Gothic" in family


def test_what_draws_figures_is_made_ready_on_a_page_without_a_figure(open_page):
    page = open_page("glossary")
    script = re.escape(figure_script().rpartition("/")[2])
    page.wait_for_function(f"performance.getEntriesByType('resource').some(entry => /{script}$/.test(entry.name))")
    assert page.locator(".js-plotly-plot").count() == 0
