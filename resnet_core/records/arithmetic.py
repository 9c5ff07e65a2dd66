"""One layer's numbers for one picture: all that is needed to work out any of its outputs by hand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]  # (channels, height, width)


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """out[o, r, c] = sum over i, y, x of weight[o, i, y, x] * in[i, r * stride + y - padding, ...] (+ bias[o]).

    With `groups`, the outputs of a group read the inputs of that group only. Outside the input is 0.
    """

    weight: NDArray[np.float32]  # (outputs, inputs / groups, kernel, kernel)
    bias: NDArray[np.float32] | None  # (outputs,)
    stride: int
    padding: int
    groups: int


@dataclass(frozen=True, slots=True, eq=False)
class Normalisation:
    """BatchNorm in eval mode: out = (in - mean) / sqrt(variance + epsilon) * gamma + beta, channel by channel."""

    mean: NDArray[np.float32]  # (channels,)  over the pictures of the training
    variance: NDArray[np.float32]
    gamma: NDArray[np.float32]
    beta: NDArray[np.float32]
    epsilon: float


@dataclass(frozen=True, slots=True)
class Relu:
    """out = max(0, in)."""


@dataclass(frozen=True, slots=True)
class MaxPool:
    """out = the largest input below the window. What is outside the input does not count."""

    kernel: int
    stride: int
    padding: int


@dataclass(frozen=True, slots=True)
class Addition:
    """out = shortcut(x) + F(x)."""

    same: bool  # the shortcut hands x on as it is
    relu: bool  # a ReLU comes after the sum


Rule = Convolution | Normalisation | Relu | MaxPool | Addition


@dataclass(frozen=True, slots=True, eq=False)
class LayerArithmetic:
    """What went into one layer, its rule, and what the network itself put out."""

    layer: str  # the module's name; of an addition "....sum"
    picture: NDArray[np.uint8]  # (size, size) or (size, size, 3): what the network saw, before normalising
    field: int  # pixels of the picture, per side, that one output can see
    inputs: tuple[Maps, ...]  # one; of an addition two: shortcut(x), F(x)
    rule: Rule
    output: Maps
    difference: float  # largest |by hand in float64 - output|; NaN where a value is not finite
    beyond: int  # outputs that differ by more than float32's rounding may make of it
