"""The store of ended runs: kept, found, listed, renamed, deleted, packed to take home and unpacked again."""

import threading
import time
import uuid

from resnet_core.archive import pack_run
from resnet_core.errors import Sentence, StoreError
from resnet_core.recipe import RunSpec
from resnet_core.records import RunResult
from resnet_core.store.files import files_of, result_of, without_place
from resnet_core.store.flaws import Flaw, shortened
from resnet_core.store.folders import is_run_id
from resnet_core.store.home import open_home
from resnet_core.store.index import Row
from resnet_core.store.kept import KeptRun
from resnet_core.store.rows import checked_name, kept_run
from resnet_core.store.settings import StoreSettings
from resnet_core.store.shelf import Shelf

DAMAGED = Sentence("The kept run {run_id} is damaged and is left out: {problem}.")
MEGABYTE = 1e6


class RunStore:
    """Ended runs on this server's disk. Every method may be called from any thread, and by several servers at once.

    Where `settings.home` cannot be written, runs are kept in a temporary folder; `fleeting` says so.

    Raises:
        StoreError: from every method, when the disk fails.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self.settings = settings  # the limits, for those who have to tell them
        self._unpacking = threading.Lock()
        self._quota = settings.quota_mb * MEGABYTE
        home, self._passing = open_home(settings.home)
        self._shelf = Shelf(home, self._quota, settings.keep_days)

    @property
    def fleeting(self) -> bool:
        """Whether what is kept is gone when this server ends, because its home cannot be written."""
        return self._passing is not None

    def keep(
        self, run_id: str, owner: str, spec: RunSpec, result: RunResult, *, name: str = "", imported: bool = False
    ) -> KeptRun:
        """Write an ended run down, in place of an earlier one of the same id. The oldest runs go if there is no room.

        Where the pictures lay (`spec.data.path`) is not written down.

        Raises:
            StoreError: it is larger than all that this server keeps, its parts do not belong together, or its id or
                its name cannot be used.
        """
        if not is_run_id(run_id):
            raise StoreError(
                "{run_id} cannot be the id of a run. Use up to 64 letters, digits, hyphens and underscores.",
                run_id=shortened(run_id),
            )
        name, created = checked_name(name), time.time()
        try:
            about, files = files_of(spec, result, owner=owner, name=name, created=created, imported=imported)
        except Flaw as flaw:
            raise StoreError("This run cannot be kept: {problem}.", problem=str(flaw)) from None
        size = sum(map(len, files.values()))
        if size > self._quota:
            raise StoreError(
                "This run has {size:.0f} MB, and all kept runs of this server together may have {limit:.0f} MB. "
                "It was not kept. Download it if you want to have it for good.",
                size=size / MEGABYTE,
                limit=self._quota / MEGABYTE,
            )
        return kept_run(self._shelf.add(run_id, without_place(spec), about, files))

    def result(self, run_id: str) -> RunResult:
        """Read a run again.

        Raises:
            StoreError: it is not there, or it is damaged.
        """
        row = self._sound(run_id)
        try:
            return result_of(*self._shelf.read(run_id))
        except Flaw as flaw:
            problem = str(flaw)
        if self._shelf.condemn(row, problem):
            raise StoreError(DAMAGED, run_id=run_id, problem=problem)
        return self.result(run_id)  # it was removed or replaced meanwhile

    def find(self, run_id: str) -> KeptRun:
        """What is known of a run, whoever owns it.

        Raises:
            StoreError: it is not there, or it is damaged.
        """
        return kept_run(self._sound(run_id))

    def runs_of(self, owner: str) -> tuple[KeptRun, ...]:
        """An owner's runs, newest first. Damaged ones are left out; `problems` tells of them."""
        return tuple(kept_run(row) for row in self._shelf.rows(owner) if not row.flaw)

    def rename(self, run_id: str, owner: str, name: str) -> None:
        """Give a run another name; an empty one takes its name away.

        Raises:
            StoreError: it is not there, damaged, or somebody else's; or the name cannot be used.
        """
        name = checked_name(name)
        self._check_owner(self._sound(run_id), owner)
        try:
            self._shelf.rename(run_id, name)
        except Flaw as flaw:
            self._sound(run_id)  # says so if it is gone
            raise StoreError(DAMAGED, run_id=run_id, problem=str(flaw)) from None

    def delete(self, run_id: str, owner: str) -> None:
        """Remove a run for good. A damaged one can be removed too.

        Raises:
            StoreError: it is not there, or somebody else's.
        """
        self._check_owner(self._known(run_id), owner)
        self._shelf.remove(run_id)

    def pack(self, run_id: str) -> bytes:
        """A zip to take home. It does not say whose the run is.

        Raises:
            StoreError: it is not there, or it is damaged.
        """
        kept = self.find(run_id)
        return pack_run(kept.spec, self.result(run_id), name=kept.name, created=kept.created)

    def unpack(self, content: bytes, owner: str) -> KeptRun:
        """Keep the run in a zip that `pack` made, here or on another server, under a new id.

        Its time is now, so that it is not the first to go. One file is looked at a time.

        Raises:
            StoreError: the file is too large, is not the file of a run, or says what cannot be.
        """
        from resnet_core.store.incoming import unpack_run

        with self._unpacking:
            found = unpack_run(content)
        return self.keep(uuid.uuid4().hex, owner, found.spec, found.result, name=found.name, imported=True)

    def problems(self, owner: str | None = None) -> tuple[tuple[Sentence, dict[str, object]], ...]:
        """A sentence and its values for each damaged run; with an owner, only for those known to be theirs."""
        rows = self._shelf.rows(owner)
        return tuple((DAMAGED, {"run_id": row.run_id, "problem": row.flaw}) for row in rows if row.flaw)

    def used_bytes(self) -> int:
        """What all runs take on the disk together."""
        return sum(row.size for row in self._shelf.rows())

    def close(self) -> None:
        """Let go of the home. A temporary one goes."""
        self._shelf.close()
        if self._passing is not None:
            self._passing.cleanup()

    def _known(self, run_id: str) -> Row:
        row = self._shelf.row(run_id)
        if row is None:
            raise StoreError(
                "There is no run {run_id} on this server. It was deleted, or it had to make room for newer ones.",
                run_id=shortened(run_id),
            )
        return row

    def _sound(self, run_id: str) -> Row:
        row = self._known(run_id)
        if row.flaw:
            raise StoreError(DAMAGED, run_id=run_id, problem=row.flaw)
        return row

    def _check_owner(self, row: Row, owner: str) -> None:
        if not owner or row.owner != owner:
            raise StoreError(
                "This run belongs to another browser. Only the browser that trained it can rename or delete it."
            )
