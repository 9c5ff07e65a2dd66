"""What a viewer of a live run costs the server: bytes at each refresh, and processor time."""

import asyncio
import time
from typing import Any

from benchmarks.visitors.browser import Browser
from benchmarks.visitors.house import House, seconds

LONG = "steps=2000"  # a run of the usual size that outlives the measurement
PATIENCE = 60.0  # seconds for the first step


async def watch(house: House, viewers: list[int], span: float = 15.0) -> dict[str, Any]:
    """Begin a run and let so many tabs of its visitor look at it, `span` seconds for each number of viewers."""
    first = Browser(house.port)
    await first.open("train", LONG)
    await first.press("start_train", "train")
    end = time.perf_counter() + PATIENCE
    while not any(thing.key.startswith("monitor_") for thing in first.screen.of_kind("bidi_component")):
        if time.perf_counter() > end:
            raise TimeoutError("the run has not begun")
        await asyncio.sleep(0.2)
    rows = [await _look(house, first, number, span) for number in sorted(viewers)]
    await first.press("stop_train", "stop")
    await first.close()
    few, many = rows[0], rows[-1]
    more = many["viewers"] - few["viewers"]
    each = (many["server_cpu"] - few["server_cpu"]) / more if more else None
    return {
        "viewers": rows,
        "cpu_per_viewer": None if each is None else round(each, 4),
        "bytes_per_refresh": many["bytes_per_refresh"],
    }


async def _look(house: House, first: Browser, number: int, span: float) -> dict[str, Any]:
    others = [Browser(house.port, dict(first.cookies)) for _ in range(number - 1)]
    await asyncio.gather(*(tab.open("train", LONG) for tab in others))
    await asyncio.sleep(3)
    tabs = [first, *others]
    before = [(tab.bytes, tab.refreshes) for tab in tabs]
    used, begin = seconds(house.process), time.perf_counter()
    await asyncio.sleep(span)
    used, wall = seconds(house.process) - used, time.perf_counter() - begin
    sent = sum(tab.bytes - then[0] for tab, then in zip(tabs, before, strict=True))
    refreshes = sum(tab.refreshes - then[1] for tab, then in zip(tabs, before, strict=True))
    await asyncio.gather(*(tab.close() for tab in others))
    return {
        "viewers": number,
        "server_cpu": round(used / wall, 4),
        "bytes_per_refresh": round(sent / max(1, refreshes)),
        "cpu_ms_per_refresh": round(1000 * used / max(1, refreshes), 2),
        "refreshes_per_viewer_and_second": round(refreshes / wall / number, 2),
    }
