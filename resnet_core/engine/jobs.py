"""What a run is to those who ask for one: the engine's interface, the same for every place where runs can live."""

from typing import Protocol

from resnet_core.recipe import RunSpec
from resnet_core.records import RunResult, RunUpdate


class Engine(Protocol):
    """Runs training somewhere else and tells how it goes.

    Every call returns at once. An owner is one visitor; an owner has one run that has not ended.
    """

    def submit(self, spec: RunSpec, owner: str) -> str:
        """Queue a run and return its id. The owner's earlier run, if it has not ended, is stopped.

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

    def ready(self) -> bool:
        """Whether there are workers. Runs can be submitted before: they wait."""
        ...

    def close(self) -> None:
        """End everything, leaving no process behind."""
        ...
