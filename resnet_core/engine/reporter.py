"""What a worker tells about a run, gathered and sent now and then."""

import os
import pickle
import time
import uuid
from collections.abc import Callable

from resnet_core.engine.reports import Ending, Report
from resnet_core.records import Progress, RunHeader, RunRecord, RunState

REPORT_SECONDS = 0.2
PROGRESS_SECONDS = 0.5  # a moment of an inquiry is a whole record, so that fewer are sent


class Reporter:
    """Gathers what is new about one start of a run.

    Args:
        run_id: names the run in the reports.
        start: which of its starts this is, from 1.
        place: this worker's address.
        send: takes a pickled Report.
        first: records that came before this start.
        seconds: that the run had trained before.
    """

    def __init__(
        self,
        run_id: str,
        start: int,
        place: str,
        send: Callable[[bytes], None],
        *,
        first: int = 0,
        seconds: float = 0.0,
    ) -> None:
        self._run_id, self._start, self._place, self._send = run_id, start, place, send
        self._attempt = uuid.uuid4().hex
        self._header: RunHeader | None = None
        self._records: list[RunRecord] = []
        self._saved: int | None = None
        self._progress: Progress | None = None
        self._sent_records = first
        self._sent_at = 0.0
        self._seconds = seconds
        self._going_since: float | None = None

    @property
    def count(self) -> int:
        """Records of the run so far, with those of earlier starts."""
        return self._sent_records + len(self._records)

    @property
    def seconds(self) -> float:
        """That the run has trained so far, with those of earlier starts."""
        return self._seconds + (time.perf_counter() - self._going_since if self._going_since is not None else 0.0)

    def begin(self, header: RunHeader | None) -> None:
        """The first step comes next."""
        self._header = header
        self.go_on()

    def add(self, record: RunRecord) -> None:
        """Take a record, and send what there is if the last time was long enough ago."""
        self._records.append(record)
        if time.perf_counter() - self._sent_at >= REPORT_SECONDS:
            self.flush()

    def progress(self, progress: Progress) -> None:
        """Take a moment of an inquiry, and send the newest if the last time was long enough ago."""
        self._progress = progress.after(self._progress)
        if time.perf_counter() - self._sent_at >= PROGRESS_SECONDS:
            self.flush()

    def saved(self) -> None:
        """Say that the run can be fetched as it is now."""
        self._saved = self.count
        self.flush()

    def pause(self) -> None:
        """Say that the run is paused. The time until `go_on` is not counted."""
        self._seconds, self._going_since = self.seconds, None
        self.flush("paused")

    def go_on(self) -> None:
        """Say that the run takes steps from now on."""
        self._going_since = time.perf_counter()
        self.flush()

    def flush(self, state: RunState = "running") -> None:
        """Send what there is."""
        self._send(self._report(state, None))

    def end(self, ending: Ending) -> bytes:
        """The last report. It is not sent: whoever carries large things takes it."""
        return self._report("running", ending)

    def _report(self, state: RunState, ending: Ending | None) -> bytes:
        records, first = tuple(self._records), self._sent_records
        report = Report(
            run_id=self._run_id,
            start=self._start,
            attempt=self._attempt,
            place=self._place,
            pid=os.getpid(),
            state=state,
            seconds=self.seconds,
            first=first,
            records=records,
            header=self._header,
            saved=self._saved,
            ending=ending,
            progress=self._progress,
        )
        payload = pickle.dumps(report)
        self._header, self._records, self._saved, self._progress = None, [], None, None
        self._sent_records += len(records)
        self._sent_at = time.perf_counter()
        return payload
