"""What basic and bottleneck blocks cost, convolution by convolution."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Part = Literal["3x3", "1x1", "projection", "ends"]  # "ends" are the stem and the head


class ConvolutionShare(NamedTuple):
    """One convolution of a block."""

    part: Part
    kernel: int  # pixels
    before: int  # channels in
    after: int  # channels out
    side: int  # of its output, pixels
    parameters: int
    macs: int  # for one picture


@dataclass(frozen=True, slots=True, eq=False)
class BlockShare:
    """One block of a network, its convolutions in the order of the forward pass with a projection last."""

    network: str  # "ResNet-50, v1"
    kind: Literal["basic", "bottleneck"]
    stage: int  # from 1
    block: int  # from 1
    convolutions: tuple[ConvolutionShare, ...]

    @property
    def macs(self) -> int:
        """All multiply-accumulates of the block, for one picture."""
        return sum(share.macs for share in self.convolutions)

    @property
    def parameters(self) -> int:
        """All weights of its convolutions."""
        return sum(share.parameters for share in self.convolutions)


class PartCost(NamedTuple):
    """What one kind of layer costs in a whole network."""

    part: Part
    parameters: int  # of its convolutions or its fully connected layer
    macs: int


@dataclass(frozen=True, slots=True, eq=False)
class NetworkShare:
    """A whole network, its cost by kind of layer."""

    name: str
    layers: int  # weighted layers
    parameters: int  # all of them, BatchNorm's too
    macs: int
    parts: tuple[PartCost, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BlockCostReport:
    """ResNet-34 and ResNet-50, one block of each and the whole."""

    size: int  # of the picture, pixels
    blocks: tuple[BlockShare, ...]
    networks: tuple[NetworkShare, ...]
