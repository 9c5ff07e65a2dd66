"""What a worker would say, for tests of the book that is kept of it."""

from resnet_core.engine.reports import Ending, Report
from resnet_core.records import RunHeader, RunRecord, StepRecord


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def report(
    run, first=0, count=0, *, seconds=1.0, attempt="a", state="running", ending=None, header=None, saved=None, start=0
):
    records = tuple(RunRecord(0, StepRecord(first + i + 1, 1.0, 0.5, 0.1, None)) for i in range(count))
    return Report(
        run.run_id, start or run.start, attempt, "worker", 1, state, seconds, first, records, header, saved, ending
    )


def finish(ledger, run, seconds=1.0, size=10):
    ledger.apply(report(run, seconds=seconds, ending=Ending("finished", (b"w",)), header=HEADER), size)


HEADER = RunHeader((), "fp32", "cpu", None, "", ())
