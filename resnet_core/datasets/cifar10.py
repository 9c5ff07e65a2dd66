"""CIFAR-10 as its authors publish it: the "python version", an archive or the folder that is unpacked from it.

Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images, chapter 3; www.cs.toronto.edu/~kriz/cifar.html.
"""

import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import cast

import numpy as np
from numpy.typing import NDArray

from resnet_core.datasets.archive_pickles import read_batch
from resnet_core.datasets.pictures import Pictures, average
from resnet_core.errors import ConfigError, DataError

SIZES = (8, 16, 32)
TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
FILES = (*TRAIN, "test_batch", "batches.meta")
MAX_FILE = 40_000_000  # bytes; the official batches have 31 million
MAX_BATCH = 10_000  # pictures


def load_cifar10(path: Path, size: int) -> Pictures:
    """All 50,000 and 10,000 pictures; at 16 and 8 pixels averages of 2x2 and 4x4.

    Args:
        path: cifar-10-python.tar.gz, or the folder with data_batch_1 to 5, test_batch and batches.meta, or its parent.
        size: pixels per side.

    Raises:
        ConfigError: another size.
        DataError: the path is not there, a file is missing or not what it should be.
    """
    if size not in SIZES:
        raise ConfigError(
            "size is {size!r}. CIFAR-10 is 32 pixels wide and comes in {sizes} pixels. Choose one of these.",
            size=size,
            sizes=", ".join(map(str, SIZES)),
        )
    files = _read_files(path)
    if missing := [name for name in FILES if name not in files]:
        raise DataError(
            "{path} lacks {missing}. It must be cifar-10-python.tar.gz, or the folder that is unpacked from it.",
            path=str(path),
            missing=", ".join(missing),
        )
    classes = _classes(files["batches.meta"])
    train = [_pictures(files[name], name, len(classes)) for name in TRAIN]
    test_images, test_labels = _pictures(files["test_batch"], "test_batch", len(classes))
    train_images = np.concatenate([images for images, _ in train])
    shrink = size < 32
    return Pictures(
        train_images=average(train_images, 32 // size) if shrink else train_images,
        train_labels=np.concatenate([labels for _, labels in train]),
        test_images=average(test_images, 32 // size) if shrink else test_images,
        test_labels=test_labels,
        classes=classes,
    )


def _read_files(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        inner = path / "cifar-10-batches-py"
        folder = inner if inner.is_dir() else path
        found = ((name, folder / name) for name in FILES)
        return {name: file.read_bytes() for name, file in found if file.is_file() and file.stat().st_size <= MAX_FILE}
    if not path.is_file():
        raise DataError(
            "There is nothing at {path}. Give the place of cifar-10-python.tar.gz, or of the folder that is unpacked "
            "from it, on the machine that trains.",
            path=str(path),
        )
    try:
        return dict(_read_archive(path))
    except (tarfile.TarError, OSError, EOFError, ValueError) as problem:
        raise DataError(
            "{path} cannot be read as a tar.gz archive ({problem}). It may be cut off: download it again.",
            path=str(path),
            problem=str(problem),
        ) from None


def _read_archive(path: Path) -> Iterator[tuple[str, bytes]]:
    """The archive's files in memory; nothing is unpacked to disk, so no name in it can point elsewhere."""
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            name = PurePosixPath(member.name).name
            if name in FILES and member.isfile() and member.size <= MAX_FILE:
                file = archive.extractfile(member)
                if file is not None:
                    yield name, file.read()


def _classes(data: bytes) -> tuple[str, ...]:
    names = read_batch(data, "batches.meta").get("label_names")
    if not isinstance(names, list) or not 2 <= len(names) <= 10 or not all(isinstance(name, str) for name in names):
        raise DataError("batches.meta does not name the ten classes. Download the archive again.")
    return tuple(names)


def _pictures(data: bytes, name: str, classes: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(N, 32, 32, 3) and (N,) from one batch, which keeps each picture as 1024 reds, then greens, then blues."""
    batch = read_batch(data, name)
    values, labels = batch.get("data"), batch.get("labels")
    sound = isinstance(values, np.ndarray) and values.ndim == 2 and values.shape[1] == 3072
    sound = sound and isinstance(labels, list) and 0 < len(labels) == len(cast(NDArray[np.uint8], values)) <= MAX_BATCH
    if not sound or not all(type(label) is int and 0 <= label < classes for label in cast(list[object], labels)):
        raise DataError(
            "{name} does not hold pictures of 3 x 32 x 32 bytes with one label each. Download the archive again.",
            name=name,
        )
    images = cast(NDArray[np.uint8], values).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return images, np.array(labels, dtype=np.int64)
