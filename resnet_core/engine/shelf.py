"""The runs that have ended: for a while they can still be read, and those with something to show go to the archive."""

from collections.abc import Callable
from dataclasses import replace

from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings


class Shelf:
    """Ended runs. Not safe for several threads: the desk holds a lock around it."""

    def __init__(self, settings: EngineSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._runs: dict[str, Run] = {}
        self._to_archive: list[Run] = []

    def add(self, run: Run) -> None:
        """Take a run that has just ended."""
        self._runs[run.run_id] = run
        if run.records:
            self._to_archive.append(run)

    def to_archive(self) -> list[Run]:
        """Runs that have ended since the last call and have something to show."""
        runs, self._to_archive = self._to_archive, []
        return runs

    def archived(self, run_id: str) -> None:
        """Drop the weights of a run that is in the archive now."""
        run = self._runs.get(run_id)
        if run is not None and run.ending is not None:
            run.archived = True
            run.size -= sum(map(len, run.ending.weights))
            run.ending = replace(run.ending, weights=())

    def forget(self) -> list[Run]:
        """Drop the runs nobody has looked at for long, and the oldest where they take up too much; return them."""
        oldest_first = sorted(self._runs.values(), key=lambda run: run.watched)
        runs, size = len(oldest_first), sum(run.size for run in oldest_first)
        forgotten = []
        for run in oldest_first:
            too_much = runs > self._settings.keep_runs or size > self._settings.keep_bytes
            if not too_much and run.watched >= self._clock() - self._settings.keep_seconds:
                break
            forgotten.append(self._runs.pop(run.run_id))
            runs, size = runs - 1, size - run.size
        return forgotten
