"""Formulas in a browser: KaTeX understands them, their parts have the colours of their roles, and they fit a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import MAIN
from ui.charts.roles import letters

COLOURS = "parts => [...new Set(parts.map(part => getComputedStyle(part).color))]"


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_parts_of_a_formula_have_the_colours_of_the_visitors_ground(open_page, screenshot, scheme):
    page = open_page("lesions", scheme=scheme, lesions_card="why")
    expect(page.locator(f"{MAIN} .katex-display")).to_have_count(4)
    seen = page.locator(f"{MAIN} .katex-html .mord").evaluate_all(COLOURS)
    assert {rgb(letters(role, scheme)) for role in ("shortcut", "branch", "total")} < set(seen)
    assert page.locator(".katex-error").count() == 0
    screenshot(page, f"why-lesions-{scheme}")


def test_a_long_formula_goes_on_in_a_second_line_on_a_phone(open_page, screenshot):
    page = open_page("gradients", lang="ko", scheme="dark", size=(390, 844), gradients_card="why")
    displayed = page.locator(f"{MAIN} .katex-display")
    expect(displayed).to_have_count(2)
    assert displayed.evaluate_all("all => Math.max(...all.map(one => one.scrollWidth - one.clientWidth))") <= 1
    assert page.locator(".katex-error").count() == 0
    screenshot(page, "why-gradients-phone-dark-ko")
