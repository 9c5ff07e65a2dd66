"""Saves of runs on this machine's disk, so that they outlive the worker and do not fill the server's memory.

The folder goes when the engine closes. A server that was killed leaves its folder behind; the next one removes it.
"""

import pickle
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from resnet_core.engine.reports import Save
from resnet_core.engine.tray import PIECE

try:
    import fcntl
except ImportError:  # Windows, which refuses to remove a file that a living process has open
    fcntl = None

PREFIX = "resnet-lab-saves-"
_LOCK = "in-use"


class Spool:
    """One file per run that can go on from somewhere. Names of runs are ours, so they are safe as names of files.

    Args:
        parent: where to make the folder; None for the system's place for temporary files.
    """

    def __init__(self, parent: Path | None = None) -> None:
        place = Path(tempfile.gettempdir()) if parent is None else parent
        _remove_abandoned(place)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        self._lock = (self.folder / _LOCK).open("wb")
        _locked(self._lock)
        self._names: set[str] = set()

    def part(self, key: str) -> BinaryIO:
        """A file for a save that comes in pieces. In any thread; one for each start of a run."""
        return (self.folder / f"{key}.part").open("wb")

    def drop_part(self, key: str) -> None:
        """Remove what came of a save. In any thread."""
        (self.folder / f"{key}.part").unlink(missing_ok=True)

    def take_part(self, key: str, run_id: str) -> None:
        """Put a save that has come whole in the place of the run's older one."""
        (self.folder / f"{key}.part").replace(self.folder / run_id)
        self._names.add(run_id)

    def write(self, run_id: str, save: bytes) -> None:
        """Replace the run's save."""
        with self.part(run_id) as part:
            part.write(save)
        self.take_part(run_id, run_id)

    def size(self, run_id: str) -> int:
        """Bytes of the run's save; 0 where there is none."""
        file = self.folder / run_id
        return file.stat().st_size if file.exists() else 0

    def pieces(self, run_id: str) -> Iterator[bytes]:
        """The run's save, piece by piece."""
        with (self.folder / run_id).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def read(self, run_id: str) -> Save | None:
        """The run's save; None where there is none."""
        try:
            return pickle.loads((self.folder / run_id).read_bytes())
        except FileNotFoundError:
            return None

    def keep_only(self, run_ids: set[str]) -> None:
        """Remove the saves of all other runs."""
        for run_id in self._names - run_ids:
            (self.folder / run_id).unlink(missing_ok=True)
        self._names &= run_ids

    def close(self) -> None:
        """Remove the folder."""
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _remove_abandoned(place: Path) -> None:
    for folder in place.glob(f"{PREFIX}*"):
        try:
            abandoned = _is_abandoned(folder / _LOCK)
        except OSError:
            continue  # another user's, or one that is just being made or removed
        if abandoned:
            shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(lock: Path) -> bool:
    if fcntl is None:
        lock.unlink()  # refused while a living process has it open
        return True
    with lock.open("rb+") as file:
        return _locked(file)


def _locked(lock: BinaryIO) -> bool:
    """Take a lock that goes with its process. Returns whether nobody else has it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
