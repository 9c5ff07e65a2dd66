"""What every page is held to, at a desk and on a phone: whole, readable by everybody, and kept as a picture."""

import re
import time

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, overflow

SOON = 5.0  # seconds
DESK, PHONE = (1366, 768), (390, 844)
# How a page is opened in each language; then it is looked at in the other size as well.
LOOKS = {"en": {"size": DESK, "scheme": "dark"}, "ko": {"size": PHONE, "scheme": "light"}}
BOTH = "/glossary"  # has both languages on it
KOREAN = re.compile("[가-힣]")
# Figures are drawn, and as wide as their places: after a change of the window they follow a little later.
DRAWN = """() => [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(figure => {
    const drawing = figure.querySelector(".main-svg")
    return drawing && Math.abs(drawing.clientWidth - figure.clientWidth) <= 2
})"""
# Text of a figure that reaches over the figure's edge is cut off there.
CUT_OFF = """figures => figures.flatMap(figure => {
    const edge = figure.getBoundingClientRect()
    return [...figure.querySelectorAll("svg.main-svg text")].filter(text => {
        const box = text.getBoundingClientRect()
        return box.width && Math.max(edge.left - box.left, box.right - edge.right) > 2
    }).map(text => text.textContent)
})"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
_axe = Axe()


def look_at(page, screenshot, name, lang):
    """Hold a page to it in both sizes, the one that it has and the other."""
    own = page.viewport_size["width"], page.viewport_size["height"]
    other = PHONE if own == DESK else DESK
    assert_whole(page, lang)
    found = soon_nothing(lambda: barriers(page))
    assert not found, found
    screenshot(page, f"{name}-{lang}-{own[0]}")
    page.set_viewport_size({"width": other[0], "height": other[1]})
    assert_whole(page, lang)
    screenshot(page, f"{name}-{lang}-{other[0]}")
    page.set_viewport_size({"width": own[0], "height": own[1]})
    settle(page)


def assert_whole(page, lang):
    """Drawn, in one language, without an error, and nothing cut off or wider than the window."""
    settle(page)
    page.wait_for_function(DRAWN)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator(f"{MAIN} [data-testid=stAlertContentError]").count() == 0
    assert page.locator(f"{MAIN} .katex-error").count() == 0
    if lang == "ko" or BOTH not in page.url:
        assert bool(KOREAN.search(page.locator(MAIN).inner_text())) == (lang == "ko")
    cut_off = soon_nothing(lambda: page.locator(f"{MAIN} .js-plotly-plot").evaluate_all(CUT_OFF))
    assert not cut_off, cut_off
    wider = soon_nothing(lambda: max(0, overflow(page) - 1))
    assert not wider, f"{wider} px wider than the window"


def soon_nothing(trouble):
    """A trouble that is soon over was none: colours fade in, and what follows the window's size needs a moment."""
    end = time.monotonic() + SOON
    while (found := trouble()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def barriers(page):
    """What axe-core holds against the page as serious or critical, by the rules of WCAG 2.1 A and AA."""
    page.wait_for_selector("[data-testid=stSidebarNavItems] > [role=listitem]", state="attached")
    found = _axe.run(page, options=RULES).response["violations"]
    return [
        (rule["id"], [f"{node['html'][:200]}: {node['failureSummary']}" for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
