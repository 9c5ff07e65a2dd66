"""What a network makes of a picture."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LayerMaps:
    """What one layer made of a picture."""

    name: str
    stage: int  # 0 is the stem
    block: int  # from 0 in its stage
    maps: NDArray[np.float32]  # (channels, height, width)
    deviation: float = field(init=False)  # standard deviation of all values; infinite where they are not finite

    def __post_init__(self) -> None:
        with np.errstate(invalid="ignore"):  # in float64: the square of a large float32 overflows
            deviation = float(self.maps.std(dtype=np.float64))
        object.__setattr__(self, "deviation", deviation if math.isfinite(deviation) else math.inf)


@dataclass(frozen=True, slots=True, eq=False)
class BlockAnatomy:
    """The two paths of one residual block and their sum, for one picture. All (channels, height, width)."""

    name: str
    x: NDArray[np.float32]
    shortcut: NDArray[np.float32] | None  # x brought to the output's shape; None for a plain block
    branch: NDArray[np.float32]  # F(x)
    total: NDArray[np.float32]  # shortcut(x) + F(x), before the last ReLU

    @property
    def branch_over_shortcut(self) -> float:
        """norm(F(x)) / norm(shortcut(x)); NaN for a plain block."""
        if self.shortcut is None:
            return float("nan")
        with np.errstate(divide="ignore", invalid="ignore"):
            # in float64: the square of a large float32 overflows long before the value itself does
            return float(np.linalg.norm(self.branch.astype(float)) / np.linalg.norm(self.shortcut.astype(float)))


@dataclass(frozen=True, slots=True, eq=False)
class PictureReport:
    """How a network sees one picture."""

    picture: NDArray[np.uint8]  # (height, width) or (height, width, 3): what went in, before normalising
    layers: tuple[LayerMaps, ...]  # stem, then every block
    scores: NDArray[np.float64]  # (classes,)  softmax
    classes: tuple[str, ...]
