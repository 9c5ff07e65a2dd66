"""The ImageNet weights that torchvision publishes: a choice, never needed, and fetched only when somebody asks.

Version 1 of each network's weights, those of the original recipe; accuracies as torchvision states them for the centre
crop of 224 pixels. The networks are v1.5 where they have bottlenecks.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from resnet_core.errors import DataError
from resnet_core.fetch import Checksum, Progress, fetch
from resnet_core.store.settings import StoreSettings

PUBLISHER = "https://download.pytorch.org/models"
MEGABYTE = 1 << 20  # as torchvision counts
CLASSES = Path(__file__).parent.parent / "assets" / "weights" / "imagenet_classes.txt"


class OfficialWeights(NamedTuple):
    """One network's file."""

    network: str  # as `preset` knows it
    file: str
    megabytes: float  # of 2^20 bytes
    accuracy: float  # percent, top-1 on ImageNet's validation pictures

    @property
    def checksum(self) -> Checksum:
        """The digits at the end of the file's name."""
        return Checksum("SHA-256", self.file.removesuffix(".pth").rpartition("-")[2])


OFFICIAL = {
    entry.network: entry
    for entry in (
        OfficialWeights("resnet18", "resnet18-f37072fd.pth", 44.661, 69.758),
        OfficialWeights("resnet34", "resnet34-b627a593.pth", 83.275, 73.314),
        OfficialWeights("resnet50", "resnet50-0676ba61.pth", 97.781, 76.13),
        OfficialWeights("resnet101", "resnet101-63fe2227.pth", 170.511, 77.374),
        OfficialWeights("resnet152", "resnet152-394f9c45.pth", 230.434, 78.312),
        OfficialWeights("resnext50_32x4d", "resnext50_32x4d-7cdf4587.pth", 95.789, 77.618),
    )
}


def official_file(network: str) -> Path | None:
    """The file of a network's weights, if this machine has it: in RESNET_LAB_WEIGHTS_DIR, or fetched before.

    A file of that name with another sum does not count.
    """
    entry = OFFICIAL[network]
    places = [Path(given) for given in [os.environ.get("RESNET_LAB_WEIGHTS_DIR", "")] if given]
    for folder in (*places, cache_folder()):
        path = folder / entry.file
        if path.is_file() and _agrees(path, path.stat().st_mtime_ns, entry.checksum):
            return path
    return None


@lru_cache(maxsize=64)
def _agrees(path: Path, _changed: int, checksum: Checksum) -> bool:
    """Looked at once per change of the file: a sum of 200 MB takes a moment."""
    return checksum.agrees(path)


def fetch_official(network: str, *, publisher: str = "", progress: Progress | None = None) -> Path:
    """The file of a network's weights, downloaded if this machine does not have it. See `fetch` for interruptions.

    `publisher`, else RESNET_LAB_WEIGHTS_URL, else PyTorch's own address, is where the files lie.

    Raises:
        DataError: no connection, the server refuses, or what came is not the file.
    """
    entry = OFFICIAL[network]
    if (there := official_file(network)) is not None:
        return there
    place = publisher or os.environ.get("RESNET_LAB_WEIGHTS_URL", "") or PUBLISHER
    most = int(2 * entry.megabytes * MEGABYTE)
    target = cache_folder() / entry.file
    return fetch(f"{place.rstrip('/')}/{entry.file}", target, entry.checksum, most=most, progress=progress)


def imagenet_classes() -> tuple[str, ...]:
    """The thousand classes in the order of the networks' outputs.

    Raises:
        DataError: the file that comes along is not there.
    """
    try:
        return tuple(CLASSES.read_text(encoding="utf-8").splitlines())
    except OSError as problem:
        raise DataError(
            "The names of ImageNet's classes cannot be read: {problem}. Restore the folder assets.", problem=problem
        ) from None


def cache_folder() -> Path:
    """Where fetched weights are kept: below RESNET_LAB_HOME."""
    return StoreSettings.from_environment().home / "weights"
