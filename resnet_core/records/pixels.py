"""What 1x1 convolutions make of a picture, and how long convolutions of many sizes take."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class PixelMix:
    """A picture, one or two 1x1 convolutions, and what each puts out."""

    mix: str  # which weights
    relu: bool  # whether a ReLU follows every convolution
    picture: NDArray[np.uint8]  # (height, width, 3)
    matrices: tuple[NDArray[np.float32], ...]  # (channels out, channels in) of each convolution, no biases
    maps: tuple[NDArray[np.float32], ...]  # (channels, height, width): the picture from 0 to 1, then each output
    apart: float  # largest difference between the convolutions' output and that of nn.Linear on the list of pixels
    rounding: float  # of one float32 number as large as the largest output: what order of adding can change
    lost: float  # share of the squared values of the picture that the output does not give back; NaN if not 3 channels
    least: float  # ... and the least that any linear map through as few channels can lose (Eckart and Young 1936)
    zeroed: float  # share of the outputs that the last ReLU set to 0; NaN without one


@dataclass(frozen=True, slots=True, eq=False)
class SizeTimes:
    """One shape of convolution, timed at several sizes of input. Stride 1, one picture, one thread."""

    name: str  # "3x3", "1x1", "bottleneck"
    macs: tuple[int, ...]  # multiply-accumulates, per size
    milliseconds: NDArray[np.float64]  # (sizes,)  median over the turns, NaN before the first
    low: NDArray[np.float64]  # (sizes,)  lower quartile
    high: NDArray[np.float64]  # (sizes,)  upper quartile


@dataclass(frozen=True, slots=True, eq=False)
class TimeReport:
    """A 3x3 convolution, the bottleneck that replaces it, and a 1x1, at several sizes of input."""

    growth: str  # "side": the same channels at every side; "stage": channels double where the side is halved
    sides: tuple[int, ...]  # pixels
    channels: tuple[int, ...]  # in and out, per side; a quarter of them inside a bottleneck
    shapes: tuple[SizeTimes, ...]
    turns: int  # that were timed
    wanted: int  # turns that were asked for
