"""Pictures in one .npz: JPEG images of one size whose common header is stored once.

Image i is `header` and the next `len_train[i]` bytes of `body_train`, likewise for the test part; `y_train` and
`y_test` are indices into `classes`. What the pictures are, an archive does not say.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resnet_core.datasets.pictures import Pictures, average
from resnet_core.errors import ConfigError, DataError

MAX_IMAGES = 200_000
MAX_SIDE = 256  # pixels


def load_jpegs(path: Path, size: int) -> Pictures:
    """All pictures, at their own size, or averaged where `size` divides it.

    Raises:
        ConfigError: the pictures do not come in this size.
        DataError: there is no such file, or it is not such an archive, or a damaged one.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:  # np.load alone leaves it open
            content = dict(file)
        train, test = (_decoded(content, part) for part in ("train", "test"))
        labels = [content[f"y_{part}"].astype(np.int64) for part in ("train", "test")]
        classes = tuple(map(str, content["classes"]))
        if any(len(one) != len(images) for one, images in zip(labels, (train, test), strict=True)):
            raise ValueError("pictures and labels differ in number")
        if max(map(np.max, labels)) >= len(classes):
            raise ValueError("a label has no class")
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        raise DataError(
            "{path} cannot be read as an archive of JPEG pictures ({problem}). It may be cut off: fetch it again.",
            path=path.name,
            problem=f"{type(problem).__name__}: {problem}",
        ) from None
    side = train.shape[1]
    if size > side or side % size:
        raise ConfigError(
            "size is {size!r}. These pictures are {side} pixels wide. Choose {side}, or a size that divides it.",
            size=size,
            side=side,
        )
    smaller = [images if size == side else average(images, side // size) for images in (train, test)]
    return Pictures(smaller[0], labels[0], smaller[1], labels[1], classes)


def _decoded(content: Mapping[str, NDArray[np.generic]], part: str) -> NDArray[np.uint8]:
    """(N, side, side, 3)."""
    header, body = content["header"].tobytes(), content[f"body_{part}"].tobytes()
    ends = np.cumsum(content[f"len_{part}"], dtype=np.int64)
    if not 0 < len(ends) <= MAX_IMAGES or ends[-1] != len(body):
        raise ValueError(f"the lengths of {len(ends)} pictures do not add up to {len(body)} bytes")
    first = _open(header, body[: ends[0]])
    side = first.size[0]
    if first.size != (side, side) or side > MAX_SIDE:
        raise ValueError(f"its pictures have {first.size[0]} x {first.size[1]} pixels")
    images = np.empty((len(ends), side, side, 3), dtype=np.uint8)
    begin = 0
    for index, end in enumerate(ends):
        image = _open(header, body[begin:end])
        if image.size != first.size:  # before anything is decoded
            raise ValueError(f"picture {index} has another size")
        images[index] = np.asarray(image.convert("RGB"))
        begin = end
    return images


def _open(header: bytes, body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(header + body), formats=("JPEG",))
