"""The results that leave resnet_core: frozen, made of NumPy arrays and plain numbers, never of tensors.

A record can be cached, pickled, drawn or written to a file, on any device, long after its network is gone. One file per
subject; the names that many use stand here as well.
"""

from resnet_core.records.costs import (
    ConvCost,
    CostReport,
    LayerCost,
    LayerTime,
)
from resnet_core.records.gradients import GradientReport
from resnet_core.records.inside import PictureReasons
from resnet_core.records.pictures import BlockAnatomy, LayerMaps, PictureReport
from resnet_core.records.progress import Progress
from resnet_core.records.training import (
    ENDED,
    Inspection,
    NetworkHeader,
    RunHeader,
    RunRecord,
    RunResult,
    RunState,
    RunUpdate,
    StepRecord,
)

__all__ = [
    "ENDED",
    "BlockAnatomy",
    "ConvCost",
    "CostReport",
    "GradientReport",
    "Inspection",
    "LayerCost",
    "LayerMaps",
    "LayerTime",
    "NetworkHeader",
    "PictureReasons",
    "PictureReport",
    "Progress",
    "RunHeader",
    "RunRecord",
    "RunResult",
    "RunState",
    "RunUpdate",
    "StepRecord",
]
