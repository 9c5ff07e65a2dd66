"""How long until a lesson shows its first picture? Cold, warm, and from Continue to the picture of the next card.

    python -m benchmarks.lessons [--visits 3] [--json]

A real server and a real browser on this machine. First: each lesson's run card on a server that nobody has asked for it
before; the first of all on one that has just said it is healthy. Warm: once more, in a window of its own with an empty
cache. Again: in a window that has shown other pages of the app. Continue: from a click on the first card, after three
seconds of reading, to the picture of the second. A picture counts as soon as it is drawn.
"""

import argparse
import json
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from benchmarks.app import IDLE, free_port, start, wait
from ui.places import LESSONS

LIMIT = 90_000  # ms
READING = 3_000  # ms
# From the beginning of the navigation, or from the last click, to the frame in which a figure stands.
SEEN = """
(from) => new Promise((done) => {
  const look = () => document.querySelector('[data-testid=stMain] .js-plotly-plot .main-svg')
    ? requestAnimationFrame(() => done(performance.now() - (from ? window.clicked : 0)))
    : requestAnimationFrame(look)
  look()
})
"""
CLICKED = "document.addEventListener('click', () => { window.clicked = performance.now() }, { capture: true })"


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    result = measure(asked.visits)
    if asked.json:
        print(json.dumps(result, indent=2))
        return
    print(f"{'milliseconds':<14}{'first':>9}{'warm':>9}{'again':>9}{'Continue':>9}")
    for lesson, row in result.items():
        print(f"{lesson:<14}" + "".join(f"{time:>9.0f}" for time in row.values()))


def measure(visits: int) -> dict[str, dict[str, float]]:
    """For each lesson: its first visit, and medians of three later ways to its picture. The very first is cold."""
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        port = free_port()
        server = start(port)
        try:
            found = {}
            for place, lesson in enumerate(LESSONS):
                address = f"http://127.0.0.1:{port}/{lesson}"
                first = _open(browser, f"{address}?{lesson}_card=run")
                if not place:
                    wait(f"http://127.0.0.1:{port}/readyz")  # the workers start up meanwhile
                    time.sleep(3)
                warm = [_open(browser, f"{address}?{lesson}_card=run") for _ in range(visits)]
                turned = [_turn(browser, address) for _ in range(visits)]
                found[lesson] = {
                    "first": first,
                    "warm": statistics.median(warm),
                    "again": _again(browser, f"{address}?{lesson}_card=run", visits),
                    "continue": statistics.median(turned),
                }
            return found
        finally:
            server.terminate()
            server.wait(30)
            browser.close()


@contextmanager
def _window(browser: Browser) -> Iterator:
    window = browser.new_context(viewport={"width": 1366, "height": 768})
    window.set_default_timeout(LIMIT)
    yield window.new_page()
    window.close()


def _open(browser: Browser, address: str) -> float:
    with _window(browser) as page:
        page.goto(address, wait_until="commit")
        return page.evaluate(SEEN, False)


def _again(browser: Browser, address: str, visits: int) -> float:
    with _window(browser) as page:
        times = []
        for _ in range(visits + 2):  # a browser keeps compiled scripts from the third visit on
            page.goto(address, wait_until="commit")
            times.append(page.evaluate(SEEN, False))
            page.wait_for_selector(IDLE)
        return statistics.median(times[2:])


def _turn(browser: Browser, address: str) -> float:
    with _window(browser) as page:
        page.goto(address)
        page.wait_for_selector(IDLE)
        page.wait_for_timeout(READING)
        page.evaluate(CLICKED)
        page.locator(".st-key-card_next button").click()
        return page.evaluate(SEEN, True)


if __name__ == "__main__":
    main()
