"""A class on one server: visitors who toggle, train, upload, turn pages and lose their connections, and a dying worker.

    python benchmarks/classroom.py [--visitors 30] [--seconds 300] [--engine dask|inline] [--json]
    python benchmarks/classroom.py --cycles 300 --visitors 0
    python benchmarks/classroom.py --watch 1 10 --visitors 0

A real server with a home of its own, and visitors who speak the protocol of a browser over WebSockets and obey what a
browser obeys; see benchmarks/visitors. An interaction lasts from the click to the message that the script has ended.
`lost` counts runs that were reported lost and runs that nobody can account for. The visitors share the machine with the
server; `cores` says how much of it each side used.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

if not __package__:  # started as a file: the packages are one folder up
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.visitors.cycles import FORGETTING, come_and_go
from benchmarks.visitors.house import House
from benchmarks.visitors.lesson import hold
from benchmarks.visitors.student import PAUSE
from benchmarks.visitors.watching import watch


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--pause", type=float, default=PAUSE, help="seconds between two clicks of a visitor, on average"
    )
    parser.add_argument("--engine", choices=("dask", "inline"), default="dask")
    parser.add_argument("--cycles", type=int, default=0, help="connections opened and closed, to see memory stay flat")
    parser.add_argument(
        "--watch", type=int, nargs="*", default=(), help="viewers of one live run, to see what each costs"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    report = measure(
        asked.visitors, asked.seconds, asked.engine, asked.seed, asked.cycles, asked.watch, pause=asked.pause
    )
    print(
        json.dumps(report, indent=2) if asked.json else "\n".join(f"{name}: {value}" for name, value in report.items())
    )


def measure(
    visitors: int,
    seconds: float,
    engine: str = "dask",
    seed: int = 1,
    cycles: int = 0,
    viewers: Sequence[int] = (),
    pause: float = PAUSE,
) -> dict[str, Any]:
    """Hold a lesson of `visitors`, let viewers watch, and let `cycles` visitors come and go: what is asked, in turn.

    Each has a server of its own. The inline engine trains in one thread of the app's process.
    """
    settings = {"RESNET_LAB_ENGINE": engine, "RESNET_LAB_WORKERS": "2" if engine == "dask" else "1"}
    report: dict[str, Any] = {
        "engine": engine,
        "processors": os.cpu_count(),
        "visitors": visitors,
        "seconds": seconds,
        "pause": pause,
    }
    if visitors:
        report |= _serve(settings, lambda house: hold(house, visitors, seconds, seed, pause))
    if viewers:
        report["watching"] = _serve(settings, lambda house: watch(house, list(viewers)))
    if cycles:
        report["coming_and_going"] = _serve({**settings, **FORGETTING}, lambda house: come_and_go(house, cycles))
    return report


def _serve(settings: dict[str, str], work: Callable[[House], Coroutine[Any, Any, dict[str, Any]]]) -> dict[str, Any]:
    """Start a server, do the work, and end the server."""
    with tempfile.TemporaryDirectory(prefix="resnet-lab-classroom-") as folder:
        house = House(Path(folder), settings)
        try:
            report = asyncio.run(work(house))
        finally:
            left = house.close()
        return report | {"left_behind": left, "log_troubles": house.troubles()}


if __name__ == "__main__":
    main()
