"""What a worker does with a run: pull the training generator, report five times a second, heed commands.

Everything here is importable by name, so that another process can be told to run it.
"""

import os
import pickle
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Protocol, TypeVar

from resnet_core.engine.jobs import Inquiry, Job
from resnet_core.engine.reporter import Reporter
from resnet_core.engine.reports import Command, Ending, Save
from resnet_core.engine.saver import Saver, packed
from resnet_core.errors import ResNetCoreError, Sentence
from resnet_core.recipe import RunSpec
from resnet_core.records import RunHeader, RunRecord

Value = TypeVar("Value")
PAUSE_SECONDS = 0.05  # between two looks for a command while paused
GIVE_WAY = 1.0  # seconds that a step waits at most for measurements
UNEXPECTED = Sentence(
    "Something unexpected happened while this run trained ({kind}). What it had shown until then is kept, and the "
    "server's log has the details. Try again, or try other settings."
)


class Training(Protocol):
    """A run that is ready to take its first step."""

    @property
    def header(self) -> RunHeader:
        """What is known before the first step."""
        ...

    def records(self) -> Iterator[RunRecord]:
        """One record per step of a network, each step taken when it is asked for."""
        ...

    def weights(self) -> tuple[bytes, ...]:
        """The networks as they are now, as safetensors."""
        ...

    def checkpoint(self) -> bytes:
        """All that decides the steps to come."""
        ...

    def restore(self, checkpoint: bytes) -> None:
        """Go on from what `checkpoint` returned."""
        ...


Source = Callable[[RunSpec], Training]
_measurements: set[object] = set()  # under way in this process


def train(
    run_id: str,
    spec: Job,
    send: Callable[[bytes], None],
    command: Callable[[], Command],
    source: Source | None = None,
    place: str = "",
    *,
    start: int = 1,
    keep: Callable[[int, bytes], None] = lambda _records, _save: None,
    save: bytes | None = None,
) -> bytes:
    """Train what `spec` describes until it ends or `command` says stop or yield, and return the last report.

    Errors do not leave this function: they are part of the report.

    Args:
        run_id: names the run in the reports.
        spec: what to train.
        send: takes a pickled Report, about five times a second.
        command: what is wanted now; asked before every step.
        source: where the records come from; None for real training.
        place: this worker's address, for the reports.
        start: which of the run's starts this is, from 1.
        keep: takes the number of records before a save, and the pickled Save, every few seconds.
        save: a pickled Save to go on from; None to begin at the beginning.
    """
    saved: Save | None = None if save is None else pickle.loads(save)
    before, seconds = (saved.records, saved.seconds) if saved else (0, 0.0)
    reporter = Reporter(run_id, start, place, send, first=before, seconds=seconds)
    reporter.flush()
    try:
        if isinstance(spec, Inquiry):
            ending = _inquire(spec, reporter, command)
        else:
            training = (source or _real_training)(spec)
            if saved:
                training.restore(saved.state)
            reporter.begin(training.header)
            ending = _pull(training, reporter, command, Saver(keep, seconds))
    except ResNetCoreError as problem:
        ending = Ending("failed", error=problem.message, values=_plain(problem.values))
    except Exception as problem:  # noqa: BLE001 - a worker's boundary: whatever went wrong is told, not lost
        values: dict[str, object] = {"kind": type(problem).__name__}
        ending = Ending("failed", error=UNEXPECTED, values=values, traceback=traceback.format_exc())
    return reporter.end(ending)


def modestly(niceness: int, function: Callable[..., Value], *arguments: object) -> Value:
    """What `function` returns in a thread of its own that gives way; the thread that asks waits, and stays as it is."""
    with ThreadPoolExecutor(1, initializer=be_modest, initargs=(niceness,)) as thread:
        return thread.submit(function, *arguments).result()


def be_modest(niceness: int) -> None:
    """Let this thread give way to the server's. On Linux niceness belongs to a thread; it is never lowered."""
    if hasattr(os, "setpriority") and os.getpriority(os.PRIO_PROCESS, 0) < niceness:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)


def measure(function: Callable[..., object], arguments: Sequence[object]) -> object:
    """Run in a worker: a short computation with one thread, like training, which waits meanwhile."""
    import torch

    torch.set_num_threads(1)
    token = object()
    _measurements.add(token)
    try:
        return function(*arguments)
    finally:
        _measurements.discard(token)


def warm_up(niceness: int) -> None:
    """Import what training needs, so that the first run need not wait for it; the first page has precedence."""
    modestly(niceness, import_module, "resnet_core.training")


def _pull(training: Training, reporter: Reporter, command: Callable[[], Command], saver: Saver) -> Ending:
    records = training.records()
    try:
        while True:
            wanted = command()
            if wanted == "pause":
                _rest(reporter, command)
            elif wanted == "stop":
                return Ending("stopped", weights=training.weights())
            elif wanted == "yield":
                return Ending("queued", save=packed(training, reporter.count, reporter.seconds))
            else:
                _give_way(command)
                reporter.add(next(records))
                if saver.save_if_due(training, reporter.count, reporter.seconds):
                    reporter.saved()
    except StopIteration:
        return Ending("finished", weights=training.weights())
    finally:
        if close := getattr(records, "close", None):
            close()


def _inquire(inquiry: Inquiry, reporter: Reporter, command: Callable[[], Command]) -> Ending:
    import torch

    torch.set_num_threads(1)
    reporter.begin(None)
    moments = inquiry.function(inquiry.question)
    try:
        for moment in moments:
            reporter.progress(moment)
            if command() == "stop":
                return Ending("stopped")
            _give_way(command)
    finally:
        if close := getattr(moments, "close", None):
            close()
    return Ending("finished")


def _give_way(command: Callable[[], Command]) -> None:
    """Wait while somebody waits for a measurement here, but not for ever.

    Priorities do not do it: a thread of low priority is put aside holding the interpreter's lock, which the
    measurement needs.
    """
    end = time.monotonic() + GIVE_WAY
    while _measurements and time.monotonic() < end and command() == "go":
        time.sleep(0.005)


def _rest(reporter: Reporter, command: Callable[[], Command]) -> None:
    reporter.pause()
    while (wanted := command()) == "pause":
        time.sleep(PAUSE_SECONDS)
    if wanted == "go":
        reporter.go_on()


def _real_training(spec: RunSpec) -> Training:
    import torch

    from resnet_core.training import train_together

    torch.set_num_threads(1)
    return train_together(spec)


def _plain(values: dict[str, object]) -> dict[str, object]:
    """Values that every process can unpickle and every template can format."""
    return {name: value if isinstance(value, int | float | str) else str(value) for name, value in values.items()}
