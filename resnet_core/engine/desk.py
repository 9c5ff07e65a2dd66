"""The part of an engine that does not depend on where runs live: the interface, the lock and the keeper's thread.

Visitors' calls only read and write the book, so they return at once. One thread, the keeper, does everything that may
take a while: it reads what the workers reported, starts waiting runs, passes commands on and ends abandoned runs.
"""

import logging
import pickle
import threading
import time
from collections.abc import Callable

from resnet_core.engine.archivist import Archivist
from resnet_core.engine.jobs import Archive, Job, OwnedRun
from resnet_core.engine.ledger import Ledger
from resnet_core.engine.places import Places
from resnet_core.engine.reports import Fetched, Loss, Report, Roster
from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.worker import UNEXPECTED
from resnet_core.errors import EngineError
from resnet_core.records import RunResult, RunUpdate

TICK = 0.25  # seconds between two rounds of the keeper when nothing happens
ROLL_CALL = 1.0  # seconds between two counts of the workers when nobody waits for one
SHORT = 0.1  # the same where somebody does
CLOSING = 1.5  # seconds that running runs get to end by themselves when the engine closes
ARCHIVING = 3.0  # seconds that the archive gets then

log = logging.getLogger(__name__)


class Desk(Places):
    """An Engine without a place for its runs: subclasses say where they live."""

    def __init__(
        self, settings: EngineSettings, archive: Archive | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        super().__init__()
        self._ledger = Ledger(settings, clock)
        self._lock = threading.Lock()
        self._archivist = Archivist(archive, self._whole, self._archived) if archive else None
        self._closed = threading.Event()
        self._problem = ""  # why the last round failed
        self._launched: set[str] = set()  # keys of runs that have been given to a worker and not let go of
        self._counting = False  # the workers have been asked for and have not answered
        self._counted = -ROLL_CALL  # when they were asked for last
        self._keeper = threading.Thread(target=self._keep, name="engine keeper", daemon=True)
        self._keeper.start()

    def submit(self, spec: Job, owner: str) -> str:
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
            run, _ = self._ledger.ended(run_id)
        if (result := self._whole(run)) and result.weights:
            return result
        raise EngineError(
            "This run left no weights: it is {state}. What it has shown can still be seen.", state=run.state
        )

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
        if self._archivist:
            self._archivist.close(ARCHIVING)
        self._spool.close()

    def _keep(self) -> None:
        deadline = None
        while deadline is None or (time.monotonic() < deadline and self._ledger.active):
            try:
                self._round()
            except Exception as problem:  # noqa: BLE001 - the keeper outlives whatever goes wrong in one round
                self._complain(repr(problem), problem)
                self._closed.wait(1.0)
            deadline = deadline or (time.monotonic() + CLOSING if self._closed.is_set() else None)
            self._wake.wait(TICK)
            self._wake.clear()
        self._read_inbox()
        self._archive_ended()
        self._shut()

    def _complain(self, problem: str, error: Exception | None = None) -> None:
        if problem not in ("", self._problem):
            log.error("The engine's keeper goes on trying after a problem: %s", problem, exc_info=error)
        self._problem = problem

    def _round(self) -> None:
        self._read_inbox()
        self._archive_ended()
        with self._lock:
            self._ledger.expire()
            self._ledger.forget()
            active = {run.key for run in self._ledger.active}
            on_saves = self._ledger.on_saves
            waiting = self._ledger.waiting
        self._spool.keep_only(on_saves)
        for key in self._launched - active:
            self._let_go(key)
        self._launched &= active
        self._send_mail()
        since = time.monotonic() - self._counted
        if not self._closed.is_set() and not self._counting and since >= (SHORT if waiting else ROLL_CALL):
            self._count(waiting)
            self._counting, self._counted = True, time.monotonic()

    def _send_mail(self) -> None:
        with self._lock:
            self._ledger.share()
            orders = self._ledger.mail.untold()
            saves = [] if self._closed.is_set() else self._ledger.mail.to_fetch()
            stubborn = self._ledger.mail.stubborn()
        for run, order in orders:
            self._tell(run, order)
        for run, records in saves:
            self._fetch(run, records)
        for run in stubborn:
            log.warning("Run %s does not stop; its process is ended", run.run_id)
            self._kill(run)

    def _archive_ended(self) -> None:
        with self._lock:
            ended = self._ledger.shelf.to_archive()
        if self._archivist:
            for run in ended:
                self._archivist.add(run)

    def _archived(self, run_id: str) -> None:
        with self._lock:
            self._ledger.shelf.archived(run_id)

    def _whole(self, run: Run) -> RunResult | None:
        """All that is left of an ended run, wherever its weights are; None where it never began."""
        with self._lock:
            ending, archived, rests_on_save = run.ending, run.archived, run.rests_on_save
        if run.header is None or ending is None:
            return None
        weights = ending.weights
        if archived and self._archivist:
            weights = self._archivist.result(run.run_id).weights
        elif rests_on_save and (save := self._spool.read(run.run_id)):
            weights = save.weights
        return RunResult(run.header, tuple(run.records), weights, ending.state, run.seconds)

    def _read_inbox(self) -> None:
        while self._inbox:
            message = self._inbox.popleft()
            if isinstance(message, bytes):
                self._read_report(message)
            elif isinstance(message, Loss):
                with self._lock:
                    known = self._ledger.lose(message)
                if known and message.log:
                    log.error("Run %s: %s", message.run_id, message.log)
            elif isinstance(message, Fetched):
                self._store_save(message)
            elif isinstance(message, Roster):
                self._seat(message)
            else:
                with self._lock:
                    self._ledger.mail.delivered(message)

    def _read_report(self, payload: bytes) -> None:
        report: Report = pickle.loads(payload)
        if report.ending and report.ending.traceback:
            log.error("Run %s failed\n%s", report.run_id, report.ending.traceback)
        if report.ending and report.ending.save:
            self._spool.write(report.run_id, report.ending.save)
        with self._lock:
            self._ledger.apply(report, len(payload))

    def _store_save(self, fetched: Fetched) -> None:
        with self._lock:
            useful = self._ledger.mail.fetched(fetched)
        key = f"{fetched.run_id}-{fetched.start}"
        if useful:
            self._spool.take_part(key, fetched.run_id)
        else:
            self._spool.drop_part(key)

    def _seat(self, roster: Roster) -> None:
        self._counting = False
        self._complain(roster.problem)
        if roster.problem or self._closed.is_set():
            return
        with self._lock:
            self._ledger.places = len(roster.present)
            self._inbox.extend(self._ledger.mail.out_of_reach(roster.present))
            taken = {run.place for run in self._ledger.active}
            free = [place for place in roster.mine if place not in taken]
            started = [run for place in free if (run := self._ledger.start(place))]
            self._ledger.idle = roster.idle - len(started)
        for run in started:
            self._launched.add(run.key)
            try:
                self._launch(run)
            except Exception as problem:  # noqa: BLE001 - a run that could not be started must not count as running
                values: dict[str, object] = {"kind": type(problem).__name__}
                self._post(Loss(run.run_id, run.start, "failed", UNEXPECTED, values, log=repr(problem)))
