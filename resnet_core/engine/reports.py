"""What passes between a run and the desk that keeps its book: orders one way, pickled reports the other."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from resnet_core.records import Progress, RunHeader, RunRecord, RunState

Command = Literal["go", "pause", "stop", "yield"]  # "yield": leave the worker to another run, taking the state along


class Order(NamedTuple):
    """What is wanted of a run. Of two orders the higher number counts, whichever came first."""

    number: int
    command: Command


FIRST_ORDER = Order(0, "go")


@dataclass(frozen=True, slots=True, eq=False)
class Save:
    """A run between two records, with all that it takes to go on from there. It travels and is stored pickled."""

    records: int  # that came before
    seconds: float  # that the run had trained
    state: bytes  # see TrainingRun.checkpoint
    weights: tuple[bytes, ...]  # what a stop here would have left


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """How a run ended, as the worker saw it."""

    state: RunState  # one of ENDED, or "queued": it left its worker and is to go on from `save`
    weights: tuple[bytes, ...] = ()
    error: str = ""  # an English template, see errors.ResNetCoreError
    values: dict[str, object] = field(default_factory=dict)
    traceback: str = ""  # for the server's log only
    save: bytes = b""  # a pickled Save


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What is new about a run. A worker sends about five a second; the last one carries the ending."""

    run_id: str
    start: int  # which of the run's deliberate starts this is, from 1
    attempt: str  # drawn by the worker when it starts: a second one betrays a start that was repeated
    place: str  # the worker's address
    pid: int
    state: RunState  # "running" or "paused"
    seconds: float  # since the first step began, pauses left out
    first: int  # number of records[0] in the run, from 0
    records: tuple[RunRecord, ...] = ()
    header: RunHeader | None = None
    saved: int | None = None  # records before the newest save that the worker holds
    ending: Ending | None = None
    progress: Progress | None = None  # of an inquiry


class Loss(NamedTuple):
    """A start of a run that will send no more reports."""

    run_id: str
    start: int
    state: RunState  # "lost" or "failed"
    error: str
    values: dict[str, object]
    note: str = ""  # what to say instead where the run goes on from a save; {step} is where
    log: str = ""  # for the server's log only


class Delivery(NamedTuple):
    """What became of an order that was sent to a worker."""

    run_id: str
    start: int
    number: int
    heard: bool


class Fetched(NamedTuple):
    """What became of an attempt to bring a worker's save to this machine."""

    run_id: str
    start: int
    records: int | None  # before the save; None where it did not come


class Roster(NamedTuple):
    """Which workers there are."""

    present: list[str]  # addresses
    mine: list[str]  # those at which a run may be started now
    idle: int  # how many nobody keeps busy
    problem: str = ""  # why nobody knows


Message = Loss | Delivery | Fetched | Roster
