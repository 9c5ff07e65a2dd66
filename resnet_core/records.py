"""The results that leave resnet_core: frozen, made of NumPy arrays and plain numbers, never of tensors.

A record can be cached, pickled, drawn or written to a file, on any device, long after its network is gone.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

RunState = Literal["queued", "running", "paused", "finished", "stopped", "failed", "lost"]
ENDED: tuple[RunState, ...] = ("finished", "stopped", "failed", "lost")


@dataclass(frozen=True, slots=True, eq=False)
class GradientReport:
    """How much gradient reaches each convolution, in the order of the forward pass, for several seeds."""

    layers: tuple[str, ...]  # names of the convolutions of the branches and the stem; projections are left out
    norms: NDArray[np.float64]  # (seeds, layers)  L2 norm of dloss/dweight; NaN where the run had diverged
    losses: NDArray[np.float64]  # (seeds,)  cross-entropy in nats of the batch that was measured
    seeds: tuple[int, ...]
    steps: int  # optimiser steps before the measurement; 0 is at initialisation

    @property
    def first_over_last(self) -> NDArray[np.float64]:
        """First convolution's norm over the last one's, (seeds,). Above 1 it grows towards the input."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.norms[:, 0] / self.norms[:, -1]


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """What a closer look found after a step. `layers` and `blocks` line up with RunHeader's."""

    test_loss: float  # cross-entropy in nats
    test_accuracy: float  # from 0 to 1
    response_mean: NDArray[np.float32]  # (layers,)  after BN where there is one, before ReLU and addition (Fig. 7)
    response_std: NDArray[np.float32]  # (layers,)
    skip_gradient: NDArray[np.float32]  # (blocks,)  L2 norm of the gradient into x through the shortcut, or NaN
    branch_gradient: NDArray[np.float32]  # (blocks,)  ... and through the branch
    maps: tuple[NDArray[np.uint8], ...]  # one (channels, height, width) per map layer, 0..255 over it


class StepRecord(NamedTuple):
    """One optimiser step."""

    step: int  # counted from 1
    loss: float  # cross-entropy in nats; not finite in the last record of a run that diverged
    accuracy: float  # of this batch, from 0 to 1
    learning_rate: float
    gradients: NDArray[np.float32]  # (layers,)  L2 norm of dloss/dweight
    inspection: Inspection | None = None  # every TrainConfig.inspect_every steps, and at the last


@dataclass(frozen=True, slots=True, eq=False)
class NetworkHeader:
    """What is known of a network before its first step."""

    layers: tuple[str, ...]  # convolutions, in the order of the forward pass; projections are left out
    blocks: tuple[str, ...]
    map_layers: tuple[str, ...]  # the last block of each stage
    parameters: int


@dataclass(frozen=True, slots=True, eq=False)
class RunHeader:
    """What is known of a run before its first step."""

    networks: tuple[NetworkHeader, ...]
    precision: Literal["fp32", "bf16"]
    device: str  # "cpu", "cuda" or "mps"
    sample: NDArray[np.uint8]  # (height, width) or (height, width, 3): the picture that the activation maps show
    sample_class: str
    classes: tuple[str, ...]


class RunRecord(NamedTuple):
    """A step of one network of a run."""

    network: int  # index into RunSpec.networks
    record: StepRecord


@dataclass(frozen=True, slots=True, eq=False)
class RunUpdate:
    """What is new about a run since its records[:since] were read."""

    run_id: str
    state: RunState
    since: int  # number of records that were already known
    records: tuple[RunRecord, ...]  # the new ones, in order
    header: RunHeader | None = None  # None while it waits
    queue_position: int = 0  # 1 is next; 0 while it runs
    expected_wait: float | None = None  # seconds until it starts; None where nothing is known yet
    seconds: float = 0.0  # it has been running, pauses left out
    steps_per_second: float = 0.0  # over all networks, in the last few seconds
    error: str = ""  # why it failed, was lost, or was stopped unasked: an English template, see errors.Sentence
    error_values: dict[str, object] = field(default_factory=dict)
    note: str = ""  # what befell it without ending it, such as the death of its worker: an English template
    note_values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """All that is left of an ended run. Runs that failed or were lost may have left no weights."""

    header: RunHeader
    records: tuple[RunRecord, ...]
    weights: tuple[bytes, ...]  # per network, safetensors with the config in its metadata
    state: RunState
    seconds: float


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


@dataclass(frozen=True, slots=True, eq=False)
class LayerMaps:
    """What one layer made of a picture."""

    name: str
    stage: int  # 0 is the stem
    block: int  # from 0 in its stage
    maps: NDArray[np.float32]  # (channels, height, width)


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
