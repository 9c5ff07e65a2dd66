"""A checked folder as one .npz: what a web server writes once after an upload, and a worker reads many times.

The archive that a visitor sent is never kept. What is kept was decoded, cut and counted here, and holds no pickle.
"""

from io import BytesIO
from pathlib import Path

import numpy as np

from resnet_core.datasets.folder import MAX_CLASSES, MAX_PICTURES, read_zip
from resnet_core.datasets.pictures import Pictures
from resnet_core.errors import ConfigError, DataError

MAX_PACKED_BYTES = 200_000_000  # 5,000 pictures of 64 x 64 x 3 have 61 million


def pack_folder(archive: bytes, size: int) -> tuple[bytes, Pictures]:
    """The .npz for a zip archive that was uploaded, and what is in it (classes, counts, `skipped`) to tell the visitor.

    Write the bytes to a file and name that file in `DataConfig(name="folder", size=size, path=...)`.

    Raises:
        DataError: the archive is no such folder; the message says what is wrong and what to do.
    """
    pictures = read_zip(archive, size)
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        train_images=pictures.train_images,
        train_labels=pictures.train_labels,
        test_images=pictures.test_images,
        test_labels=pictures.test_labels,
        classes=np.array(pictures.classes),
        skipped=np.array(pictures.skipped, dtype=np.str_),
    )
    return buffer.getvalue(), pictures


def load_packed(path: Path, size: int) -> Pictures:
    """Read what `pack_folder` made.

    Raises:
        ConfigError: it was packed at another size.
        DataError: the file is gone, or it is not such a file, or a damaged one.
    """
    if not path.exists():
        raise DataError("The pictures that were uploaded are no longer on the server. Upload them again.")
    try:
        with np.load(path, allow_pickle=False) as file:
            if sum(entry.file_size for entry in file.zip.infolist()) > MAX_PACKED_BYTES:
                raise DataError("it is too large")
            pictures = Pictures(
                train_images=file["train_images"],
                train_labels=file["train_labels"],
                test_images=file["test_images"],
                test_labels=file["test_labels"],
                classes=tuple(map(str, file["classes"])),
                skipped=tuple(map(str, file["skipped"])),
            )
            _check(pictures)
    except Exception as problem:  # noqa: BLE001 - a damaged file raises errors of numpy, zipfile, zlib, struct, ...
        raise DataError(
            "{path} is not a packed folder of pictures ({problem}). Upload the pictures again.",
            path=path.name,
            problem=str(problem),
        ) from None
    if (found := pictures.train_images.shape[1]) != size:
        raise ConfigError(
            "size is {size!r}, and the pictures were packed at {found} pixels. Choose {found}, or upload them again.",
            size=size,
            found=found,
        )
    return pictures


def _check(pictures: Pictures) -> None:
    sides = pictures.train_images.shape[1:]
    if len(sides) != 3 or sides[0] != sides[1] or sides[2] not in (1, 3) or len(pictures.classes) > MAX_CLASSES:
        raise DataError("its pictures have the wrong shape")
    for images, labels in (
        (pictures.train_images, pictures.train_labels),
        (pictures.test_images, pictures.test_labels),
    ):
        same = images.shape[1:] == sides and images.dtype == np.uint8 and labels.dtype == np.int64
        if not same or labels.shape != images.shape[:1] or not 0 < len(labels) <= MAX_PICTURES:
            raise DataError("its pictures and labels do not match")
        if labels.min() < 0 or labels.max() >= len(pictures.classes):
            raise DataError("it has labels without a class")
