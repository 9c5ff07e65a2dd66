"""Pictures that are always there: photographs from assets/images, and a drawing with edges of every kind."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FOLDER = Path(__file__).parents[1] / "assets" / "images"


def sample_pictures() -> dict[str, Path]:
    """The photographs, by name: read one with `read_picture(path.read_bytes())`. Their README names the authors."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.jpg"))}


def edge_pattern(size: int = 224) -> NDArray[np.uint8]:
    """A (size, size, 3) drawing: upright stripes that get finer, level stripes, a disc, and the eight colour bars."""
    half = size // 2
    across, down = np.meshgrid(np.linspace(0, 1, half), np.linspace(0, 1, half))
    finer = np.sin(2 * np.pi * (1 + 7 * across) * across) > 0
    level = np.sin(2 * np.pi * 4 * down) > 0
    disc = (across - 0.5) ** 2 + (down - 0.5) ** 2 < 0.35**2
    bars = (across * 8).astype(int).clip(0, 7)[..., None] >> np.array([2, 1, 0]) & 1
    gray = [np.repeat(part[..., None], 3, axis=2) for part in (finer, level, disc)]
    drawn = np.vstack([np.hstack([gray[0], gray[1]]), np.hstack([gray[2], bars > 0])])
    return np.pad(drawn.astype(np.uint8) * 255, ((0, size - 2 * half), (0, size - 2 * half), (0, 0)), mode="edge")
