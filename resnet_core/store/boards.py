"""Class boards: where the finished runs of a class meet, in one SQLite file that several app servers may share."""

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from resnet_core.errors import Sentence, StoreError
from resnet_core.recipe import RunSpec
from resnet_core.records import RunRecord
from resnet_core.store.board_file import BOARD, ENTRY, BoardFile, to_board, to_entry
from resnet_core.store.board_rules import one_line, summaries_of
from resnet_core.store.codes import new_code, read_code
from resnet_core.store.kept import Board, BoardEntry
from resnet_core.store.settings import StoreSettings
from resnet_core.store.task import ClassTask, Seat


class Boards:
    """The boards of one server, safe to use from any thread and from several processes at a time.

    Args:
        settings: where they lie, and after how many days without a new run a board goes.
        clock: seconds since 1970 UTC.
    """

    MOST_BOARDS: ClassVar[int] = 20  # of one owner
    MOST_BOARDS_IN_ALL: ClassVar[int] = 2000
    MOST_ENTRIES: ClassVar[int] = 2000  # of one board
    LONGEST_TITLE: ClassVar[int] = 60  # characters
    LONGEST_NICKNAME: ClassVar[int] = 24

    def __init__(self, settings: StoreSettings, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._keep = settings.keep_days * 24 * 3600
        self._file = BoardFile(settings.home)
        self._read: dict[str, tuple[int, tuple[BoardEntry, ...]]] = {}  # by code: at which version, and what

    def open(self, owner: str, title: str, task: ClassTask | None = None) -> Board:
        """Begin a board. Whoever knows its code can see it; `owner` alone can change it.

        Raises:
            StoreError: the title is empty, too long or not printable, or there are too many boards already.
        """
        title = one_line(Sentence("The title"), title, self.LONGEST_TITLE)
        if not title:
            raise StoreError("The board has no title. Give it one, such as the name of the class.")
        board = Board("", owner, title, self._clock(), task or ClassTask())
        with self._file.change() as rows:
            self._expire(rows)
            own = rows.execute("SELECT count(*) FROM boards WHERE owner = ?", (owner,)).fetchone()[0]
            if own >= self.MOST_BOARDS:
                raise StoreError(
                    "You have {count} boards open, which is as many as there may be. Close one of them first.",
                    count=own,
                )
            known = {row[0] for row in rows.execute("SELECT code FROM boards")}
            if len(known) >= self.MOST_BOARDS_IN_ALL:
                raise StoreError("This server has {count} boards and takes no more for now.", count=len(known))
            code = _unused(known)
            rows.execute(
                "INSERT INTO boards (code, owner, title, created, touched, task) VALUES (?, ?, ?, ?, ?, ?)",
                (code, owner, title, board.created, board.created, board.task.to_json()),
            )
        return board._replace(code=code)

    def find(self, code: str) -> Board:
        """The board of a code as somebody typed it.

        Raises:
            StoreError: there is none; it may have been closed.
        """
        with self._file.look() as rows:
            return self._board(rows, code)

    def boards_of(self, owner: str) -> tuple[Board, ...]:
        """The owner's boards, newest first."""
        with self._file.look() as rows:
            found = rows.execute(
                f"{BOARD} WHERE owner = ? AND touched >= ? ORDER BY created DESC", (owner, self._oldest())
            )
            return tuple(map(to_board, found))

    def entries(self, code: str) -> tuple[BoardEntry, ...]:
        """What is on a board, oldest first. While nothing changes, every call gives the same tuple.

        Raises:
            StoreError: there is no such board.
        """
        with self._file.look() as rows:
            code = self._board(rows, code).code
            version = rows.execute("SELECT version FROM boards WHERE code = ?", (code,)).fetchone()[0]
            known = self._read.get(code)
            if known is None or known[0] != version:
                found = rows.execute(f"{ENTRY} WHERE code = ? ORDER BY created, run_id, network", (code,)).fetchall()
                known = version, tuple(entry for row in found if (entry := to_entry(row)) is not None)
                while len(self._read) >= 64:
                    del self._read[next(iter(self._read))]
                self._read[code] = known
        return known[1]

    def add(
        self,
        code: str,
        run_id: str,
        spec: RunSpec,
        records: Sequence[RunRecord],
        nickname: str = "",
        owner: str = "",
    ) -> int:
        """Put a finished run on a board, one entry per network, and say how many were new.

        A run that is there already, or that the teacher has taken off, changes nothing. Paths of this server are left
        out; the student's number is made from `owner` and cannot be turned back.

        Raises:
            StoreError: there is no such board, it is full, the run did not go to its end or learned from the visitor's
                own pictures, or the nickname is too long or not printable.
        """
        nickname = one_line(Sentence("The nickname"), nickname, self.LONGEST_NICKNAME)
        summaries = summaries_of(spec, records)
        clean = replace(spec, data=replace(spec.data, path="")).to_json()
        with self._file.change() as rows:
            code = self._board(rows, code).code
            if rows.execute("SELECT 1 FROM gone WHERE code = ? AND run_id = ?", (code, run_id)).fetchone():
                return 0
            before = _count(rows, code)
            student = hashlib.sha256(f"{code} {owner}".encode()).hexdigest()[:12] if owner else ""
            rows.executemany(
                "INSERT OR IGNORE INTO entries (code, run_id, network, nickname, student, spec, summary, created) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (code, run_id, network, nickname, student, clean, json.dumps(summary._asdict()), self._clock())
                    for network, summary in enumerate(summaries)
                ],
            )
            new = _count(rows, code) - before
            if new and before + new > self.MOST_ENTRIES:
                raise StoreError(
                    "Board {code} is full: it has room for {most} networks. Ask your teacher to clear it.",
                    code=code,
                    most=self.MOST_ENTRIES,
                )
            if new:
                self._changed(rows, code)
        return new

    def take_seat(self, code: str) -> Seat:
        """The next depth and seed of the class's task. Nobody else gets the same ones.

        Raises:
            StoreError: there is no such board.
        """
        with self._file.change() as rows:
            board = self._board(rows, code)
            taken = rows.execute("SELECT seats FROM boards WHERE code = ?", (board.code,)).fetchone()[0]
            rows.execute("UPDATE boards SET seats = seats + 1 WHERE code = ?", (board.code,))
        return board.task.seat(taken)

    def remove(self, code: str, owner: str, run_id: str, network: int) -> None:
        """Take one network off a board for good. What is not there, or not any more, is no error.

        Raises:
            StoreError: there is no such board, or it belongs to somebody else.
        """
        with self._file.change() as rows:
            code = self._own(rows, code, owner).code
            rows.execute("DELETE FROM entries WHERE code = ? AND run_id = ? AND network = ?", (code, run_id, network))
            rows.execute("INSERT OR IGNORE INTO gone (code, run_id) VALUES (?, ?)", (code, run_id))
            self._changed(rows, code)

    def clear(self, code: str, owner: str) -> int:
        """Take everything off a board for good and say how many entries that were. Later runs are welcome.

        Raises:
            StoreError: there is no such board, or it belongs to somebody else.
        """
        with self._file.change() as rows:
            code = self._own(rows, code, owner).code
            rows.execute(
                "INSERT OR IGNORE INTO gone (code, run_id) SELECT code, run_id FROM entries WHERE code = ?", (code,)
            )
            cleared = rows.execute("DELETE FROM entries WHERE code = ?", (code,)).rowcount
            self._changed(rows, code)
        return cleared

    def close_board(self, code: str, owner: str) -> None:
        """End a board and forget everything on it.

        Raises:
            StoreError: there is no such board, or it belongs to somebody else.
        """
        with self._file.change() as rows:
            code = self._own(rows, code, owner).code
            rows.execute("DELETE FROM boards WHERE code = ?", (code,))
        self._read.pop(code, None)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _oldest(self) -> float:
        return self._clock() - self._keep

    def _expire(self, rows: sqlite3.Connection) -> None:
        rows.execute("DELETE FROM boards WHERE touched < ?", (self._oldest(),))

    def _board(self, rows: sqlite3.Connection, typed: str) -> Board:
        code = read_code(typed)
        found = rows.execute(f"{BOARD} WHERE code = ? AND touched >= ?", (code, self._oldest())).fetchone()
        if found is None:
            raise StoreError(
                "There is no board {code}. Check the code; the board may also have been closed, or have expired.",
                code=code or "–",
            )
        return to_board(found)

    def _own(self, rows: sqlite3.Connection, typed: str, owner: str) -> Board:
        board = self._board(rows, typed)
        if not secrets.compare_digest(board.owner.encode(), owner.encode()):
            raise StoreError(
                "Board {code} was opened in another browser. Only there it can be changed.", code=board.code
            )
        return board

    def _changed(self, rows: sqlite3.Connection, code: str) -> None:
        rows.execute("UPDATE boards SET version = version + 1, touched = ? WHERE code = ?", (self._clock(), code))


def _count(rows: sqlite3.Connection, code: str) -> int:
    return rows.execute("SELECT count(*) FROM entries WHERE code = ?", (code,)).fetchone()[0]


def _unused(known: set[str]) -> str:
    length = 4 if len(known) < 200 else 5  # so that a guess meets a board in fewer than one of a thousand tries
    while (code := new_code(length)) in known:
        pass
    return code
