"""One run's page in the book of runs."""

from collections import deque
from dataclasses import dataclass, field

from resnet_core.engine.jobs import Job
from resnet_core.engine.reports import FIRST_ORDER, Command, Ending, Order, Report
from resnet_core.recipe import RunSpec
from resnet_core.records import ENDED, Progress, RunHeader, RunRecord, RunState, RunUpdate

PACE_SECONDS = 3.0  # over which the speed of a run is taken


@dataclass(slots=True, eq=False)
class Run:
    """One run's page in the book."""

    run_id: str
    owner: str
    spec: Job
    watched: float  # when somebody last asked for it
    state: RunState = "queued"
    records: list[RunRecord] = field(default_factory=list)
    header: RunHeader | None = None
    progress: Progress | None = None  # the newest of an inquiry
    seconds: float = 0.0  # that it has trained
    size: int = 0  # bytes of its reports
    note: str = ""
    note_values: dict[str, object] = field(default_factory=dict)
    ending: Ending | None = None
    archived: bool = False

    # What is wanted of it
    wanted: Command = "go"  # by its visitor
    leaving: bool = False  # its worker is wanted for another run
    reason: str = ""  # why the engine wants it to stop
    reason_values: dict[str, object] = field(default_factory=dict)
    order: Order = field(default=FIRST_ORDER)  # the newest
    told: int = 0  # number of the newest order that the worker has
    telling: bool = False  # an order is on its way
    next_try: float = 0.0  # when an order may be sent again after one did not arrive
    stop_since: float | None = None

    # Where it is
    start: int = 0  # how often it was given to a worker
    deaths: int = 0  # of its workers
    place: str = ""
    attempt: str = ""  # empty until the worker has said its first word
    pid: int = 0
    heard: int = 0  # number of the first record that this worker has not reported yet
    turn_from: float = 0.0  # self.seconds when this worker took over
    pace: deque[tuple[float, int]] = field(default_factory=deque)  # (seconds, records known by then)
    offered: int | None = None  # records before the newest save in the worker
    fetching: bool = False
    saved: int | None = None  # records before the save that lies on this machine

    @property
    def key(self) -> str:
        """Names one start of this run."""
        return f"{self.run_id}-{self.start}"

    @property
    def ended(self) -> bool:
        """Whether nothing new will come."""
        return self.state in ENDED

    @property
    def command(self) -> Command:
        """What its worker should do, all in all."""
        return "yield" if self.leaving and self.wanted != "stop" else self.wanted

    @property
    def turn(self) -> float:
        """Seconds that it has trained since this worker took over."""
        return self.seconds - self.turn_from

    @property
    def steps_per_second(self) -> float:
        """Steps of all networks per second, over the last few seconds."""
        if len(self.pace) < 2 or self.pace[-1][0] <= self.pace[0][0]:
            return 0.0
        return (self.pace[-1][1] - self.pace[0][1]) / (self.pace[-1][0] - self.pace[0][0])

    @property
    def remaining(self) -> float | None:
        """Seconds to its last step at its present speed; None where that is not known."""
        if not isinstance(self.spec, RunSpec):
            return self.seconds * (1 / self.progress.done - 1) if self.progress and self.progress.done else None
        speed = self.steps_per_second
        if not speed or self.state == "paused":
            return None
        return (self.spec.training.steps * len(self.spec.networks) - self.heard) / speed

    @property
    def saved_step(self) -> int:
        """The step that the save on this machine was made after; 0 for before the first."""
        return self.records[self.saved - 1].record.step if self.saved else 0

    @property
    def rests_on_save(self) -> bool:
        """Whether the save on this machine is all that there is of its weights."""
        return self.ending is not None and self.state == "stopped" and not self.ending.weights and not self.archived

    def begin(self, place: str) -> None:
        """It is given to the worker at `place`."""
        self.start += 1
        self.state, self.place = "running", place
        self.order = Order(self.order.number, "go")
        self.told, self.telling = self.order.number, False

    def leave(self) -> None:
        """It has no worker any more."""
        self.place, self.attempt, self.pid = "", "", 0
        self.leaving = self.fetching = False
        self.offered = None
        self.pace.clear()

    def say(self, note: str, **values: object) -> None:
        """Tell its visitor what befell it."""
        self.note, self.note_values = note, values

    def greet(self, report: Report) -> None:
        """Take the first word of a worker."""
        self.attempt, self.place, self.pid = report.attempt, report.place, report.pid
        self.heard, self.turn_from = report.first, report.seconds

    def add(self, report: Report, size: int) -> None:
        """Write down a report of `size` bytes. Records that a worker computed once more are known already."""
        self.state, self.seconds = report.state, report.seconds
        self.size += size
        if report.progress:
            self.progress = report.progress.after(self.progress)
        self.header = report.header or self.header
        self.offered = self.offered if report.saved is None else report.saved
        if report.records:
            self.heard += len(report.records)
            self.records.extend(report.records[len(self.records) - report.first :])
            self.pace.append((self.seconds, self.heard))
            while self.pace[-1][0] - self.pace[0][0] > PACE_SECONDS:
                self.pace.popleft()

    def update(self, since: int, position: int, wait: float | None) -> RunUpdate:
        """What is new about it for somebody who knows `since` records."""
        return RunUpdate(
            run_id=self.run_id,
            state=self.state,
            since=since,
            records=tuple(self.records[max(0, since) :]),
            header=self.header,
            queue_position=position,
            expected_wait=wait,
            seconds=self.seconds,
            steps_per_second=0.0 if self.ended else self.steps_per_second,
            error=self.ending.error if self.ending else "",
            error_values=self.ending.values if self.ending else {},
            note=self.note,
            note_values=self.note_values,
            progress=self.progress,
        )
