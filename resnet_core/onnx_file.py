"""A network as an ONNX file, for other programs and for browsers."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from resnet_core.checkpoints import load_checkpoint
from resnet_core.config import ResNetConfig
from resnet_core.model import build_model

OPSET = 17


def onnx_bytes(config: ResNetConfig, size: int, seed: int = 0, weights: bytes = b"") -> bytes:
    """The network as it answers, with BatchNorm's running statistics: "picture" (N, C, H, W) to "scores" (N, classes).

    Args:
        config: of the network.
        size: side in pixels of the picture with which it is traced; N, and with it nothing else, stays open.
        seed: of the first weights.
        weights: a safetensors file of ours, in the place of first weights.

    Raises:
        CheckpointError: the weights are not a network's.
    """
    model = load_checkpoint(weights, "own.safetensors")[0] if weights else build_model(config, seed)
    picture = torch.zeros(1, model.config.in_channels, size, size)
    names: dict[str, Any] = {"input_names": ["picture"], "output_names": ["scores"]}
    names["dynamic_axes"] = {"picture": {0: "batch"}, "scores": {0: "batch"}}
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that this way of exporting is the older one, and that padding is not folded
        file = Path(folder) / "network.onnx"
        torch.onnx.export(model.eval(), (picture,), file, dynamo=False, opset_version=OPSET, **names)
        return file.read_bytes()
