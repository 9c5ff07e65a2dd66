"""What a run is to those who ask for one: the engine's interface, the same for every place where runs can live."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

from resnet_core.recipe import RunSpec
from resnet_core.records import Progress, RunResult, RunState, RunUpdate

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An experiment that takes a while, queued like a run. It leaves no weights and goes on from no save.

    `function` must be importable in a worker; what it yields is pickled.
    """

    function: Callable[[Any], Iterator[Progress]]
    question: object


Job = RunSpec | Inquiry


class OwnedRun(NamedTuple):
    """A run that the engine still knows, as its owner finds it again."""

    run_id: str
    spec: Job
    state: RunState


class Archive(Protocol):
    """Where ended runs are kept for good; resnet_core.store has one."""

    def keep(self, run_id: str, owner: str, spec: RunSpec, result: RunResult) -> object:
        """Write an ended run down. May take a while and may raise any ResNetCoreError."""
        ...

    def result(self, run_id: str) -> RunResult:
        """Read it again.

        Raises:
            StoreError: it is not there, or cannot be read.
        """
        ...


class Engine(Protocol):
    """Runs training somewhere else and tells how it goes.

    Every call but `measure` returns at once. An owner is one visitor; an owner has one run that has not ended.
    """

    def submit(self, spec: Job, owner: str) -> str:
        """Queue a run and return its id. The owner's earlier run, if it has not ended, is stopped.

        An inquiry tells its progress instead of records.

        Raises:
            QueueFull: too many runs wait already; the message says how many may and what to do.
        """
        ...

    def poll(self, run_id: str, since: int = 0) -> RunUpdate:
        """State and the records from number `since` on. Polling also says that somebody still watches.

        A run that nobody polled for a while is "stopped" by the engine, and its update says so in `error`.

        Raises:
            EngineError: there is no such run.
        """
        ...

    def runs_of(self, owner: str) -> tuple[OwnedRun, ...]:
        """The owner's runs that are not forgotten yet, oldest first. Asking does not count as watching them."""
        ...

    def pause(self, run_id: str) -> None:
        """Hold the run after the step it is on, keeping its state and its place."""
        ...

    def resume(self, run_id: str) -> None:
        """Let a paused run go on."""
        ...

    def stop(self, run_id: str) -> None:
        """End the run after the step it is on and keep what it has shown. A waiting run is taken from the queue."""
        ...

    def result(self, run_id: str) -> RunResult:
        """All of an ended run.

        Raises:
            EngineError: there is no such run, it has not ended, it was stopped before its first step, or its weights
                were lost with its worker.
        """
        ...

    def measure(self, function: Callable[..., Value], *arguments: object) -> Value:
        """What a short computation comes to, done where runs live, beside their training. This one call waits.

        `function` must be importable there; its arguments and its value are pickled.

        Raises:
            EngineError: there is no worker, or its process died twice, or it takes minutes.
            Exception: whatever `function` raises.
        """
        ...

    def ready(self) -> bool:
        """Whether there are workers. Runs can be submitted before: they wait."""
        ...

    def close(self) -> None:
        """End everything, leaving no process behind."""
        ...
