"""Two ways to show a run live, beside each other: the canvas component with deltas, and Plotly figures sent again.

    python -m benchmarks.live_charts [--viewers 1 10] [--seconds 15] [--json]

A server shows a recorded run as if it went on, by either route, and refreshes it every 0.7 s for viewers who speak the
protocol of a browser. Bytes are those of the WebSocket; processor time is the server's.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

from benchmarks.visitors.browser import Browser
from benchmarks.visitors.house import House, seconds

SCRIPT = str(Path(__file__).with_name("live_charts_page.py"))
ROUTES = ("nothing", "component", "plotly")


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = [measure(route, viewers, asked.seconds) for route in ROUTES for viewers in asked.viewers]
    print(json.dumps(rows, indent=2) if asked.json else "\n".join(map(str, rows)))


def measure(route: str, viewers: int, span: float) -> dict[str, object]:
    """Start a server for one route and let so many look at it."""
    with tempfile.TemporaryDirectory(prefix="resnet-lab-charts-") as folder:
        house = House(Path(folder), {}, SCRIPT, "/_stcore/health")
        try:
            return {"route": route, "viewers": viewers} | asyncio.run(_look(house, route, viewers, span))
        finally:
            house.close()


async def _look(house: House, route: str, viewers: int, span: float) -> dict[str, object]:
    tabs = [Browser(house.port) for _ in range(viewers)]
    for tab in tabs:
        await tab.open("", f"route={route}")
        await asyncio.sleep(0.7 / viewers)  # not all at the same moment
    await asyncio.sleep(2)
    sent, refreshes = sum(tab.bytes for tab in tabs), sum(tab.refreshes for tab in tabs)
    used, begin = seconds(house.process), time.perf_counter()
    await asyncio.sleep(span)
    used, wall = seconds(house.process) - used, time.perf_counter() - begin
    sent, refreshes = sum(tab.bytes for tab in tabs) - sent, max(1, sum(tab.refreshes for tab in tabs) - refreshes)
    await asyncio.gather(*(tab.close() for tab in tabs))
    return {
        "kilobytes_per_refresh": round(sent / refreshes / 1000, 1),
        "cpu_ms_per_refresh": round(1000 * used / refreshes, 1),
        "cpu_per_viewer": round(used / wall / viewers, 3),
        "refreshes_done": round(refreshes / (wall / 0.7 * viewers), 2),
    }


if __name__ == "__main__":
    main()
