"""A thread that writes ended runs to the archive, so that nobody waits for the disk."""

import logging
import queue
import threading
from collections.abc import Callable

from resnet_core.engine.jobs import Archive
from resnet_core.engine.runs import Run
from resnet_core.errors import EngineError, StoreError
from resnet_core.recipe import RunSpec
from resnet_core.records import RunResult

log = logging.getLogger(__name__)


class Archivist:
    """Writes runs one after the other. What cannot be written is logged, and stays in memory for a while.

    Args:
        archive: where to.
        whole: gathers a run that has ended; None where there is nothing to keep.
        kept: is told the ids of the runs that are written.
    """

    def __init__(self, archive: Archive, whole: Callable[[Run], RunResult | None], kept: Callable[[str], None]) -> None:
        self._archive, self._whole, self._kept = archive, whole, kept
        self._queue: queue.SimpleQueue[Run | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="engine archivist", daemon=True)
        self._thread.start()

    def add(self, run: Run) -> None:
        """Write an ended run as soon as its turn comes."""
        self._queue.put(run)

    def result(self, run_id: str) -> RunResult:
        """Read what was written.

        Raises:
            EngineError: it is not there any more, or cannot be read.
        """
        try:
            return self._archive.result(run_id)
        except StoreError as problem:
            raise EngineError(problem.message, **problem.values) from problem

    def close(self, seconds: float) -> None:
        """Write what there is, for so many seconds at most, and stop."""
        self._queue.put(None)
        self._thread.join(seconds)

    def _write_all(self) -> None:
        while (run := self._queue.get()) is not None:
            try:
                result = self._whole(run)
                if result is not None:
                    assert isinstance(run.spec, RunSpec)  # an inquiry shows no records, so it does not come here
                    self._archive.keep(run.run_id, run.owner, run.spec, result)
                    self._kept(run.run_id)
            except Exception:
                log.exception("Run %s could not be kept; it stays in memory for a while", run.run_id)
