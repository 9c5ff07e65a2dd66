"""What is kept of ended runs and of class boards, as frozen values."""

from dataclasses import dataclass
from typing import NamedTuple

from resnet_core.config import ResNetConfig
from resnet_core.recipe import RunSpec
from resnet_core.records import RunState
from resnet_core.store.task import ClassTask
from resnet_core.summary import NetworkSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A run in the store, without its records and weights."""

    run_id: str
    owner: str  # one browser; empty for nobody
    name: str  # that its owner gave it; empty for none
    spec: RunSpec
    state: RunState  # one of ENDED
    seconds: float  # it was running
    created: float  # when it ended, seconds since 1970 UTC
    size: int  # bytes on disk
    imported: bool  # it came from a file, so this server did not compute it
    summaries: tuple[NetworkSummary, ...]  # one per network


class Board(NamedTuple):
    """A class board: where the finished runs of a class meet."""

    code: str  # what students type or find in their link, such as K7QF
    owner: str  # the browser that opened it, which alone may clear or close it
    title: str
    created: float  # seconds since 1970 UTC
    task: ClassTask = ClassTask()  # what the class is asked to train


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardEntry:
    """One network of one student's finished run on a board."""

    run_id: str
    network: int  # index into RunSpec.networks
    nickname: str  # empty for none
    spec: RunSpec
    summary: NetworkSummary
    created: float  # seconds since 1970 UTC
    student: str = ""  # a number for whoever trained it, this board's own; it says nothing about the person

    @property
    def config(self) -> ResNetConfig:
        """The network that this entry is about."""
        return self.spec.networks[self.network]
