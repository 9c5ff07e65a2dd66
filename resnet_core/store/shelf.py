"""Folders and index of kept runs as one thing: whatever happens to either, they come to agree again."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from resnet_core.errors import StoreError
from resnet_core.recipe import RunSpec
from resnet_core.store.about import About
from resnet_core.store.flaws import Flaw
from resnet_core.store.folders import Folders, is_run_id
from resnet_core.store.index import Index, Row, Unfilled
from resnet_core.store.rows import row_of

DAY = 86_400.0  # seconds

log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Shelf:
    """Runs on disk. The folders are the truth; the index is renewed wherever a folder looks other than it says.

    Args:
        home: the folder of the index and of the runs' folder.
        quota: bytes that all runs may take; the oldest go first.
        days: after which a run goes.

    Raises:
        StoreError: from every method, when the disk or the index fails.
    """

    def __init__(self, home: Path, quota: float, days: float) -> None:
        self._quota, self._days = quota, days
        self._folders = Folders(home / "runs")
        self._index = Index(home / "index.sqlite")
        self._safely(self._reconcile)

    def add(self, run_id: str, spec: RunSpec, about: About, contents: Mapping[str, bytes]) -> Row:
        """Write a run, then let go of the oldest ones if need be. An earlier run of this id and owner is replaced."""

        def write() -> Row:
            with self._index.writing():
                known = self._index.get(run_id)
                if known is not None and known.owner != about.owner:
                    raise StoreError("There is another browser's run with the id {run_id}.", run_id=run_id)
                self._folders.write(run_id, contents)
                row = self._row(run_id, spec, about)
                self._index.put(row)
            self._make_room()
            return row

        return self._safely(write)

    def row(self, run_id: str) -> Row | None:
        """What is known of a run."""
        if not is_run_id(run_id):
            return None
        return self._safely(lambda: next(iter(self._renewed(self._index.get(run_id))), None))

    def rows(self, owner: str | None = None) -> list[Row]:
        """All runs, oldest first; or an owner's, newest first."""

        def read() -> list[Row]:
            found = self._index.all() if owner is None else self._index.of(owner)
            return [row for known in found for row in self._renewed(known)]

        return self._safely(read)

    def read(self, run_id: str) -> tuple[RunSpec, About, dict[str, bytes]]:
        """Settings, header and checked files of a run.

        Raises:
            Flaw: a file is missing or damaged.
        """
        spec, about = self._folders.about(run_id)
        return spec, about, self._folders.contents(run_id, about)

    def condemn(self, row: Row, flaw: str) -> bool:
        """Leave a run out from now on, until its files change. Returns False if they have changed since `row`."""

        def write() -> bool:
            with self._index.writing():
                if self._folders.stamp(row.run_id) != row.stamp:
                    return False
                self._index.put(row._replace(content={}, flaw=flaw))
                return True

        log.warning("The kept run %s is damaged: %s", row.run_id, flaw)
        return self._safely(write)

    def rename(self, run_id: str, name: str) -> None:
        """Give a sound run another name.

        Raises:
            Flaw: it is gone or damaged.
        """

        def write() -> None:
            with self._index.writing():
                spec, about = self._folders.about(run_id)
                about = replace(about, name=name)
                self._folders.write_about(run_id, about)
                self._index.put(self._row(run_id, spec, about))

        self._safely(write)

    def remove(self, run_id: str) -> None:
        """Remove a run. Does nothing where there is none."""

        def write() -> None:
            with self._index.writing():
                self._folders.remove(run_id)
                self._index.drop(run_id)

        self._safely(write)

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()

    def _safely(self, action: Callable[[], _T]) -> _T:
        """`action`, once more with a new index if the index is not there or damaged."""
        try:
            try:
                return action()
            except sqlite3.OperationalError:  # locked for too long, or the disk; the index itself is sound
                raise
            except sqlite3.DatabaseError as problem:
                if not isinstance(problem, Unfilled):
                    log.warning("The index of kept runs is damaged and is made anew: %s", problem)
                    self._index.throw_away()
                self._index.fill(self._all_rows)
                return action()
        except (OSError, sqlite3.Error) as problem:
            log.warning("The store of runs cannot be used", exc_info=True)
            raise StoreError(
                "This server's disk does not take or give kept runs at the moment ({problem}). Download the run if "
                "you want to have it for good.",
                problem=getattr(problem, "strerror", None) or type(problem).__name__,
            ) from None

    def _reconcile(self) -> None:
        with self._index.writing():
            self._folders.clean()
            there, known = set(self._folders.ids()), {row.run_id for row in self._index.all()}
            for run_id in sorted(there - known):
                self._index.put(self._look(run_id))
            for run_id in sorted(known - there):
                self._index.drop(run_id)
        self._make_room()

    def _all_rows(self) -> Iterator[Row]:
        self._folders.clean()
        return map(self._look, sorted(self._folders.ids()))

    def _make_room(self) -> None:
        rows = self._index.all()
        used, oldest = sum(row.size for row in rows), time.time() - self._days * DAY
        gone = []
        for row in rows:
            if used > self._quota or row.created < oldest:
                gone.append(row.run_id)
                used -= row.size
        if gone:
            with self._index.writing():
                for run_id in gone:
                    self._folders.remove(run_id)
                    self._index.drop(run_id)

    def _renewed(self, row: Row | None) -> list[Row]:
        """The row as its folder stands now; none where that is gone."""
        if row is None or row.stamp == self._folders.stamp(row.run_id):
            return [row] if row else []
        with self._index.writing():
            if not self._folders.stamp(row.run_id):
                self._index.drop(row.run_id)
                return []
            new = self._look(row.run_id, whole=True)
            if new.flaw:
                new = new._replace(owner=row.owner, created=row.created)
            self._index.put(new)
            return [new]

    def _look(self, run_id: str, *, whole: bool = False) -> Row:
        """A row from the folder; with `whole`, after comparing every checksum."""
        try:
            spec, about = self._folders.about(run_id)
            if whole:
                self._folders.contents(run_id, about)
            return self._row(run_id, spec, about)
        except Flaw as flaw:
            log.warning("The kept run %s is damaged: %s", run_id, flaw)
            folders = self._folders
            return Row(
                run_id=run_id,
                owner=folders.owner(run_id),
                created=folders.created(run_id),
                size=folders.size(run_id),
                stamp=folders.stamp(run_id),
                content={},
                flaw=str(flaw),
            )

    def _row(self, run_id: str, spec: RunSpec, about: About) -> Row:
        return row_of(run_id, spec, about, self._folders.stamp(run_id), self._folders.size(run_id))
