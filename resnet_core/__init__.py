"""A residual network to take apart: build it, train it, probe it. It knows nothing of any user interface.

Names are loaded when first used, so that asking for a config does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from resnet_core.config import ResNetConfig
from resnet_core.errors import (
    CheckpointError,
    ConfigError,
    DataError,
    EngineError,
    ProbeError,
    QueueFull,
    ResNetCoreError,
)
from resnet_core.recipe import DataConfig, RunSpec, TrainConfig

if TYPE_CHECKING:
    from resnet_core.model import ResNet, build_model

_HOMES = {
    "ResNet": "resnet_core.model",
    "build_model": "resnet_core.model",
}

__all__ = [
    "CheckpointError",
    "ConfigError",
    "DataConfig",
    "DataError",
    "EngineError",
    "ProbeError",
    "QueueFull",
    "ResNet",
    "ResNetConfig",
    "ResNetCoreError",
    "RunSpec",
    "TrainConfig",
    "build_model",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'resnet_core' has no attribute {name!r}")
