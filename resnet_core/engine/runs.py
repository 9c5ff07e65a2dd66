"""One run's page in the book of runs."""

from collections import deque
from dataclasses import dataclass, field

from resnet_core.engine.reports import Command, Ending, Report
from resnet_core.recipe import RunSpec
from resnet_core.records import RunHeader, RunRecord, RunState

PACE_SECONDS = 3.0  # over which the speed of a run is taken


@dataclass(slots=True, eq=False)
class Run:
    """One run's page in the book."""

    run_id: str
    owner: str
    spec: RunSpec
    watched: float  # when somebody last asked for it
    state: RunState = "queued"
    records: list[RunRecord] = field(default_factory=list)
    header: RunHeader | None = None
    place: str = ""
    attempt: str = ""  # empty until the worker has said its first word
    pid: int = 0
    wanted: Command = "go"
    told: Command = "go"
    left: bool = False  # by its visitor, which is why it is wanted to stop
    seconds: float = 0.0
    pace: deque[tuple[float, int]] = field(default_factory=deque)  # (seconds, records known by then)
    size: int = 0  # bytes of its reports
    ending: Ending | None = None

    @property
    def steps_per_second(self) -> float:
        """Steps of all networks per second, over the last few seconds."""
        if len(self.pace) < 2 or self.pace[-1][0] <= self.pace[0][0]:
            return 0.0
        return (self.pace[-1][1] - self.pace[0][1]) / (self.pace[-1][0] - self.pace[0][0])

    @property
    def remaining(self) -> float | None:
        """Seconds to its last step at its present speed; None where that is not known."""
        speed = self.steps_per_second
        if not speed or self.state == "paused":
            return None
        return (self.spec.training.steps * len(self.spec.networks) - len(self.records)) / speed

    def add(self, report: Report, size: int) -> None:
        """Write down a report of `size` bytes."""
        self.state, self.seconds = report.state, report.seconds
        self.size += size
        self.header = report.header or self.header
        if report.records:
            self.records.extend(report.records)
            self.pace.append((self.seconds, len(self.records)))
            while self.pace[-1][0] - self.pace[0][0] > PACE_SECONDS:
                self.pace.popleft()
