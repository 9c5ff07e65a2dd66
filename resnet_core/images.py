"""Pictures: bytes to a checked array, and an array to what a network takes.

Uploads are not to be trusted. Only four formats are tried, sizes are checked before anything is decoded, and whatever
goes wrong inside a decoder becomes a DataError. torch is imported only to make a tensor, so that a web server can
check an upload without it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resnet_core.errors import ConfigError, DataError
from resnet_core.signatures import ALLOWED, looks_like

if TYPE_CHECKING:
    from torch import Tensor

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000  # pixels
STRIP_PIXELS = 1_000_000  # that are converted at once
IMAGENET_MEAN = (0.485, 0.456, 0.406)  # of ImageNet's training pictures, red, green, blue; torchvision's constants
IMAGENET_STD = (0.229, 0.224, 0.225)

_ORIENTATION = 0x0112  # the EXIF tag
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_picture(data: bytes, max_side: int = 1024) -> NDArray[np.uint8]:
    """An upright (H, W, 3) picture, neither side longer than `max_side` pixels.

    Of a GIF or an animation the first frame; 16 bits per channel scaled to 8; transparency laid on white; CMYK
    converted without a colour profile; turned the way its EXIF tag says.

    Raises:
        DataError: empty, damaged, too large, or not a PNG, JPEG, WebP or GIF.
    """
    image = _open(data)
    try:
        image.draft(image.mode, (max_side, max_side))  # a JPEG can be decoded at 1/2, 1/4 or 1/8; others ignore this
        image.load()
        turn = _UPRIGHT.get(_orientation(image))
        image = _shrunk(image, max_side)
        return np.array(image if turn is None else image.transpose(turn))
    except Exception as problem:  # noqa: BLE001 - on damaged data a decoder raises almost anything
        raise DataError(
            "This file starts like {kind} but cannot be decoded ({problem}). It may be cut off or damaged. Open it in "
            "a picture editor, save it again as PNG or JPEG, and try that.",
            kind=looks_like(data),
            problem=str(problem),
        ) from None


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels as the header says them, checked against the limits; nothing is decoded.

    Raises:
        DataError: empty, too large, or not a PNG, JPEG, WebP or GIF.
    """
    return _open(data).size


def square(picture: NDArray[np.uint8], size: int, channels: int = 3) -> NDArray[np.uint8]:
    """The centre square of an (H, W, 3) picture at `size` pixels, (size, size, channels). Training sees the same.

    Shrinking averages with a triangle filter, which leaves no aliases; gray is 0.299 R + 0.587 G + 0.114 B (BT.601).
    """
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    image = Image.fromarray(picture[top : top + side, left : left + side])
    if channels == 1:
        image = image.convert("L")
    shrunk = np.array(image.resize((size, size), Image.Resampling.BILINEAR))
    return shrunk.reshape(size, size, channels)


def to_input(
    picture: NDArray[np.uint8],
    size: int,
    channels: int = 3,
    mean: Sequence[float] = IMAGENET_MEAN,
    std: Sequence[float] = IMAGENET_STD,
) -> Tensor:
    """The centre square of an (H, W, 3) picture as a normalised (1, channels, size, size) batch.

    Raises:
        ConfigError: channels is neither 1 nor 3, or mean and std do not have one number per channel.
    """
    if channels not in (1, 3) or not len(mean) == len(std) == channels:
        raise ConfigError(
            "A picture becomes {channels} channels with {means} means and {stds} deviations. Ask for 1 or 3 channels "
            "and give one mean and one deviation for each.",
            channels=channels,
            means=len(mean),
            stds=len(std),
        )
    import torch

    values = torch.from_numpy(square(picture, size, channels)).permute(2, 0, 1)[None].float() / 255
    return (values - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


def _open(data: bytes) -> Image.Image:
    if not data:
        raise DataError("The file is empty. Choose a {allowed} picture.", allowed=ALLOWED)
    if len(data) > MAX_BYTES:
        raise DataError(
            "The picture has {megabytes:.0f} MB. At most {limit:.0f} MB are read. Save it smaller and try again.",
            megabytes=len(data) / 1e6,
            limit=MAX_BYTES / 1e6,
        )
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:  # noqa: BLE001 - on damaged data a decoder raises almost anything
        raise DataError(
            "This file looks like {kind} and cannot be read as a picture. Choose a {allowed} picture.",
            kind=looks_like(data),
            allowed=ALLOWED,
        ) from None
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise _too_large()
    return image


def _too_large() -> DataError:
    return DataError(
        "The picture has too many pixels. At most {millions} million are read, and no side longer than {side}. "
        "Save it smaller and try again.",
        millions=MAX_PIXELS // 1_000_000,
        side=MAX_SIDE,
    )


def _shrunk(image: Image.Image, max_side: int) -> Image.Image:
    """`image` in RGB on white, no side longer than `max_side`.

    A large picture is first averaged over whole squares of pixels, strip by strip, so that nothing but the picture
    itself is ever held at full size. Half of what could be averaged is left to the triangle filter.
    """
    width, height = image.size
    factor = max(width, height) // (2 * max_side)
    if factor < 2:
        image = _eight_bit(image)
        image.thumbnail((max_side, max_side), Image.Resampling.BILINEAR)
        return image
    averaged = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    rows = factor * (1 + STRIP_PIXELS // (factor * width))
    for top in range(0, height, rows):
        strip = _eight_bit(image.crop((0, top, width, min(top + rows, height))))
        averaged.paste(strip.reduce(factor), (0, top // factor))
    shrink = max_side / max(width, height)
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    return averaged.resize(size, Image.Resampling.BILINEAR, box=(0, 0, width / factor, height / factor))


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit gray, which convert() would clip at 255 instead of scaling
        sixteen = np.asarray(image).astype(np.uint32)
        image = Image.fromarray(((sixteen + 128) // 257).astype(np.uint8))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return image.convert("RGB")


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a damaged tag is no reason to refuse the picture
        return 1
