"""The part of an engine that does not depend on where runs live: the interface, the lock and the keeper's thread.

Visitors' calls only read and write the book, so they return at once. One thread, the keeper, does everything that may
take a while: it reads what the workers reported, starts waiting runs, passes commands on and ends abandoned runs.
"""

import abc
import logging
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable

from resnet_core.engine.jobs import OwnedRun
from resnet_core.engine.ledger import Ledger
from resnet_core.engine.reports import Loss, Report
from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.worker import UNEXPECTED
from resnet_core.errors import EngineError
from resnet_core.recipe import RunSpec
from resnet_core.records import RunResult, RunUpdate

TICK = 0.25  # seconds between two rounds of the keeper when nothing happens
ROLL_CALL = 1.0  # seconds between two counts of the workers when nobody waits for one
CLOSING = 1.5  # seconds that running runs get to end by themselves when the engine closes

log = logging.getLogger(__name__)


class Desk(abc.ABC):
    """An Engine without a place for its runs: subclasses say where they live."""

    def __init__(self, settings: EngineSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._ledger = Ledger(settings, clock)
        self._lock = threading.Lock()
        self._inbox: deque[bytes | Loss] = deque()
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._problem = ""  # why the last round failed
        self._launched: set[str] = set()  # ids of runs that have been given to a worker and not let go of
        self._counted = -ROLL_CALL  # when the workers were counted
        self._keeper = threading.Thread(target=self._keep, name="engine keeper", daemon=True)
        self._keeper.start()

    def submit(self, spec: RunSpec, owner: str) -> str:
        """See Engine.submit."""
        with self._lock:
            if self._closed.is_set():
                raise EngineError("The server is shutting down. Start the run again when it is back.")
            if self._problem:
                raise EngineError("The processes that train cannot be reached at the moment. Try again in a minute.")
            run = self._ledger.admit(spec, owner)
        self._wake.set()
        return run.run_id

    def poll(self, run_id: str, since: int = 0) -> RunUpdate:
        """See Engine.poll."""
        with self._lock:
            return self._ledger.update(run_id, since)

    def runs_of(self, owner: str) -> tuple[OwnedRun, ...]:
        """See Engine.runs_of."""
        with self._lock:
            return self._ledger.runs_of(owner)

    def pause(self, run_id: str) -> None:
        """See Engine.pause."""
        with self._lock:
            self._ledger.want(run_id, "pause")
        self._wake.set()

    def resume(self, run_id: str) -> None:
        """See Engine.resume."""
        with self._lock:
            self._ledger.want(run_id, "go")
        self._wake.set()

    def stop(self, run_id: str) -> None:
        """See Engine.stop."""
        with self._lock:
            self._ledger.want(run_id, "stop")
        self._wake.set()

    def result(self, run_id: str) -> RunResult:
        """See Engine.result."""
        with self._lock:
            return self._ledger.result(run_id)

    def ready(self) -> bool:
        """See Engine.ready."""
        return self._ledger.places > 0 and not self._problem and not self._closed.is_set()

    def close(self) -> None:
        """See Engine.close. A second call does nothing."""
        with self._lock:
            if self._closed.is_set():
                return
            self._closed.set()
            self._ledger.end_all()
        self._wake.set()
        self._keeper.join()

    @abc.abstractmethod
    def _places(self) -> tuple[int, list[str]]:
        """How many workers there are, and the addresses of those that nobody else keeps busy.

        Gets hold of the workers first, where that has not been done or they were lost.
        """

    @abc.abstractmethod
    def _launch(self, run: Run) -> None:
        """Start a run at run.place. What comes of it goes to `_post`."""

    @abc.abstractmethod
    def _tell(self, run: Run) -> None:
        """Pass run.wanted on to the worker."""

    @abc.abstractmethod
    def _let_go(self, run_id: str) -> None:
        """Free what a run that has ended still holds. Its worker may be at work yet, if the run was lost."""

    @abc.abstractmethod
    def _shut(self) -> None:
        """Let go of the workers, leaving no process behind."""

    def _post(self, message: bytes | Loss) -> None:
        """Take a pickled report or a loss, in any thread, without waiting."""
        self._inbox.append(message)
        self._wake.set()

    def _keep(self) -> None:
        deadline = None
        while deadline is None or (time.monotonic() < deadline and self._ledger.active):
            try:
                self._round()
                self._problem = ""
            except Exception as problem:  # noqa: BLE001 - the keeper outlives whatever goes wrong in one round
                self._complain(problem)
                self._closed.wait(1.0)
            if self._closed.is_set() and deadline is None:
                deadline = time.monotonic() + CLOSING
            self._wake.wait(TICK)
            self._wake.clear()
        self._shut()

    def _complain(self, problem: Exception) -> None:
        if self._problem != repr(problem):
            log.error("The engine's keeper could not finish a round, and goes on trying", exc_info=problem)
        self._problem = repr(problem)

    def _round(self) -> None:
        self._read_inbox()
        with self._lock:
            self._ledger.expire()
            self._ledger.forget()
            active = {run.run_id for run in self._ledger.active}
            waiting = self._ledger.waiting
        for run_id in self._launched - active:
            self._let_go(run_id)
        self._launched &= active
        if not self._closed.is_set() and (waiting or time.monotonic() - self._counted >= ROLL_CALL):
            self._start_waiting()
        with self._lock:
            untold = self._ledger.untold()
        for run in untold:
            self._tell(run)

    def _read_inbox(self) -> None:
        while self._inbox:
            message = self._inbox.popleft()
            if isinstance(message, Loss):
                with self._lock:
                    known = self._ledger.lose(message)
                if known and message.log:
                    log.error("Run %s: %s", message.run_id, message.log)
                continue
            report: Report = pickle.loads(message)
            if report.ending and report.ending.traceback:
                log.error("Run %s failed\n%s", report.run_id, report.ending.traceback)
            with self._lock:
                self._ledger.apply(report, len(message))

    def _start_waiting(self) -> None:
        total, idle = self._places()
        self._counted = time.monotonic()
        with self._lock:
            self._ledger.places = total
            taken = {run.place for run in self._ledger.active}
            started = [run for place in idle if place not in taken and (run := self._ledger.start(place))]
        for run in started:
            self._launched.add(run.run_id)
            try:
                self._launch(run)
            except Exception as problem:  # noqa: BLE001 - a run that could not be started must not count as running
                self._post(Loss(run.run_id, "failed", UNEXPECTED, {"kind": type(problem).__name__}, repr(problem)))
