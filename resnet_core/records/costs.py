"""What networks and convolutions cost, counted and measured."""

from dataclasses import dataclass
from typing import NamedTuple


class LayerCost(NamedTuple):
    """What one layer costs for one picture."""

    name: str
    kind: str  # "conv", "norm", "linear", "relu", "pool", "add"
    stage: str  # "stem", "1", "2", ..., "head"
    output: tuple[int, ...]  # shape without the batch
    parameters: int
    macs: int  # multiply-accumulates of convolutions and linear layers; the paper calls them FLOPs
    activation_bytes: int  # of its output, in float32


@dataclass(frozen=True, slots=True, eq=False)
class CostReport:
    """What a network costs for one picture, layer by layer."""

    input: tuple[int, ...]  # (channels, height, width)
    layers: tuple[LayerCost, ...]  # in the order of the forward pass
    parameters: int
    macs: int
    activation_bytes: int
    not_counted: tuple[str, ...]  # kinds of layers whose arithmetic is not in macs


class ConvCost(NamedTuple):
    """The multiplications of one convolution with stride 1 and padding that keeps the size."""

    height: int
    width: int
    out_channels: int
    kernel: int
    in_channels: int

    @property
    def macs(self) -> int:
        """height * width * out_channels * kernel * kernel * in_channels."""
        return self.height * self.width * self.out_channels * self.kernel**2 * self.in_channels

    @property
    def parameters(self) -> int:
        """Weights without a bias."""
        return self.out_channels * self.kernel**2 * self.in_channels


class LayerTime(NamedTuple):
    """How long one convolution took on this machine."""

    name: str
    macs: int
    milliseconds: float  # median
    low: float  # lower quartile, milliseconds
    high: float  # upper quartile, milliseconds
