"""Your own pictures: a folder or a zip archive with one subfolder per class.

The folder that a picture lies in directly is its class, whatever lies around it. Archives are read member by member in
memory; nothing is ever unpacked to disk.
"""

import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from resnet_core.datasets.pictures import Pictures, split
from resnet_core.errors import DataError
from resnet_core.images import MAX_BYTES, picture_size, read_picture, square

MIN_CLASSES, MAX_CLASSES = 2, 100
MIN_PER_CLASS = 2  # one to learn from, one to test on
MAX_PICTURES = 5000
MAX_ARCHIVE_BYTES = 2_000_000_000  # unpacked
MAX_PIXELS_TOGETHER = 4_000_000_000  # of all pictures
TEST_SHARE = 0.2
MAX_NAME = 60  # characters of a class's name

_CLUTTER = {"__macosx", "thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class _Member:
    """A file that may be a picture."""

    name: str  # where it lies, for messages
    kind: str  # its class
    length: int  # bytes, as announced
    read: Callable[[], bytes]


def load_folder(path: Path, size: int) -> Pictures:
    """The pictures at `path`, a folder or a .zip, as centre squares of `size` pixels; 80 % train, 20 % test.

    Gray if every picture is gray, else RGB. What cannot be read is left out and named in `skipped`. The order of the
    files decides nothing: members are sorted by name and split by a fixed seed, class by class.

    Raises:
        DataError: the path is not there, or what is there breaks a limit of this module.
    """
    if path.is_dir():
        return _gather(_in_directory(path), size)
    if not path.is_file():
        raise DataError(
            "There is nothing at {path}. Give the place of a folder, or of a zip archive, with one subfolder of "
            "pictures per class, on the machine that trains.",
            path=str(path),
        )
    return read_zip(path, size)


def read_zip(archive: Path | bytes, size: int) -> Pictures:
    """As `load_folder`, from a zip archive on disk or in memory.

    Raises:
        DataError: not a zip archive, too much in it, or it breaks another limit of this module.
    """
    try:
        with zipfile.ZipFile(BytesIO(archive) if isinstance(archive, bytes) else archive) as file:
            members = _in_zip(file)
            _check_amount(members)
            return _gather(members, size)
    except DataError:
        raise
    except Exception as problem:  # noqa: BLE001 - a damaged archive raises errors of zipfile, struct, zlib, ...
        raise DataError(
            "This is not a zip archive that can be read ({problem}). Pack the folder again as a plain .zip.",
            problem=str(problem),
        ) from None


def _in_directory(path: Path) -> list[_Member]:
    members = []
    for parent, folders, files in os.walk(path):  # does not follow links
        folders[:] = sorted(name for name in folders if not _is_clutter(name))
        for name in sorted(files):
            file = Path(parent, name)
            if not _is_clutter(name) and file.is_file() and Path(parent) != path:
                short = file.relative_to(path).as_posix()
                members.append(_Member(short, file.parent.name, file.stat().st_size, file.read_bytes))
    return sorted(members, key=lambda member: member.name)


def _in_zip(file: zipfile.ZipFile) -> list[_Member]:
    members = []
    for entry in file.infolist():
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        if not entry.is_dir() and len(parts) > 1 and not any(_is_clutter(part) for part in parts):
            name, kind = "/".join(parts), parts[-2]
            members.append(_Member(name, kind, entry.file_size, lambda entry=entry: file.read(entry)))
    return sorted(members, key=lambda member: member.name)


def _is_clutter(name: str) -> bool:
    return name.startswith(".") or name.lower() in _CLUTTER


def _check_amount(members: Iterable[_Member]) -> None:
    """Before the first byte is unpacked. A member that unpacks to more than it announced is damaged to zipfile."""
    unpacked = sum(member.length for member in members)
    if unpacked > MAX_ARCHIVE_BYTES:
        raise DataError(
            "The archive would unpack to {megabytes:,.0f} MB. At most {limit:,.0f} MB are read. Use fewer or smaller "
            "pictures.",
            megabytes=unpacked / 1e6,
            limit=MAX_ARCHIVE_BYTES / 1e6,
        )


def _gather(members: list[_Member], size: int) -> Pictures:
    if len(members) > MAX_PICTURES:
        raise DataError(
            "There are {count} files. At most {limit} pictures are read. Leave some out.",
            count=len(members),
            limit=MAX_PICTURES,
        )
    kinds = _class_names(members)
    images, labels, skipped, pixels = [], [], [], 0
    for member in members:
        try:
            data = _bytes(member)
            pixels += int(np.prod(picture_size(data)))
            if pixels > MAX_PIXELS_TOGETHER:
                break
            images.append(square(read_picture(data), size))
            labels.append(kinds.index(_clean(member.kind)))
        except DataError as problem:
            skipped.append(f"{_clean(member.name)}: {problem}")
    if pixels > MAX_PIXELS_TOGETHER:
        raise DataError(
            "The pictures have more than {limit} million pixels together. Save them smaller: {size} by {size} is all "
            "that the network will see.",
            limit=MAX_PIXELS_TOGETHER // 1_000_000,
            size=size,
        )
    return _divide(images, np.array(labels, dtype=np.int64), kinds, tuple(skipped))


def _bytes(member: _Member) -> bytes:
    if member.length > MAX_BYTES:
        raise DataError("larger than {limit:.0f} MB.", limit=MAX_BYTES / 1e6)
    try:
        return member.read()
    except Exception as problem:  # noqa: BLE001 - a damaged member raises errors of zlib, lzma, struct, zipfile, ...
        raise DataError("cannot be unpacked ({problem}).", problem=str(problem)) from None


def _class_names(members: list[_Member]) -> tuple[str, ...]:
    kinds = tuple(sorted({_clean(member.kind) for member in members}))
    if not MIN_CLASSES <= len(kinds) <= MAX_CLASSES:
        raise DataError(
            "There are {count} subfolders with files in them ({names}). Make one subfolder per class, from {low} to "
            "{high}, and put the pictures of each class into its own.",
            count=len(kinds),
            names=", ".join(kinds[:5]) + (", ..." if len(kinds) > 5 else ""),
            low=MIN_CLASSES,
            high=MAX_CLASSES,
        )
    return kinds


def _clean(name: str) -> str:
    """A name fit to be shown: no control characters, no endless lengths."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:MAX_NAME]


def _divide(
    images: list[NDArray[np.uint8]], labels: NDArray[np.int64], kinds: tuple[str, ...], skipped: tuple[str, ...]
) -> Pictures:
    counts = np.bincount(labels, minlength=len(kinds))
    if counts.min() < MIN_PER_CLASS:
        raise DataError(
            "Class {name!r} has {count} readable pictures. Each class needs at least {low}: one to learn from and one "
            "to test on. {skipped} files could not be read as pictures. {first}",
            name=kinds[int(counts.argmin())],
            count=int(counts.min()),
            low=MIN_PER_CLASS,
            skipped=len(skipped),
            first=skipped[0] if skipped else "",
        )
    every = np.stack(images)
    if (every == every[..., :1]).all():
        every = every[..., :1]
    train, test = split(labels, TEST_SHARE, seed=0)
    return Pictures(
        train_images=every[train],
        train_labels=labels[train],
        test_images=every[test],
        test_labels=labels[test],
        classes=kinds,
        skipped=skipped,
    )
