"""torchvision's networks to compare with, also where its compiled operators do not load.

The wheel that package indexes offer is compiled for CUDA, and beside a CPU-only torch its import fails because the
operator `nms` is not registered. No ResNet needs it, so declaring its signature is enough.
"""

import sys
from functools import cache

from torch import library


@cache
def torchvision_models():
    try:
        import torchvision.models as models
    except RuntimeError as problem:
        if "torchvision::nms" not in str(problem):
            raise
        return _import_with_declared_operators()
    return models


def _import_with_declared_operators():
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    for operator in ("nms", "qnms"):
        library.define(f"torchvision::{operator}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision.models as models

    return models
