"""Fetch the CIFAR-10 archive, check it, and go on where an interrupted download ended."""

from pathlib import Path

from resnet_core.fetch import Checksum, Progress, fetch

CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
CIFAR10_MD5 = "c58f30108f718f92721af3b95e74349a"  # as published beside the archive
MAX_BYTES = 400_000_000


def download_cifar10(
    folder: Path, *, url: str = CIFAR10_URL, md5: str = CIFAR10_MD5, progress: Progress | None = None
) -> Path:
    """Put cifar-10-python.tar.gz into `folder` and return its path; an archive that is there already is only checked.

    Raises:
        DataError: see `fetch`.
    """
    target = folder / "cifar-10-python.tar.gz"
    return fetch(url, target, Checksum("MD5", md5), most=MAX_BYTES, progress=progress)
