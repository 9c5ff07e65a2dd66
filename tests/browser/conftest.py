"""A real browser before a real server. Every page that a test opens is held to the same rules."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.reading import PATIENCE
from tests.browser.server import Server

SCREENSHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", MAC)  # .ci/browser looks for the same
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever a page asks of another host fails at once, on every machine alike.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
RESTING = "[data-testid=stApp][data-test-script-state=notRunning]"
expect.set_options(timeout=PATIENCE)
OURS = {"127.0.0.1", "localhost", ""}
# Opened at /train, Streamlit looks for its server below /train first, and the browser reports that nothing is there.
ASKED_IN_VAIN = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "The browser tests need Chromium or Chrome. `make test` says how to install it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server():
    """The server that most tests share."""
    server = Server("shared")
    yield server
    assert server.stop() == [], "the server left processes behind"


@pytest.fixture
def fresh_server(request):
    """A server that nobody has visited yet."""
    server = Server(request.node.name.partition("[")[0])
    yield server
    assert server.stop() == [], "the server left processes behind"


class Visit:
    """One page in one browser window, and everything about it that a visitor should never notice."""

    def __init__(self, page: Page, forgive: str):
        self.page = page
        self.forgive = forgive
        self.troubles: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("request", lambda request: self._watch(request.url))
        page.on("websocket", lambda socket: self._watch(socket.url))

    def _hear(self, message):
        asked_in_vain = ASKED_IN_VAIN.search(message.location["url"])
        forgiven = self.forgive and self.forgive in message.text
        if message.type == "error" and not asked_in_vain and not forgiven:
            self.troubles.append(f"console: {message.text} {message.location['url']}")

    def _watch(self, url):
        if (urlsplit(url).hostname or "") not in OURS:
            self.troubles.append(f"request to another host: {url}")

    def check(self):
        width = self.page.evaluate(
            "[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
            ".map(part => part ? part.scrollWidth - part.clientWidth : 0)"
        )
        assert max(width) <= 1, f"{self.page.url} is {max(width)} px wider than its window"
        assert self.troubles == []


def settle(page):
    """Wait until the page's script has run to its end."""
    page.wait_for_selector(RESTING)
    return page


@pytest.fixture
def open_page(browser, server, request):
    """Open a page: `open_page("train", lang="ko", size=(390, 844), scheme="dark", depth=20)`.

    `lang` goes into the link, `locale` is what the browser asks for, `forgive` is part of an error that is expected.
    When the test ends, every page it opened must be without errors, without requests to another host and without
    sideways scrolling.
    """
    if "fresh_server" in request.fixturenames:
        request.getfixturevalue("fresh_server")  # started before and so stopped after the pages are checked
    visits, windows = [], []

    def open_page(
        path="", *, lang=None, size=(1366, 768), scheme="light", locale="en-US", at=None, forgive="", **query
    ):
        window = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale=locale,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        window.set_default_timeout(PATIENCE)
        windows.append(window)
        visits.append(Visit(window.new_page(), forgive))
        settings = urlencode({**query, **({"lang": lang} if lang else {})})
        page = visits[-1].page
        page.goto(f"{(at or server).url}/{path}{'?' + settings if settings else ''}")
        settle(page)
        visits[-1].check()
        return page

    yield open_page
    for visit in visits:
        visit.check()
    for window in windows:
        window.close()


@pytest.fixture(scope="session")
def screenshot():
    """Keep a picture of a page, from its top to its end: `screenshot(page, "train-ko")`."""

    def screenshot(page, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        window = page.viewport_size
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": window["width"], "height": max(window["height"], min(height, 4000))})
        page.wait_for_timeout(150)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")
        page.set_viewport_size(window)
        return SCREENSHOTS / f"{name}.png"

    return screenshot
