"""Small pictures in rows, as one picture: each enlarged by a whole number, so that every pixel stays a square."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from plotly.colors import sample_colorscale, unlabel_rgb

from ui.charts import theme

Pixels = NDArray[np.uint8]  # (height, width, 4)
SIDE = 800  # pixels, about, of the wider side of the whole


def coloured(values: NDArray[np.floating], limit: float, *, signed: bool) -> Pixels:
    """Values as colours: from 0 to `limit`, or around 0 up to `limit` on both sides. What is not finite is see-through.

    A `limit` of 0 stands for values that are all 0.
    """
    limit = limit or 1.0
    low = -limit if signed else 0.0
    share = np.clip(np.nan_to_num((values.astype(float) - low) / (limit - low)), 0, 1)
    picture = _table(signed=signed)[(255 * share).round().astype(np.uint8)]
    picture[~np.isfinite(values)] = 0
    return picture


def shown(picture: Pixels, seen: NDArray[np.bool_] | None = None) -> Pixels:
    """A gray or coloured picture, (h, w), (h, w, 1) or (h, w, 3); what is not `seen` is see-through."""
    picture = picture if picture.ndim == 3 else picture[..., None]
    height, width, channels = picture.shape
    opaque = np.full((height, width, 1), 255, np.uint8) if seen is None else (255 * seen[..., None]).astype(np.uint8)
    return np.concatenate([np.repeat(picture, 3 // channels, axis=2), opaque], axis=2)


def montage(rows: Sequence[Sequence[Pixels]], gap: float = 0.1) -> Pixels:
    """Tiles of one size in rows, with see-through gaps of a share of a tile's width between them."""
    height, width, _ = rows[0][0].shape
    columns = max(map(len, rows))
    factor = max(1, SIDE // (columns * (width + 1)))
    space = max(2, round(gap * width * factor))
    across, down = width * factor + space, height * factor + space
    canvas = np.zeros((len(rows) * down - space, columns * across - space, 4), np.uint8)
    for row, tiles in enumerate(rows):
        for column, tile in enumerate(tiles):
            large = tile.repeat(factor, axis=0).repeat(factor, axis=1)
            canvas[row * down : row * down + height * factor, column * across : column * across + width * factor] = (
                large
            )
    return canvas


def centres(count: int, length: int, gap: float = 0.1) -> list[float]:
    """Middle of each of `count` tiles along a montage of `length` pixels, to within the rounding of a gap."""
    tile = length / (count + gap * (count - 1))
    return [place * tile * (1 + gap) + tile / 2 for place in range(count)]


@cache
def _table(*, signed: bool) -> Pixels:
    scale = theme.SIGNED if signed else theme.MAGNITUDE
    rgb = [unlabel_rgb(colour) for colour in sample_colorscale(scale, [index / 255 for index in range(256)])]
    return np.array([(*colour, 255) for colour in rgb]).round().astype(np.uint8)
