"""An experiment from its first moment to its last on a terminal, here and in the files that are taken home."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from resnet_core.record_files import write_record
from resnet_core.record_words import summary
from resnet_core.records.progress import Progress

STEP = 0.1  # share of the work after which a file, unlike a terminal, gets another line


class Teller:
    """Says how far an experiment is: on a terminal in one line, elsewhere in a line now and then."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._begin = time.monotonic()
        self._told = -1.0
        self._width = 0

    def tell(self, moment: Progress) -> None:
        """Say it, if there is something new."""
        words = f"{moment.done:4.0%}  {time.monotonic() - self._begin:5.1f} s  {moment.doing}".rstrip()
        if self._out.isatty():
            self._out.write(f"\r{words:<{self._width}}")
            self._width = len(words)
        elif moment.done >= min(1.0, self._told + STEP) > self._told:
            self._told = moment.done
            self._out.write(f"{words}\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line, so that what comes next has its own."""
        if self._width:
            self._out.write("\n")
            self._out.flush()


def last_moment(moments: Iterable[Progress], teller: Teller, found: list[Progress] | None = None) -> Progress:
    """Run to the end and return the last moment. `found` holds the newest one with a record, for whoever interrupts."""
    latest = Progress(0.0)
    try:
        for moment in moments:
            latest = moment if moment.record is not None else Progress(moment.done, latest.record, moment.doing)
            if found is not None:
                found[:] = [latest]
            teller.tell(moment)
    finally:
        teller.end()
    return latest


def run_alone(moments: Iterable[Progress], folder: Path) -> object:
    """Run, write record.json and record.npz to `folder`, and print a summary of what was found."""
    record = last_moment(moments, Teller(sys.stderr)).record
    write_record(folder, record)
    for line in summary(record):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"written to {folder}\n")
    return record
