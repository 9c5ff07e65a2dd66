"""What passes between a run and the desk that keeps its book: commands one way, pickled reports the other."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from resnet_core.records import RunHeader, RunRecord, RunState

Command = Literal["go", "pause", "stop"]


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """How a run ended, as the worker saw it."""

    state: RunState
    weights: tuple[bytes, ...] = ()
    error: str = ""  # an English template, see errors.ResNetCoreError
    values: dict[str, object] = field(default_factory=dict)
    traceback: str = ""  # for the server's log only


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What is new about a run. A worker sends about five a second; the last one carries the ending."""

    run_id: str
    attempt: str  # drawn by the worker when it starts: a second one betrays a run that was started over
    place: str  # the worker's address
    pid: int
    state: RunState  # "running" or "paused"
    seconds: float  # since the first step began, pauses left out
    first: int  # number of records[0] in the run, from 0
    records: tuple[RunRecord, ...] = ()
    header: RunHeader | None = None
    ending: Ending | None = None


class Loss(NamedTuple):
    """A run that will send no more reports."""

    run_id: str
    state: RunState  # "lost" or "failed"
    error: str
    values: dict[str, object]
    log: str = ""  # for the server's log only
