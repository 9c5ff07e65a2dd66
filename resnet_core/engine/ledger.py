"""The book of runs: who waits, who runs, what each has shown, and whose visitor has gone.

It starts nothing and has no thread: the desk (desk.py) tells it what happened and asks what to do next.
"""

import statistics
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from resnet_core.engine.jobs import OwnedRun
from resnet_core.engine.reports import Command, Ending, Loss, Report
from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.waits import expected_wait
from resnet_core.errors import EngineError, QueueFull, Sentence
from resnet_core.recipe import RunSpec
from resnet_core.records import ENDED, RunResult, RunUpdate

STARTED_OVER = Sentence(
    "The worker of this run died and the run was about to start again from nothing. It was ended instead; "
    "what it had shown until then is kept. Start it again when you like."
)
NOBODY_WATCHED = Sentence(
    "Nobody watched this run for {seconds:g} s, so it was ended to free the machine. What it had shown is kept."
)
GAP = Sentence(
    "Some of the records of this run were lost on their way to this page, so it was ended. What came before is kept. "
    "Start it again when you like."
)


class Ledger:
    """All runs of one engine. Not safe for several threads: the desk holds a lock around it."""

    def __init__(self, settings: EngineSettings, clock: Callable[[], float]) -> None:
        self.places = 0  # workers; the desk keeps it up to date
        self._settings = settings
        self._clock = clock
        self._runs: dict[str, Run] = {}
        self._waiting: deque[Run] = deque()
        self._active: dict[str, Run] = {}  # given to a worker and not ended, by run id
        self._ended: dict[str, Run] = {}
        self._durations: deque[float] = deque(maxlen=20)

    @property
    def active(self) -> tuple[Run, ...]:
        """Runs that have been given to a worker and have not ended."""
        return tuple(self._active.values())

    @property
    def waiting(self) -> int:
        """Runs that wait for a worker."""
        return len(self._waiting)

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

    def admit(self, spec: RunSpec, owner: str) -> Run:
        """Put a run at the end of the queue, after ending the owner's earlier one.

        Raises:
            QueueFull: too many runs wait already. The owner's earlier run is left alone then.
        """
        others = sum(run.owner != owner for run in self._waiting)
        if others - max(0, self.places - len(self._active)) >= self._settings.waiting:
            raise QueueFull(
                "All workers are busy and the queue, which has room for {limit} on this server, is full. Try again in "
                "a minute, or look at a finished run meanwhile.",
                limit=self._settings.waiting,
            )
        for run in [*self._waiting, *self._active.values()]:
            if run.owner == owner:
                self.want(run.run_id, "stop")
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
        if run.state in ENDED or run.wanted == "stop":
            return
        run.wanted = command
        if command == "stop" and not run.attempt:  # no worker has begun, so none has to be waited for
            self._end(run, Ending("stopped"))

    def start(self, place: str) -> Run | None:
        """Take the next run from the queue and give it to the worker at `place`; None where nobody waits."""
        run = next((run for run in self._waiting if run.wanted == "go"), None)
        if run is None:
            return None
        self._waiting.remove(run)
        self._active[run.run_id] = run
        run.state, run.place = "running", place
        return run

    def untold(self) -> list[Run]:
        """Runs whose worker does not know yet what is wanted of it. They count as told from now on."""
        runs = [run for run in self._active.values() if run.attempt and run.told != run.wanted]
        for run in runs:
            run.told = run.wanted
        return runs

    def apply(self, report: Report, size: int) -> None:
        """Write down what a worker reported. `size` is the report's length in bytes."""
        run = self._active.get(report.run_id)
        if run is None:
            return
        if not run.attempt:
            run.attempt, run.place, run.pid = report.attempt, report.place, report.pid
        if run.attempt != report.attempt:
            self._end(run, Ending("lost", error=STARTED_OVER))
            return
        if report.first != len(run.records):
            self._end(run, Ending("lost", error=GAP))
            return
        run.add(report, size)
        if report.ending is not None:
            self._end(run, report.ending)

    def lose(self, loss: Loss) -> bool:
        """Write down that a run will say no more. Returns whether that is news."""
        run = self._active.get(loss.run_id)
        if run is not None:
            self._end(run, Ending(loss.state, error=loss.error, values=loss.values))
        return run is not None

    def expire(self) -> None:
        """End the runs whose visitor has gone, and note why."""
        gone = self._clock() - self._settings.grace
        for run in [*self._waiting, *self._active.values()]:
            if run.watched < gone and run.wanted != "stop":
                run.left = True
                self.want(run.run_id, "stop")

    def end_all(self) -> None:
        """Want the end of every run."""
        for run in [*self._waiting, *self._active.values()]:
            self.want(run.run_id, "stop")

    def forget(self) -> None:
        """Drop ended runs: those nobody has looked at for long, and the oldest where they take up too much."""
        oldest_first = sorted(self._ended.values(), key=lambda run: run.watched)
        runs, size = len(oldest_first), sum(run.size for run in oldest_first)
        for run in oldest_first:
            too_much = runs > self._settings.keep_runs or size > self._settings.keep_bytes
            if not too_much and run.watched >= self._clock() - self._settings.keep_seconds:
                return
            del self._runs[run.run_id], self._ended[run.run_id]
            runs, size = runs - 1, size - run.size

    def update(self, run_id: str, since: int) -> RunUpdate:
        """What is new about a run; and somebody watches it.

        Raises:
            EngineError: there is no such run.
        """
        run = self.find(run_id)
        run.watched = self._clock()
        position = self._waiting.index(run) + 1 if run.state == "queued" else 0
        return RunUpdate(
            run_id=run_id,
            state=run.state,
            since=since,
            records=tuple(run.records[max(0, since) :]),
            header=run.header,
            queue_position=position,
            expected_wait=self._expected_wait(position) if position else None,
            seconds=run.seconds,
            steps_per_second=0.0 if run.state in ENDED else run.steps_per_second,
            error=run.ending.error if run.ending else "",
            error_values=run.ending.values if run.ending else {},
        )

    def runs_of(self, owner: str) -> tuple[OwnedRun, ...]:
        """The owner's runs, oldest first."""
        return tuple(OwnedRun(run.run_id, run.spec, run.state) for run in self._runs.values() if run.owner == owner)

    def result(self, run_id: str) -> RunResult:
        """All of an ended run.

        Raises:
            EngineError: there is no such run, it has not ended, or it left no weights.
        """
        run = self.find(run_id)
        run.watched = self._clock()
        if run.ending is None:
            raise EngineError("This run has not ended: it is {state}. Stop it, or wait for it.", state=run.state)
        if run.header is None or not run.ending.weights:
            raise EngineError(
                "This run left no weights: it is {state}. What it has shown can still be seen.", state=run.state
            )
        return RunResult(run.header, tuple(run.records), run.ending.weights, run.state, run.seconds)

    def _expected_wait(self, position: int) -> float | None:
        runs = self._active.values()
        estimates = [run.seconds + run.remaining for run in runs if run.remaining is not None]
        typical = statistics.median(self._durations or estimates) if self._durations or estimates else None
        return expected_wait(position, self.places, [run.remaining for run in runs], typical)

    def _end(self, run: Run, ending: Ending) -> None:
        if run.state == "queued":
            self._waiting.remove(run)
        elif self._active.pop(run.run_id, None) and ending.state in ("finished", "stopped"):
            self._durations.append(run.seconds)
        if run.left and ending.state == "stopped":
            ending = replace(ending, error=NOBODY_WATCHED, values={"seconds": self._settings.grace})
        run.state, run.ending = ending.state, ending
        self._ended[run.run_id] = run
