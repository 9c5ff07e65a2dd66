"""What a worker does with a run: pull the training generator, report five times a second, heed commands.

Everything here is importable by name, so that another process can be told to run it.
"""

import contextlib
import os
import pickle
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from typing import Protocol

from resnet_core.engine.reports import Command, Ending, Report
from resnet_core.errors import ResNetCoreError, Sentence
from resnet_core.recipe import RunSpec
from resnet_core.records import RunHeader, RunRecord, RunState

REPORT_SECONDS = 0.2
PAUSE_SECONDS = 0.05  # between two looks for a command while paused
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


Source = Callable[[RunSpec], Training]


class Reporter:
    """Gathers what is new about a run and sends it now and then."""

    def __init__(self, run_id: str, place: str, send: Callable[[bytes], None]) -> None:
        self._run_id, self._place, self._send = run_id, place, send
        self._attempt = uuid.uuid4().hex
        self._header: RunHeader | None = None
        self._records: list[RunRecord] = []
        self._sent_records = 0
        self._sent_at = 0.0
        self._seconds = 0.0
        self._going_since: float | None = None

    def begin(self, header: RunHeader) -> None:
        """The first step comes next."""
        self._header = header
        self._going_since = time.perf_counter()
        self.flush()

    def add(self, record: RunRecord) -> None:
        """Take a record, and send what there is if the last time was long enough ago."""
        self._records.append(record)
        if time.perf_counter() - self._sent_at >= REPORT_SECONDS:
            self.flush()

    @contextlib.contextmanager
    def pause(self) -> Iterator[None]:
        """Say that the run is paused, and afterwards that it goes on. The time between is not counted."""
        self._seconds, self._going_since = self._elapsed(), None
        self.flush("paused")
        yield
        self._going_since = time.perf_counter()
        self.flush()

    def flush(self, state: RunState = "running") -> None:
        """Send what there is."""
        self._send(self._report(state, None))

    def end(self, ending: Ending) -> bytes:
        """The last report. It is not sent: whoever carries large things takes it."""
        return self._report("running", ending)

    def _elapsed(self) -> float:
        return self._seconds + (time.perf_counter() - self._going_since if self._going_since is not None else 0.0)

    def _report(self, state: RunState, ending: Ending | None) -> bytes:
        records, first = tuple(self._records), self._sent_records
        report = Report(
            run_id=self._run_id,
            attempt=self._attempt,
            place=self._place,
            pid=os.getpid(),
            state=state,
            seconds=self._elapsed(),
            first=first,
            records=records,
            header=self._header,
            ending=ending,
        )
        payload = pickle.dumps(report)
        self._header, self._records = None, []
        self._sent_records += len(records)
        self._sent_at = time.perf_counter()
        return payload


def train(
    run_id: str,
    spec: RunSpec,
    send: Callable[[bytes], None],
    command: Callable[[], Command],
    source: Source | None = None,
    place: str = "",
) -> bytes:
    """Train what `spec` describes until it ends or `command` says stop, and return the last report.

    Errors do not leave this function: they are part of the report.

    Args:
        run_id: names the run in the reports.
        spec: what to train.
        send: takes a pickled Report, about five times a second.
        command: what the visitor wants now; asked before every step.
        source: where the records come from; None for real training.
        place: this worker's address, for the reports.
    """
    reporter = Reporter(run_id, place, send)
    reporter.flush()
    try:
        training = (source or _real_training)(spec)
        reporter.begin(training.header)
        state = _pull(training, reporter, command)
        ending = Ending(state, weights=training.weights())
    except ResNetCoreError as problem:
        ending = Ending("failed", error=problem.message, values=_plain(problem.values))
    except Exception as problem:  # noqa: BLE001 - a worker's boundary: whatever went wrong is told, not lost
        values: dict[str, object] = {"kind": type(problem).__name__}
        ending = Ending("failed", error=UNEXPECTED, values=values, traceback=traceback.format_exc())
    return reporter.end(ending)


def be_modest(niceness: int) -> None:
    """Let this thread give way to the server's. On Linux niceness belongs to a thread; it is never lowered."""
    if hasattr(os, "setpriority") and os.getpriority(os.PRIO_PROCESS, 0) < niceness:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)


def warm_up(niceness: int) -> None:
    """Import what training needs, so that the first run need not wait for it; the first page has precedence."""
    be_modest(niceness)
    import resnet_core.training  # noqa: F401


def _pull(training: Training, reporter: Reporter, command: Callable[[], Command]) -> RunState:
    records = training.records()
    try:
        while True:
            wanted = command()
            if wanted == "pause":
                with reporter.pause():
                    while command() == "pause":
                        time.sleep(PAUSE_SECONDS)
            elif wanted == "stop":
                return "stopped"
            else:
                reporter.add(next(records))
    except StopIteration:
        return "finished"
    finally:
        if close := getattr(records, "close", None):
            close()


def _real_training(spec: RunSpec) -> Training:
    import torch

    from resnet_core.training import train_together

    torch.set_num_threads(1)
    return train_together(spec)


def _plain(values: dict[str, object]) -> dict[str, object]:
    """Values that every process can unpickle and every template can format."""
    return {name: value if isinstance(value, int | float | str) else str(value) for name, value in values.items()}
