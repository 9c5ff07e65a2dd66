"""What the folders hold, in SQLite, so that a list of runs need not open every folder.

Nothing stands only here: an index that is missing, damaged or of another version is thrown away and filled anew.
Several servers may share one home: whoever writes a folder does so inside `writing`, which only one of them enters.
"""

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

VERSION = 1
PATIENCE = 20.0  # seconds to wait for another writer; one takes about a tenth of a second

_TABLE = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    created REAL NOT NULL,
    size INTEGER NOT NULL,
    stamp TEXT NOT NULL,  -- of the folder when it was last read
    content TEXT NOT NULL,  -- JSON; empty for a damaged run
    flaw TEXT NOT NULL  -- what is wrong with it; empty for a sound one
)
"""
_BY_OWNER = "CREATE INDEX runs_of_owner ON runs (owner, created)"


class Unfilled(sqlite3.DatabaseError):
    """The index does not know the folders: it is new, or of another version."""


class Row(NamedTuple):
    """A run as the index knows it."""

    run_id: str
    owner: str
    created: float
    size: int
    stamp: str
    content: dict[str, Any]
    flaw: str


class _Opened(NamedTuple):
    number: int  # of the file, to notice another one in its place
    connection: sqlite3.Connection


class Index:
    """The table of runs. Every method may be called from any thread; readers do not wait for writers.

    Raises:
        sqlite3.DatabaseError: from every method where the file is damaged or unfilled; `throw_away` and `fill` help.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_lock, self._write_lock = threading.RLock(), threading.RLock()
        self._reader: _Opened | None = None
        self._writer: _Opened | None = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer among all threads and servers. What is put meanwhile is kept if nothing is raised."""
        with self._write_lock, self._transaction() as connection:
            if _version(connection) != VERSION:
                raise Unfilled
            yield

    def put(self, row: Row) -> None:
        """Inside `writing`: note a run, in place of what was known of it."""
        assert self._writer is not None
        _insert(self._writer.connection, row)

    def drop(self, run_id: str) -> None:
        """Inside `writing`: forget a run."""
        assert self._writer is not None
        self._writer.connection.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))

    def get(self, run_id: str) -> Row | None:
        """What is known of a run."""
        rows = self._read("SELECT * FROM runs WHERE run_id = ?", run_id)
        return rows[0] if rows else None

    def of(self, owner: str) -> list[Row]:
        """An owner's runs, newest first."""
        return self._read("SELECT * FROM runs WHERE owner = ? ORDER BY created DESC, rowid DESC", owner)

    def all(self) -> list[Row]:
        """Every run, oldest first."""
        return self._read("SELECT * FROM runs ORDER BY created, rowid")

    def fill(self, rows: Callable[[], Iterable[Row]]) -> None:
        """Write down all there is, unless somebody else has done so by now. `rows` is called as by a writer."""
        with self._write_lock, self._transaction() as connection:
            if _version(connection) == VERSION:
                return
            connection.execute("DROP TABLE IF EXISTS runs")
            connection.execute(_TABLE)
            connection.execute(_BY_OWNER)
            for row in rows():
                _insert(connection, row)
            connection.execute(f"PRAGMA user_version = {VERSION}")

    def throw_away(self) -> None:
        """Remove a damaged file, unless somebody else has put another in its place by now."""
        with self._write_lock, self._read_lock:
            known = [opened.number for opened in (self._reader, self._writer) if opened]
            self.close()
            if known and _number(self._path) not in known:
                return
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file. The next call opens it again."""
        with self._write_lock, self._read_lock:
            for opened in (self._reader, self._writer):
                if opened:
                    opened.connection.close()
            self._reader = self._writer = None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._writer = self._current(self._writer)
        connection = self._writer.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _read(self, statement: str, *values: object) -> list[Row]:
        with self._read_lock:
            self._reader = self._current(self._reader)
            if _version(self._reader.connection) != VERSION:
                raise Unfilled
            found = self._reader.connection.execute(statement, values).fetchall()
        try:
            return [_row(*values) for values in found]
        except ValueError:
            raise sqlite3.DatabaseError("a row of the index is not JSON") from None

    def _current(self, opened: _Opened | None) -> _Opened:
        if opened is not None and opened.number == _number(self._path):
            return opened
        if opened is not None:
            opened.connection.close()
        connection = _connect(self._path)
        return _Opened(_number(self._path), connection)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last rows; the folders have them
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("the index is damaged")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers go on while one writes. SQLite does not wait by itself when two servers ask for that at once."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _insert(connection: sqlite3.Connection, row: Row) -> None:
    values = (*row[:5], json.dumps(row.content) if row.content else "", row.flaw)
    connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def _row(run_id: str, owner: str, created: float, size: int, stamp: str, content: str, flaw: str) -> Row:
    return Row(run_id, owner, created, size, stamp, json.loads(content) if content else {}, flaw)


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _number(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
