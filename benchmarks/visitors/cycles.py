"""Does the server's memory stay flat when visitors come and go?"""

import asyncio
from typing import Any

from benchmarks.visitors.browser import Browser
from benchmarks.visitors.house import House
from benchmarks.visitors.lesson import prepare
from benchmarks.visitors.scales import resident_mb

FORGETTING = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "5"}  # seconds; usually 120
SETTLING = 12.0  # seconds until the last session has been forgotten
WARM_UP = 100  # visits until the caches are full
PAGES = ("train", "gradients", "maps", "shortcuts", "")
AT_ONCE = 3


async def come_and_go(house: House, count: int) -> dict[str, Any]:
    """Let `count` new visitors open a page, one after the other, and weigh the server before and after."""
    await prepare(house)
    await _visits(house, min(WARM_UP, count))
    await asyncio.sleep(SETTLING)
    await _visits(house, AT_ONCE)  # a server forgets only when somebody comes
    before = resident_mb(house.process)
    answered = await _visits(house, count)
    busiest = resident_mb(house.process)
    await asyncio.sleep(SETTLING)
    await _visits(house, AT_ONCE)
    after = resident_mb(house.process)
    return {
        "cycles": count,
        "cycles_answered": answered,
        "memory_before_mb": round(before, 1),
        "memory_at_the_end_mb": round(busiest, 1),
        "memory_after_mb": round(after, 1),
        "memory_growth": round(after / before - 1, 4),
    }


async def _visits(house: House, count: int) -> int:
    gate = asyncio.Semaphore(AT_ONCE)

    async def visit(number: int) -> bool:
        async with gate:
            tab = Browser(house.port)
            # The profile is a part of the gradients; other pages have none of that name and show their first.
            came = await tab.open(PAGES[number % len(PAGES)], "part=profile")
            if tab.screen.find("bn"):
                came &= await tab.choose("bn", False, "toggle")
            await (tab.drop() if number % 2 else tab.close())
            return came

    return sum(await asyncio.gather(*map(visit, range(count))))
