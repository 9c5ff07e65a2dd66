"""Fetch the CIFAR-10 archive, check it, and go on where an interrupted download ended."""

import hashlib
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from resnet_core.errors import DataError

CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
CIFAR10_MD5 = "c58f30108f718f92721af3b95e74349a"  # as published beside the archive
MAX_BYTES = 400_000_000
PATIENCE = 30.0  # seconds without an answer
CHUNK = 1 << 18  # bytes

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where the server says


def download_cifar10(
    folder: Path, *, url: str = CIFAR10_URL, md5: str = CIFAR10_MD5, progress: Progress | None = None
) -> Path:
    """Put cifar-10-python.tar.gz into `folder` and return its path; an archive that is there already is only checked.

    An interrupted download leaves a `.part` file, which the next call continues if the server can. `progress` may
    raise to cancel.

    Raises:
        DataError: no connection, the server refuses, or what came is not the archive.
    """
    if not url.startswith(("http://", "https://")):
        raise DataError("The address {url!r} is not a web address. It must begin with https:// or http://.", url=url)
    target = folder / "cifar-10-python.tar.gz"
    if target.is_file() and _md5(target) == md5:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".gz.part")
    if part.is_file() and _md5(part) == md5:
        return part.replace(target)
    try:
        _fetch(url, part, progress)
    except HTTPError as problem:
        problem.close()
        if problem.code == 416:  # the server has nothing beyond what is there, and that is not the archive
            part.unlink()
            return download_cifar10(folder, url=url, md5=md5, progress=progress)
        raise DataError(
            "{url} answers {code} ({reason}). Check the address, or get the archive elsewhere and give its path.",
            url=url,
            code=problem.code,
            reason=str(problem.reason),
        ) from None
    except (URLError, HTTPException, OSError) as problem:
        raise DataError(
            "{url} could not be downloaded ({problem}). Is this machine connected? What has arrived is kept, and "
            "trying again goes on from there. The lessons need no download: fashion and digits are here already.",
            url=url,
            problem=str(problem),
        ) from None
    found = _md5(part)
    if found != md5:
        part.unlink()
        raise DataError(
            "What came from {url} has the MD5 sum {found} instead of {md5}: it is damaged or another file. It was "
            "deleted. Try again, or get the archive elsewhere and give its path.",
            url=url,
            found=found,
            md5=md5,
        )
    return part.replace(target)


def _fetch(url: str, part: Path, progress: Progress | None) -> None:
    done = part.stat().st_size if part.exists() else 0
    request = Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    with cast(HTTPResponse, urlopen(request, timeout=PATIENCE)) as answer:
        done = done if answer.status == 206 else 0  # anything but "partial content" starts from the beginning
        length = answer.headers.get("Content-Length")
        total = done + int(length) if length and length.isdecimal() else None
        with part.open("ab" if done else "wb") as file:
            while chunk := answer.read(CHUNK):
                done += file.write(chunk)
                if done > MAX_BYTES:
                    raise OSError(f"more than {MAX_BYTES // 1_000_000} MB")
                if progress is not None:
                    progress(done, total)
    if total is not None and done < total:
        raise OSError(f"the connection ended after {done} of {total} bytes")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
