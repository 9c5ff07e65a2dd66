"""The SQLite file in which boards lie, and its rows as values."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

from resnet_core.errors import ResNetCoreError, StoreError
from resnet_core.recipe import RunSpec
from resnet_core.store.home import open_home
from resnet_core.store.kept import Board, BoardEntry
from resnet_core.store.task import ClassTask
from resnet_core.summary import NetworkSummary

log = logging.getLogger(__name__)

NAME = "boards.sqlite"
PATIENCE = 10.0  # seconds to wait while another process writes
BOARD = "SELECT code, owner, title, created, task FROM boards"
ENTRY = "SELECT run_id, network, nickname, spec, summary, created, student FROM entries"
_TABLES = """
CREATE TABLE IF NOT EXISTS boards (
    code TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created REAL NOT NULL, task TEXT NOT NULL,
    touched REAL NOT NULL,
    version INTEGER NOT NULL DEFAULT 0,
    seats INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS entries (
    code TEXT NOT NULL REFERENCES boards ON DELETE CASCADE, run_id TEXT NOT NULL, network INTEGER NOT NULL,
    nickname TEXT NOT NULL, student TEXT NOT NULL, spec TEXT NOT NULL, summary TEXT NOT NULL, created REAL NOT NULL,
    PRIMARY KEY (code, run_id, network)
);
CREATE TABLE IF NOT EXISTS gone (
    code TEXT NOT NULL REFERENCES boards ON DELETE CASCADE, run_id TEXT NOT NULL,
    PRIMARY KEY (code, run_id)
);
"""


class BoardFile:
    """One connection to the file for all threads of this process, one of them at a time.

    Where `home` cannot be written, boards live in a temporary folder until this process ends.

    Raises:
        StoreError: what lies there is no file of boards.
    """

    def __init__(self, home: Path) -> None:
        self._lock = threading.Lock()
        folder, self._passing = open_home(home)
        self._rows = _opened(folder / NAME)

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """Read, seeing one state of the file throughout.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._transaction("BEGIN") as rows:
            yield rows

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Read and write: all of it happens, or nothing where an error is raised.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._transaction("BEGIN IMMEDIATE") as rows:
            yield rows

    def close(self) -> None:
        """Close the file and remove the temporary folder, if there is one."""
        with self._lock:
            self._rows.close()
            if self._passing is not None:
                self._passing.cleanup()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._rows.execute(begin)
                try:
                    yield self._rows
                except BaseException:
                    self._rows.execute("ROLLBACK")
                    raise
                self._rows.execute("COMMIT")
            except sqlite3.Error as problem:
                log.exception("The file of boards failed")
                raise StoreError(
                    "The boards of this server cannot be read just now: {problem}.", problem=problem
                ) from None


def _opened(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        rows.execute("PRAGMA foreign_keys = ON")
        rows.execute("PRAGMA journal_mode = WAL")  # readers do not wait for a writer
        rows.execute(
            "PRAGMA synchronous = NORMAL"
        )  # survives a crash of the app; a power cut may cost the last moments
        with closing(rows.cursor()) as cursor:
            cursor.executescript(_TABLES)
    except sqlite3.Error as problem:
        rows.close()
        log.exception("%s cannot be used. Move it away, and boards begin anew.", path)
        raise StoreError("The boards of this server cannot be read just now: {problem}.", problem=problem) from None
    return rows


def to_board(row: tuple[str, str, str, float, str]) -> Board:
    """A row of BOARD. A task that another version of the app wrote reads as the usual one."""
    code, owner, title, created, task = row
    try:
        return Board(code, owner, title, created, ClassTask.from_json(task))
    except ResNetCoreError:
        log.warning("The task of board %s cannot be read", code)
        return Board(code, owner, title, created)


def to_entry(row: tuple[str, int, str, str, str, float, str]) -> BoardEntry | None:
    """A row of ENTRY, or None where another version of the app wrote it in a way that cannot be read."""
    run_id, network, nickname, spec, summary, created, student = row
    try:
        return BoardEntry(
            run_id=run_id, network=network, nickname=nickname, spec=_spec(spec),
            summary=NetworkSummary(**json.loads(summary)), created=created, student=student,
        )  # fmt: skip
    except (ValueError, TypeError):  # a ResNetCoreError is a ValueError
        log.warning("Network %d of run %s on a board cannot be read", network, run_id)
        return None


@lru_cache(512)
def _spec(text: str) -> RunSpec:
    return RunSpec.from_json(text)
