"""The folders of kept runs on disk: written whole or not at all, removed in one stroke, and read with suspicion."""

import os
import re
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path

from resnet_core.recipe import RunSpec
from resnet_core.store.about import About
from resnet_core.store.files import ABOUT, SPEC, digest, spec_from_json
from resnet_core.store.flaws import Flaw

PASSING = ".passing-"  # begins the name of a folder that is being written or removed
_RUN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Folders:
    """One folder per run. Whoever writes or removes holds the index's write lock, see index.py."""

    def __init__(self, place: Path) -> None:
        self._place = place
        place.mkdir(parents=True, exist_ok=True)

    def ids(self) -> list[str]:
        """The runs that have a folder."""
        with os.scandir(self._place) as entries:
            return [entry.name for entry in entries if is_run_id(entry.name) and entry.is_dir(follow_symlinks=False)]

    def clean(self) -> None:
        """Remove what a process left behind that was killed while it wrote or removed."""
        for left in self._place.glob(f"{PASSING}*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in self._place.glob(f"*/{PASSING}*"):
            left.unlink(missing_ok=True)

    def write(self, run_id: str, contents: Mapping[str, bytes]) -> None:
        """Put a run there, in place of an earlier one of the same id."""
        passing = self._passing()
        passing.mkdir()
        try:
            for name, content in contents.items():
                _write(passing / name, content)
            _settle(passing)
            self.remove(run_id)
            passing.rename(self._place / run_id)
        except BaseException:
            shutil.rmtree(passing, ignore_errors=True)
            raise
        _settle(self._place)

    def write_about(self, run_id: str, about: About) -> None:
        """Put another run.json in place of the one that is there."""
        new = self._place / run_id / f"{PASSING}{uuid.uuid4().hex}"
        _write(new, about.to_json())
        new.replace(self._place / run_id / ABOUT)

    def remove(self, run_id: str) -> None:
        """Take a run away. Does nothing where there is none."""
        passing = self._passing()
        try:
            (self._place / run_id).rename(passing)
        except FileNotFoundError:
            return
        shutil.rmtree(passing, ignore_errors=True)

    def stamp(self, run_id: str) -> str:
        """Changes whenever a file of the run does; empty where there is no run."""
        return ";".join(f"{name} {size} {changed}" for name, size, changed in self._entries(run_id))

    def size(self, run_id: str) -> int:
        """Bytes of all files of a run."""
        return sum(size for _, size, _ in self._entries(run_id))

    def created(self, run_id: str) -> float:
        """When its folder was last changed, for a run that does not say when it ended."""
        try:
            return (self._place / run_id).stat().st_mtime
        except OSError:
            return 0.0

    def owner(self, run_id: str) -> str:
        """Whose run it is, as far as run.json can still be read; empty where nobody knows."""
        try:
            return self._parse(run_id, ABOUT, About.from_json).owner
        except Flaw:
            return ""

    def about(self, run_id: str) -> tuple[RunSpec, About]:
        """What spec.json and run.json say. All other files are there and have the size that they should have.

        Raises:
            Flaw: a file is missing, has another size, or cannot be read.
        """
        about = self._parse(run_id, ABOUT, About.from_json)
        found = {name: size for name, size, _ in self._entries(run_id)}
        for name, (size, _) in about.files.items():
            if name not in found:
                raise Flaw(f"{name} is missing")
            if found[name] != size:
                raise Flaw(f"{name} has {found[name]} bytes, not {size}")
        if SPEC not in about.files:
            raise Flaw(f"{ABOUT} does not name {SPEC}")
        return self._parse(run_id, SPEC, spec_from_json), about

    def contents(self, run_id: str, about: About) -> dict[str, bytes]:
        """Every file that run.json names, checked against its checksum.

        Raises:
            Flaw: a file is missing or has changed.
        """
        contents = {name: self._read(run_id, name) for name in about.files}
        for name, content in contents.items():
            if digest(content) != about.files[name][1]:
                raise Flaw(f"{name} has changed since it was written")
        return contents

    def _parse(self, run_id: str, name: str, parse):  # noqa: ANN001, ANN202 - what `parse` returns
        try:
            return parse(self._read(run_id, name))
        except Flaw as flaw:
            raise Flaw(f"{name}: {flaw}") from None

    def _read(self, run_id: str, name: str) -> bytes:
        if "/" in name or "\\" in name or name.startswith("."):
            raise Flaw("it names a file that cannot be its own")
        try:
            return (self._place / run_id / name).read_bytes()
        except FileNotFoundError:
            raise Flaw(f"{name} is missing") from None
        except OSError as problem:
            raise Flaw(f"{name} cannot be read ({problem.strerror})") from None

    def _entries(self, run_id: str) -> list[tuple[str, int, int]]:
        try:
            with os.scandir(self._place / run_id) as entries:
                stats = [(entry.name, entry.stat()) for entry in entries if not entry.name.startswith(PASSING)]
        except OSError:
            return []
        return sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)

    def _passing(self) -> Path:
        return self._place / f"{PASSING}{uuid.uuid4().hex}"


def is_run_id(text: str) -> bool:
    """Whether a run, and so its folder, can be called this."""
    return _RUN_ID.fullmatch(text) is not None


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have the disk know the names in a folder, where the system can be asked to."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
