"""A click is answered whole, also where a part of the page draws itself at that very moment."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.visitors.browser import Browser
from benchmarks.visitors.house import House

CLICKS = 60  # without ui/reruns.py about one in thirty has no end


async def clicks_answered(port):
    browser = Browser(port)
    assert await browser.open()
    answers = [await browser.choose("switch", number % 2 == 0, "toggle") for number in range(CLICKS)]
    await browser.close()
    return answers


@pytest.mark.slow
def test_every_click_has_an_end_on_a_server_that_is_late(tmp_path):
    script = Path(__file__).parent / "lagging" / "app.py"
    house = House(tmp_path, {}, script=str(script), ready="/_stcore/health")
    try:
        with ThreadPoolExecutor(1) as thread:  # Playwright has a loop of its own in the tests' thread
            assert thread.submit(asyncio.run, clicks_answered(house.port)).result() == [True] * CLICKS
    finally:
        left = house.close()
    assert left == []
