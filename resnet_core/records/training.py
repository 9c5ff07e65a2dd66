"""A training run: each step, a closer look now and then, and what is left of it."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.progress import Progress

RunState = Literal["queued", "running", "paused", "finished", "stopped", "failed", "lost"]
ENDED: tuple[RunState, ...] = ("finished", "stopped", "failed", "lost")


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
    progress: Progress | None = None  # the newest of an inquiry; a training run has records instead


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """All that is left of an ended run. Runs that failed or were lost may have left no weights."""

    header: RunHeader
    records: tuple[RunRecord, ...]
    weights: tuple[bytes, ...]  # per network, safetensors with the config in its metadata
    state: RunState
    seconds: float
