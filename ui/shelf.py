"""Where uploaded pictures lie, packed, so that the training processes can read them."""

import atexit
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from threading import Lock


class Shelf:
    """Files in a folder of this process alone. Its name cannot be guessed, and it goes when the process ends.

    When there is too much on it, the file goes that nobody has asked for longest, but never one of the last `least`:
    more runs than that do not wait for a worker. A run that has begun holds its pictures in memory.

    Args:
        most: files at most.
        most_bytes: that all of them may take up together.
        least: files that stay whatever they take up.
    """

    def __init__(self, most: int = 200, most_bytes: int = 500_000_000, least: int = 40) -> None:
        self._most, self._most_bytes, self._least = most, most_bytes, least
        self._lock = Lock()
        self._folder: Path | None = None
        self._sizes: dict[str, int] = {}  # by name, the one asked for last at the end

    def place(self, name: str, content: Callable[[], bytes]) -> Path:
        """The file called `name`, written with what `content` returns if it is not there. Any thread may ask."""
        path = self._home() / name
        if not path.exists():
            part = path.with_name(f"{uuid.uuid4().hex}.part")
            part.write_bytes(content())
            part.replace(path)
        with self._lock:
            self._sizes.pop(name, None)
            self._sizes[name] = path.stat().st_size
            self._clear()
        return path

    def _home(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="resnet-lab-"))
                atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
            return self._folder

    def _clear(self) -> None:
        assert self._folder is not None
        while len(self._sizes) > self._least and (
            len(self._sizes) > self._most or sum(self._sizes.values()) > self._most_bytes
        ):
            oldest = next(iter(self._sizes))
            del self._sizes[oldest]
            (self._folder / oldest).unlink(missing_ok=True)
