"""What was built on residual blocks: grouped bottlenecks of equal cost, and the pyramid that a detector reads."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Member(NamedTuple):
    """A network of ResNeXt's equal-cost family."""

    groups: int  # the cardinality
    group_width: int  # channels of each group in the first stage, the paper's d
    parameters: int  # of the whole network
    macs: int  # ... for one picture
    block_parameters: int  # weights of the convolutions of one block of the first stage, 256 channels in and out
    block_macs: int

    @property
    def name(self) -> str:
        """As in the paper: "32×4d"."""
        return f"{self.groups}×{self.group_width}d"


@dataclass(frozen=True, slots=True, eq=False)
class FamilyReport:
    """The family, and who reads whom in the 3x3 of one member."""

    size: int  # of the picture, pixels
    members: tuple[Member, ...]
    shown: int  # index of the member whose wiring is shown
    wiring: NDArray[
        np.float32
    ]  # (channels out, channels in)  L2 norm of each 3x3 kernel; exactly 0 where there is none


class Level(NamedTuple):
    """One level of a pyramid."""

    name: str  # "C2" to "C5", or "P6"
    stride: int  # pixels of the picture between two neighbouring cells
    side: int  # cells per side
    channels: int
    field: int  # side in pixels of the square that one unit can see at most, its theoretical receptive field
    area: int  # of its anchors, pixels


@dataclass(frozen=True, slots=True, eq=False)
class PyramidReport:
    """What a backbone hands to a detector for one picture, and what the top-down path makes of it."""

    picture: NDArray[np.uint8]  # (size, size, 3)  what went in, before normalising
    levels: tuple[Level, ...]  # C2, C3, C4, C5, P6
    backbone: tuple[NDArray[np.float32], ...]  # C2 to C5: (side, side), mean over the channels of the activations
    lateral: tuple[NDArray[np.float32], ...]  # levels 2 to 5: (side, side), the 1x1's output in `channel`
    above: tuple[NDArray[np.float32], ...]  # ... the coarser sum upsampled; all zero at level 5, which has none above
    sums: tuple[NDArray[np.float32], ...]  # ... P, the sum of the two
    lateral_norms: NDArray[np.float64]  # (4,)  L2 norm over all channels
    above_norms: NDArray[np.float64]  # (4,)
    channel: int  # from 0
    channels: int  # of the top-down path
    anchors: NDArray[np.float64]  # (5, 3, 2)  width and height in pixels of each level's three anchors
