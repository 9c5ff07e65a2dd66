"""The book of runs: who waits, who runs, what each has shown, and whose visitor has gone.

It starts nothing and has no thread: the desk (desk.py) tells it what happened and asks what to do next.
"""

import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from resnet_core.engine import sentences
from resnet_core.engine.admission import check_admission
from resnet_core.engine.jobs import Job, OwnedRun
from resnet_core.engine.mail import Mail
from resnet_core.engine.reports import Command, Ending, Loss, Report
from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.shelf import Shelf
from resnet_core.engine.turns import wait_for_turn, who_may_leave
from resnet_core.errors import EngineError
from resnet_core.records import RunUpdate

RESTARTS = 2  # of a run whose worker died; then it may be the run that kills its workers


class Ledger:
    """All runs of one engine. Not safe for several threads: the desk holds a lock around it."""

    def __init__(self, settings: EngineSettings, clock: Callable[[], float]) -> None:
        self.places = 0  # workers; the desk keeps it up to date
        self.idle = 0  # of them that nobody wanted when they were counted
        self._settings = settings
        self._clock = clock
        self._runs: dict[str, Run] = {}
        self._waiting: deque[Run] = deque()
        self._active: dict[str, Run] = {}  # given to a worker and not ended, by run id
        self._parked: dict[str, Run] = {}  # paused without a worker
        self.mail = Mail(self._active, clock)
        self.shelf = Shelf(settings, clock)
        self._durations: deque[float] = deque(maxlen=20)

    @property
    def active(self) -> tuple[Run, ...]:
        """Runs that have been given to a worker and have not ended."""
        return tuple(self._active.values())

    @property
    def waiting(self) -> int:
        """Runs that wait for a worker."""
        return len(self._waiting)

    @property
    def on_saves(self) -> set[str]:
        """Ids of the runs whose saves on this machine must stay."""
        return {run.run_id for run in self._runs.values() if not run.ended or run.rests_on_save}

    def find(self, run_id: str) -> Run:
        """The run's page.

        Raises:
            EngineError: there is no such run.
        """
        if run_id not in self._runs:
            raise EngineError(
                "There is no run {run_id!r}. Runs are forgotten some time after they have ended, and when the "
                "server starts again. Start a new one.",
                run_id=run_id,
            )
        return self._runs[run_id]

    def ended(self, run_id: str) -> tuple[Run, Ending]:
        """The page of a run that has ended, and how; and somebody looks at it.

        Raises:
            EngineError: there is no such run, or it has not ended.
        """
        run = self.find(run_id)
        run.watched = self._clock()
        if run.ending is None:
            raise EngineError("This run has not ended: it is {state}. Stop it, or wait for it.", state=run.state)
        return run, run.ending

    def runs_of(self, owner: str) -> tuple[OwnedRun, ...]:
        """The owner's runs, oldest first."""
        return tuple(OwnedRun(run.run_id, run.spec, run.state) for run in self._runs.values() if run.owner == owner)

    def update(self, run_id: str, since: int) -> RunUpdate:
        """What is new about a run; and somebody watches it.

        Raises:
            EngineError: there is no such run.
        """
        run = self.find(run_id)
        run.watched = self._clock()
        if run.state != "queued":
            return run.update(since, 0, None)
        position = self._waiting.index(run) + 1
        wait = wait_for_turn(position, self.places, self.active, self._durations, self._settings.turn)
        return run.update(since, position, wait)

    def admit(self, spec: Job, owner: str) -> Run:
        """Put a run at the end of the queue, after ending the owner's earlier one.

        Raises:
            EngineError: it asks for more steps than the settings allow.
            QueueFull: too many runs wait already. The owner's earlier run is left alone then.
        """
        others = sum(run.owner != owner for run in self._waiting)
        check_admission(spec, others - max(0, self.places - len(self._active)), self._settings)
        self.end_all(owner)
        run = Run(uuid.uuid4().hex, owner, spec, watched=self._clock())
        self._runs[run.run_id] = run
        self._waiting.append(run)
        return run

    def want(self, run_id: str, command: Command) -> None:
        """Note what the visitor wants of a run. Once a stop is wanted nothing else is.

        Raises:
            EngineError: there is no such run.
        """
        run = self.find(run_id)
        if run.ended or run.wanted == "stop":
            return
        run.wanted = command
        if command == "stop":
            run.stop_since = self._clock()
            if not run.attempt:  # no worker has begun, so none has to be waited for
                self._end(run, Ending("stopped"))
        elif command == "go" and self._parked.pop(run_id, None):
            self._queue(run)

    def start(self, place: str) -> Run | None:
        """Take the next run from the queue and give it to the worker at `place`; None where nobody waits."""
        if (run := next((run for run in self._waiting if run.wanted == "go"), None)) is None:
            return None
        self._waiting.remove(run)
        self._active[run.run_id] = run
        if run.note != sentences.WORKER_REPLACED:  # that remains worth knowing; the others have come true
            run.say("")
        run.begin(place)
        return run

    def apply(self, report: Report, size: int) -> None:
        """Write down what a worker reported. `size` is the report's length in bytes."""
        run = self._active.get(report.run_id)
        if run is None or run.start != report.start:
            return
        if not run.attempt:
            run.greet(report)
        if run.attempt != report.attempt:
            self._interrupt(run, Ending("lost", error=sentences.STARTED_OVER), sentences.WORKER_REPLACED)
        elif report.first != run.heard or report.first > len(run.records):
            self._end(run, Ending("lost", error=sentences.GAP))
        else:
            run.add(report, size)
            if report.ending is not None and report.ending.save:
                self._make_room(run)
            elif report.ending is not None:
                self._end(run, report.ending)

    def lose(self, loss: Loss) -> bool:
        """Write down that a start of a run will say no more. Returns whether that is news."""
        run = self._active.get(loss.run_id)
        if run is None or run.start != loss.start:
            return False
        self._interrupt(run, Ending(loss.state, error=loss.error, values=loss.values), loss.note)
        return True

    def expire(self) -> None:
        """Want the end of the runs whose visitor has gone, and of those that have trained as long as one may."""
        now, limits = self._clock(), self._settings
        for run in [*self._waiting, *self._active.values(), *self._parked.values()]:
            if run.watched < now - limits.grace:
                self._want_end(run, sentences.NOBODY_WATCHED, limits.grace)
            elif run.seconds >= limits.max_seconds:
                self._want_end(run, sentences.TIME_IS_UP, limits.max_seconds)

    def share(self) -> None:
        """Let as many runs make room as others wait for, if they have had their turn."""
        if self.idle:
            return
        wanted = sum(run.wanted == "go" for run in self._waiting) - sum(run.leaving for run in self.active)
        for run in who_may_leave(self.active, self._settings.turn)[: max(0, wanted)]:
            run.leaving = True

    def end_all(self, owner: str | None = None) -> None:
        """Want the end of every run, or of every run of one owner."""
        for run in [*self._waiting, *self._active.values(), *self._parked.values()]:
            if owner in (None, run.owner):
                self.want(run.run_id, "stop")

    def forget(self) -> None:
        """Drop what the shelf need not hold any longer."""
        for run in self.shelf.forget():
            del self._runs[run.run_id]

    def _want_end(self, run: Run, reason: str, seconds: float) -> None:
        if run.wanted != "stop":
            run.reason, run.reason_values = reason, {"seconds": seconds}
            self.want(run.run_id, "stop")

    def _make_room(self, run: Run) -> None:
        """Its worker has handed it over with a save."""
        run.saved = run.heard
        if run.wanted == "stop":
            self._end(run, Ending("stopped"))
            return
        note = sentences.PAUSE_MADE_ROOM if run.wanted == "pause" else sentences.TURN_IS_OVER
        run.say(note, step=run.saved_step, seconds=self._settings.turn)
        self._take_back(run)

    def _interrupt(self, run: Run, ending: Ending, note: str) -> None:
        """Its worker has gone without a word."""
        if run.wanted == "stop" and ending.state == "lost":
            self._end(run, Ending("stopped"))
        elif ending.state != "lost" or (run.attempt and run.saved is None) or run.deaths >= RESTARTS:
            self._end(run, ending)
        else:
            run.deaths += 1
            if run.saved is not None:
                run.say(note, step=run.saved_step)
            self._take_back(run, first=True)

    def _take_back(self, run: Run, first: bool = False) -> None:
        del self._active[run.run_id]
        run.leave()
        if run.wanted == "pause":
            run.state = "paused"
            self._parked[run.run_id] = run
        else:
            self._queue(run, first)

    def _queue(self, run: Run, first: bool = False) -> None:
        run.state = "queued"
        self._waiting.insert(0 if first else len(self._waiting), run)

    def _end(self, run: Run, ending: Ending) -> None:
        if run.state == "queued":
            self._waiting.remove(run)
        elif not self._parked.pop(run.run_id, None):
            del self._active[run.run_id]
            if ending.state in ("finished", "stopped"):
                self._durations.append(run.seconds)
        if run.reason and ending.state == "stopped":
            ending = replace(ending, error=run.reason, values=run.reason_values)
        run.state, run.ending = ending.state, ending
        self.shelf.add(run)
