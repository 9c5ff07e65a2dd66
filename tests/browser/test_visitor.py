"""A browser is known again by a random number of its own, and finds its run after a reload."""

import re
import urllib.request
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, past, steps_done
from tests.browser.server import Server
from ui.visitor import COOKIE

LONG = {"race": "vanishing", "data": "digits", "width": 4, "steps": 2000}


def given(url, **headers):
    """The cookies that an address hands out."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
        return [cookie for cookie in answer.headers.get_all("set-cookie") or [] if cookie.startswith(COOKIE)]


def test_a_page_gives_each_stranger_another_number_that_no_script_can_read(server):
    first, second = given(server.url + "/train"), given(server.url + "/")
    assert len(first) == len(second) == 1
    assert first != second
    assert re.match(rf"{COOKIE}=[0-9a-f]{{32}};", first[0])
    assert "HttpOnly" in first[0]
    assert "SameSite=Lax" in first[0]


def test_a_known_browser_keeps_its_number_and_a_made_up_one_is_replaced(server):
    assert given(server.url, Cookie=f"a=b; {COOKIE}={'0123456789abcdef' * 2}") == []
    assert len(given(server.url, Cookie=f"{COOKIE}=teacher")) == 1


def test_what_is_not_a_page_gives_no_number(server):
    assert given(server.url + "/_stcore/health") == []
    server.wait_for("/readyz")
    assert given(server.url + "/readyz") == []


@pytest.mark.slow
def test_a_reload_finds_the_run_and_goes_on_watching_it(open_page):
    page = open_page("train", **LONG)
    page.locator(".st-key-start_train button").click()
    past(page, 2)
    before = steps_done(page)
    page.reload()
    settle(page)
    past(page, before)
    expect(page.locator(".monitor canvas")).to_have_count(7)
    page.locator(".st-key-stop_train button").click()
    page.get_by_text("Stopped after").wait_for()


@pytest.mark.slow
def test_another_browser_sees_nothing_of_it(open_page):
    page = open_page("train", **LONG)
    page.locator(".st-key-start_train button").click()
    page.locator(".st-key-stop_train button").wait_for()
    other = open_page("train", **LONG)
    expect(other.get_by_text("Press Train: then all of it is computed now.")).to_have_count(1)
    assert other.locator(".st-key-stop_train").count() == 0
    page.locator(".st-key-stop_train button").click()
    page.get_by_text("Stopped after").wait_for()


@pytest.fixture
def strict_server(monkeypatch):
    """One worker, and a grace that a test can wait for."""
    monkeypatch.setenv("RESNET_LAB_GRACE", "8")
    monkeypatch.setenv("RESNET_LAB_WORKERS", "1")
    server = Server("strict")
    yield server
    assert server.stop() == [], "the server left processes behind"


@pytest.mark.slow
def test_a_silent_tab_keeps_its_run_and_a_closed_one_makes_room(strict_server, open_page):
    silent = open_page("train", at=strict_server, **LONG)
    silent.clock.install()
    silent.locator(".st-key-start_train button").click()
    before = past(silent, 2)
    silent.clock.pause_at(datetime.now() + timedelta(seconds=1))  # as a browser stops a tab that nobody looks at
    other = open_page("train", at=strict_server, **LONG)
    other.locator(".st-key-start_train button").click()
    waiting = other.locator(f"{MAIN} [data-testid=stProgress]").first
    for _ in range(14):  # seconds, well past the grace
        other.wait_for_timeout(1000)
        expect(waiting).to_contain_text("Waiting: number 1")
    silent.clock.resume()
    past(silent, before)
    silent.goto("about:blank")
    past(other, 2)
    other.locator(".st-key-stop_train button").click()
    other.get_by_text("Stopped after").wait_for()
