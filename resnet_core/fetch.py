"""Fetch a file from the web, check it, and go on where an interrupted download ended."""

import hashlib
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Literal, NamedTuple, cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from resnet_core.errors import DataError

PATIENCE = 30.0  # seconds without an answer
CHUNK = 1 << 18  # bytes

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where the server says


class Checksum(NamedTuple):
    """What a file must come to. Names of PyTorch's files end in the first eight digits of their SHA-256 sum."""

    algorithm: Literal["MD5", "SHA-256"]
    digits: str  # the first ones of its sum, hexadecimal

    def found(self, path: Path) -> str:
        """As many digits of the sum of a file."""
        with path.open("rb") as file:
            make = (lambda: hashlib.md5(usedforsecurity=False)) if self.algorithm == "MD5" else hashlib.sha256
            return hashlib.file_digest(file, make).hexdigest()[: len(self.digits)]

    def agrees(self, path: Path) -> bool:
        """Whether a file is there and is the right one."""
        return path.is_file() and self.found(path) == self.digits


def fetch(url: str, target: Path, checksum: Checksum, *, most: int, progress: Progress | None = None) -> Path:
    """Put what is at `url` into the file `target` and return it; a file that is there already is only checked.

    An interrupted download leaves a `.part` file, which the next call continues if the server can. `progress` may
    raise to cancel. More than `most` bytes are refused.

    Raises:
        DataError: no connection, the server refuses, or what came is not the file.
    """
    if not url.startswith(("http://", "https://")):
        raise DataError("The address {url!r} is not a web address. It must begin with https:// or http://.", url=url)
    if checksum.agrees(target):
        return target
    part = target.with_name(f"{target.name}.part")
    if checksum.agrees(part):
        return part.replace(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _receive(url, part, most, progress)
    except HTTPError as problem:
        problem.close()
        if problem.code == 416:  # the server has nothing beyond what is there, and that is not the file
            part.unlink()
            return fetch(url, target, checksum, most=most, progress=progress)
        raise DataError(
            "{url} answers {code} ({reason}). Check the address, or get the file elsewhere and give its path.",
            url=url,
            code=problem.code,
            reason=str(problem.reason),
        ) from None
    except (URLError, HTTPException, OSError) as problem:
        raise DataError(
            "{url} could not be downloaded ({problem}). Is this machine connected? What has arrived is kept, and "
            "trying again goes on from there. The lessons need no download: what they use is here already.",
            url=url,
            problem=str(problem),
        ) from None
    found = checksum.found(part)
    if found != checksum.digits:
        part.unlink()
        raise DataError(
            "What came from {url} has the {algorithm} sum {found} instead of {expected}: it is damaged or another "
            "file. It was deleted. Try again, or get the file elsewhere and give its path.",
            url=url,
            algorithm=checksum.algorithm,
            found=found,
            expected=checksum.digits,
        )
    return part.replace(target)


def _receive(url: str, part: Path, most: int, progress: Progress | None) -> None:
    done = part.stat().st_size if part.exists() else 0
    request = Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    with cast(HTTPResponse, urlopen(request, timeout=PATIENCE)) as answer:
        done = done if answer.status == 206 else 0  # anything but "partial content" starts from the beginning
        length = answer.headers.get("Content-Length")
        total = done + int(length) if length and length.isdecimal() else None
        with part.open("ab" if done else "wb") as file:
            while chunk := answer.read(CHUNK):
                done += file.write(chunk)
                if done > most:
                    raise OSError(f"more than {most // 1_000_000} MB")
                if progress is not None:
                    progress(done, total)
    if total is not None and done < total:
        raise OSError(f"the connection ended after {done} of {total} bytes")
