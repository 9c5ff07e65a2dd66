"""How soon do commands and misfortunes show? Latencies of the real engine with real training on all its workers.

    python -m benchmarks.engine [--depth 20] [--stops 20] [--pauses 10] [--kills 5] [--json]

Seconds as a visitor's poll sees them, asked every 10 ms: from stop() to "stopped", from pause() to "paused", from the
kill of a worker to the note about it, and from there to the first record that the visitor did not have yet.
"""

import argparse
import json
import os
import random
import signal
import statistics
import time
from collections.abc import Callable

from resnet_core.config import ResNetConfig
from resnet_core.engine.dask_engine import DaskEngine
from resnet_core.engine.settings import EngineSettings
from resnet_core.recipe import RunSpec, TrainConfig
from resnet_core.records import RunUpdate

PATIENCE = 120.0  # seconds after which something is wrong
WORKERS = 2
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=20)
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--pauses", type=int, default=10)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    engine = DaskEngine(workers=WORKERS, address="", settings=EngineSettings(grace=600.0))
    try:
        figures = Bench(engine, asked.depth).measure(asked.stops, asked.pauses, asked.kills)
    finally:
        engine.close()
    print(json.dumps(figures, indent=2) if asked.json else table(figures))


class Bench:
    """Two visitors whose runs keep both workers busy; what is measured happens to one of them, drawn by lot."""

    def __init__(self, engine: DaskEngine, depth: int) -> None:
        blocks = (depth - 2) // 6
        network = ResNetConfig(depths=(blocks,) * 3, in_channels=1)
        self._spec = RunSpec(networks=(network,), training=TrainConfig(steps=20_000))
        self._engine = engine
        self._chance = random.Random(0)
        self._runs = [engine.submit(self._spec, str(owner)) for owner in range(WORKERS)]

    def measure(self, stops: int, pauses: int, kills: int) -> dict[str, list[float]]:
        """Seconds of each kind, in the order in which they were measured."""
        figures: dict[str, list[float]] = {"stop": [], "pause": [], "kill to note": [], "note to new record": []}
        for _ in range(pauses):
            figures["pause"].append(self._pause())
        for _ in range(kills):
            noted, restarted = self._kill()
            figures["kill to note"].append(noted)
            figures["note to new record"].append(restarted)
        for _ in range(stops):
            figures["stop"].append(self._stop())
        return figures

    def _stop(self) -> float:
        index = self._pick()
        run_id = self._runs[index]
        seconds = self._after(lambda: self._engine.stop(run_id), run_id, lambda update: update.state == "stopped")
        self._runs[index] = self._engine.submit(self._spec, str(index))
        return seconds

    def _pause(self) -> float:
        run_id = self._runs[self._pick()]
        seconds = self._after(lambda: self._engine.pause(run_id), run_id, lambda update: update.state == "paused")
        self._after(lambda: self._engine.resume(run_id), run_id, lambda update: update.state == "running")
        return seconds

    def _kill(self) -> tuple[float, float]:
        index = self._pick()
        self._engine.stop(self._runs[index])  # a run has few lives, so this happens to a new one each time
        self._runs[index] = run_id = self._engine.submit(self._spec, str(index))
        page = self._engine._ledger.find(run_id)  # visitors have no business with processes
        self._wait(lambda: page.saved is not None)
        noted = self._after(lambda: os.kill(page.pid, KILL), run_id, lambda update: bool(update.note))
        known = len(self._engine.poll(run_id).records)
        return noted, self._after(lambda: None, run_id, lambda update: len(update.records) > known)

    def _pick(self) -> int:
        """A run by lot, once both have taken some steps, after a moment of no particular length."""
        for run_id in self._runs:
            self._wait(lambda run_id=run_id: len(self._engine.poll(run_id).records) > 3)
        time.sleep(self._chance.random())
        return self._chance.randrange(WORKERS)

    def _after(self, act: Callable[[], object], run_id: str, seen: Callable[[RunUpdate], bool]) -> float:
        begin = time.monotonic()
        act()
        self._wait(lambda: seen(self._engine.poll(run_id)))
        return time.monotonic() - begin

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("the engine does not do what it should")
            for run_id in self._runs:  # somebody watches them all
                self._engine.poll(run_id, 10**6)
            time.sleep(0.01)


def table(figures: dict[str, list[float]]) -> str:
    """Quantiles in seconds as Markdown."""
    lines = ["| seconds | p50 | p95 | most | n |", "| --- | --- | --- | --- | --- |"]
    for name, seconds in figures.items():
        if seconds:
            p95 = sorted(seconds)[min(len(seconds) - 1, round(0.95 * len(seconds)))]
            lines.append(
                f"| {name} | {statistics.median(seconds):.2f} | {p95:.2f} | {max(seconds):.2f} | {len(seconds)} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
