"""What the tests read off a page in a browser."""

import re

from playwright.sync_api import expect

from tests import waiting

PATIENCE = 1000 * waiting.PATIENCE  # in the milliseconds of Playwright
MAIN = "[data-testid=stMain]"
CURVES = """figure => figure._fullData.filter(trace => trace.visible === true).map(trace => [
    trace.name, Array.from(trace.x ?? [], String), Array.from(trace.y ?? [], String)
])"""


def chart(page, key):
    """A figure by its key, drawn."""
    figure = page.locator(f".st-key-{key} .js-plotly-plot")
    expect(figure.locator(".main-svg").first).to_be_visible(timeout=PATIENCE)
    return figure


def curves(page, key):
    """Name, x and y of every trace of a figure, as the browser has them."""
    return chart(page, key).evaluate(CURVES)


def unfold(page, words):
    """Open the fold that has these words, again if the page is drawn anew while it opens, as a visitor would."""
    fold = page.locator(f"{MAIN} [data-testid=stExpander]", has_text=words)

    def is_open():
        if fold.locator("[data-testid=stExpanderDetails]").get_attribute("inert") is not None:
            fold.locator("summary").click()
        page.wait_for_timeout(600)
        return fold.locator("[data-testid=stExpanderDetails]").get_attribute("inert") is None

    waiting.wait_for(is_open)
    return fold


def result(page, words):
    """The result sentence that has these words in it."""
    sentence = page.locator(f"{MAIN} [data-testid=stMarkdown] strong", has_text=words).first
    expect(sentence).to_be_visible(timeout=PATIENCE)
    return sentence.inner_text()


def overflow(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate(
        "Math.max(...[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth))"
    )


def steps_done(page):
    """The number of steps that the progress bar tells of, 0 before the first."""
    words = page.locator(f"{MAIN} [data-testid=stProgress]").first.inner_text(timeout=PATIENCE)
    return int((re.search(r"\d+", words) or ["0"])[0])


def past(page, step):
    """Wait until more than `step` steps are done."""

    def done():
        page.wait_for_timeout(200)
        return steps if (steps := steps_done(page)) > step else None

    return waiting.wait_for(done)
