"""The file of a run that somebody uploads: every byte is looked at before any of it is believed."""

import io
import zipfile
from typing import NamedTuple

from resnet_core.archive import FOR_PEOPLE
from resnet_core.errors import StoreError
from resnet_core.recipe import RunSpec
from resnet_core.records import RunResult
from resnet_core.store.about import About
from resnet_core.store.apart import read_metrics_apart
from resnet_core.store.files import (
    ABOUT,
    MAX_SPEC_BYTES,
    METRICS,
    SPEC,
    check_result,
    digest,
    spec_from_json,
    weights_name,
)
from resnet_core.store.flaws import Flaw, shortened
from resnet_core.store.plausible import check_about, check_records, checked_weights
from resnet_core.store.strict_json import MAX_BYTES as MAX_ABOUT

MAX_BYTES = 20_000_000  # as pictures and zips of pictures
MAX_UNPACKED = 100_000_000
MAX_MEMBERS = 16
MAX_RATIO = 200  # of a member of more than a megabyte; the CSV files of long runs come to 30
MAX_DIRECTORY = 500 * MAX_MEMBERS  # bytes
WEIGHTS = tuple(map(weights_name, range(RunSpec.MAX_NETWORKS)))
LIMITS = {SPEC: MAX_SPEC_BYTES, ABOUT: MAX_ABOUT, METRICS: MAX_BYTES} | dict.fromkeys(WEIGHTS, MAX_BYTES)

_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"


class Incoming(NamedTuple):
    """A run that was unpacked and checked."""

    spec: RunSpec
    result: RunResult
    name: str


def unpack_run(content: bytes) -> Incoming:
    """Read what `pack_run` packed, trusting none of it. Weights and steps come back as our own writers write them.

    Raises:
        StoreError: too large, not the file of a run, changed since it was packed, or it says what cannot be.
    """
    if len(content) > MAX_BYTES:
        raise StoreError(
            "The file has {size:.1f} MB. Files of runs are read up to {limit:.0f} MB. Choose a smaller run.",
            size=len(content) / 1e6,
            limit=MAX_BYTES / 1e6,
        )
    try:
        files = _members(content)
    except Flaw as flaw:
        raise _not_a_run(flaw) from None
    except Exception as problem:  # noqa: BLE001 - a damaged archive raises errors of zipfile, struct, zlib, ...
        raise _not_a_run(Flaw(f"it cannot be unpacked: {type(problem).__name__}")) from None
    try:
        return _read(files)
    except Flaw as flaw:
        raise StoreError(
            "This file of a run cannot be used: {problem}. Download the run again, and bring the file as it comes.",
            problem=str(flaw),
        ) from None


def _members(content: bytes) -> dict[str, bytes]:
    _check_directory(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        for name in names:
            if name not in LIMITS and name not in FOR_PEOPLE:
                raise Flaw(f"it has a file called {shortened(name)}, which no run has")
        if len(set(names)) != len(names):
            raise Flaw("it has two files of the same name")
        if missing := sorted({SPEC, ABOUT, METRICS} - set(names)):
            raise Flaw(f"it has no {missing[0]}")
        for entry in entries:
            _check_entry(entry)
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Flaw(f"unpacked, it would have more than {MAX_UNPACKED / 1e6:.0f} MB")
        return {entry.filename: _unpacked(archive, entry) for entry in entries if entry.filename in LIMITS}


def _check_directory(content: bytes) -> None:
    """Before zipfile makes an object of every entry: a directory of 20 MB would have it do so half a million times."""
    end = content.rfind(_END, max(0, len(content) - 65_557))
    if end < 0 or len(content) < end + 22:
        raise Flaw("it is not a zip archive, or only a part of one")
    count, size = (int.from_bytes(content[end + at : end + at + length], "little") for at, length in ((10, 2), (12, 4)))
    if count > MAX_MEMBERS or size > MAX_DIRECTORY or content[max(0, end - 20) : end].startswith(_END_64):
        raise Flaw(f"it has more than {MAX_MEMBERS} files")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Flaw(f"{name} in it is encrypted, or packed in a way that is not read")
    if name in LIMITS and entry.file_size > LIMITS[name]:
        raise Flaw(f"{name} in it has {entry.file_size} bytes and may have {LIMITS[name]}")
    if entry.file_size > max(1_000_000, MAX_RATIO * entry.compress_size):
        raise Flaw(f"{name} in it would unpack to more than {MAX_RATIO} times its size")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise Flaw(f"{entry.filename} in it has another size than it says")
    return content


def _read(files: dict[str, bytes]) -> Incoming:
    about = _of(ABOUT, lambda: About.from_json(files[ABOUT]))
    _check_sums(about, files)
    spec = _of(SPEC, lambda: spec_from_json(files[SPEC]))
    _of(ABOUT, lambda: check_about(spec, about))
    packed = [(name, files[name]) for name in WEIGHTS if name in files]
    weights = checked_weights(spec, about.header, packed)
    steps = spec.training.steps * len(spec.networks)
    records = _of(METRICS, lambda: read_metrics_apart(files[METRICS], steps))
    result = RunResult(about.header, records, weights, about.state, about.seconds)
    check_result(spec, result)
    _of(METRICS, lambda: check_records(spec, result))
    return Incoming(spec, result, about.name)


def _check_sums(about: About, files: dict[str, bytes]) -> None:
    if set(about.files) != set(files) - {ABOUT}:
        raise Flaw(f"{ABOUT} names other files than there are")
    for name, (size, checksum) in about.files.items():
        if (len(files[name]), digest(files[name])) != (size, checksum):
            raise Flaw(f"{name} has changed since it was written")


def _of(name: str, read):  # noqa: ANN001, ANN202 - what `read` returns
    try:
        return read()
    except Flaw as flaw:
        raise Flaw(f"{name}: {flaw}") from None


def _not_a_run(flaw: Flaw) -> StoreError:
    return StoreError(
        'This is not the file of a run ({problem}). Choose a file that "Download this run" gave, just as it came.',
        problem=str(flaw),
    )
