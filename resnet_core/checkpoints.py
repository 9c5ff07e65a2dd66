"""Networks to bytes and back. Our own files are safetensors with the config as JSON in the metadata."""

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import safetensors.torch
import torch
from torch import Tensor

from resnet_core.config import ResNetConfig
from resnet_core.errors import CheckpointError
from resnet_core.keys import StyleName, guess_style, to_ours
from resnet_core.model import ResNet, build_model
from resnet_core.recipe import build
from resnet_core.recognise import guess_config
from resnet_core.weight_files import read_weight_file


class CheckpointInfo(NamedTuple):
    """What a file said beside its weights."""

    style: StyleName
    guessed: bool  # the config was read off names and shapes; recognise.guess_config says what these do not show
    classes: tuple[str, ...]  # () where the file does not name them
    notes: dict[str, Any]  # whatever else the one who saved it wrote down
    mean: tuple[float, ...] = ()  # per channel, that its pictures were normalised by; () where the file does not say
    std: tuple[float, ...] = ()


def save_weights(model: ResNet, *, half: bool = False, **metadata: object) -> bytes:
    """A safetensors file with weights, statistics, config, and any `metadata` that JSON can hold.

    With `half`, convolutions and the head are kept in float16, BatchNorm in float32 as ever. `classes`, a sequence of
    names, one per score, comes back as CheckpointInfo.classes; `mean` and `std`, one number per channel, as its mean
    and std.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    if half:
        tensors = {name: tensor.half() if tensor.ndim > 1 else tensor for name, tensor in tensors.items()}
    notes = metadata | {"config": dataclasses.asdict(model.config)}
    return safetensors.torch.save(tensors, {name: json.dumps(note) for name, note in notes.items()})


def load_checkpoint(data: bytes, filename: str) -> tuple[ResNet, CheckpointInfo]:
    """The network in a .safetensors, .pt or .pth file, on the CPU, in float32, in evaluation mode.

    Understands our own names, torchvision's, and those of the CIFAR repositories.

    Raises:
        CheckpointError: the file is too large, is no checkpoint, holds code, or its weights are not those of a ResNet.
    """
    tensors, metadata = read_weight_file(data, filename)
    style = guess_style(tensors)
    weights = {to_ours(name, style): tensor for name, tensor in tensors.items()}
    config = _config_in(metadata)
    guessed = config is None
    if config is None:
        config = guess_config({name: tuple(tensor.shape) for name, tensor in weights.items()}, style)
    model = network_with(config, weights).eval()
    notes = {name: _from_json(note) for name, note in metadata.items() if name != "config"}
    classes = _checked_classes(notes.pop("classes", []), config.classes)
    mean, std = _checked_normalisation(notes.pop("mean", []), notes.pop("std", []), config.in_channels)
    return model, CheckpointInfo(style, guessed, classes, notes, mean, std)


def network_with(config: ResNetConfig, weights: Mapping[str, Tensor]) -> ResNet:
    """The network of `config` with exactly these weights, named in our way. The tensors become its own.

    Raises:
        CheckpointError: weights are missing, left over, or of another shape.
    """
    if sum(config.depths) > len(weights):  # do not even begin to build what a few bytes of metadata claim
        raise CheckpointError(
            "The config in the file has {blocks} blocks and the file has {count} weights. A block has at least two; "
            "save the whole state_dict.",
            blocks=sum(config.depths),
            count=len(weights),
        )
    model = build_model(config, device="meta")
    expected = model.state_dict()
    counters = {name: torch.tensor(0) for name in expected if name.endswith(".num_batches_tracked")}
    weights = counters | dict(weights)  # PyTorch before 0.4.1 did not count batches
    _check_names(set(expected), set(weights))
    _check_shapes(expected, weights)
    model.load_state_dict(weights, assign=True)
    return model


def _config_in(metadata: Mapping[str, str]) -> ResNetConfig | None:
    if "config" not in metadata:
        return None
    try:
        return build(ResNetConfig, json.loads(metadata["config"]))
    except (ValueError, RecursionError) as problem:  # a ConfigError is a ValueError
        raise CheckpointError(
            "The config in the file's metadata cannot be used: {problem} Save the weights again with save_weights.",
            problem=problem,
        ) from None


def _checked_classes(names: object, count: int) -> tuple[str, ...]:
    if isinstance(names, list) and all(isinstance(name, str) for name in names) and len(names) in (0, count):
        return tuple(names)
    raise CheckpointError(
        "The file's metadata has {names!r} for classes. It must be a list of {count} names, one per score. "
        "Save the weights again with such a list, or without one.",
        names=names,
        count=count,
    )


def _checked_normalisation(mean: object, std: object, channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    means, stds = _numbers(mean), _numbers(std)
    if means is None or stds is None or len(means) != len(stds) or len(means) not in (0, channels) or 0 in stds:
        raise CheckpointError(
            "The file's metadata has {mean!r} for mean and {std!r} for std. Each must be a list of {count} numbers, "
            "one per channel, and no deviation may be 0. Save the weights again with such lists, or without them.",
            mean=mean,
            std=std,
            count=channels,
        )
    return means, stds


def _numbers(values: object) -> tuple[float, ...] | None:
    if not isinstance(values, list) or any(type(value) not in (int, float) for value in values):
        return None
    return tuple(map(float, values)) if all(map(math.isfinite, values)) else None


def _from_json(note: str) -> object:
    try:
        return json.loads(note)
    except (ValueError, RecursionError):
        return note  # in a file that somebody else wrote


def _check_names(expected: set[str], found: set[str]) -> None:
    if expected != found:
        raise CheckpointError(
            "The file's weights are not those of the network they look like: {missing} are missing and {extra} are "
            "left over (for example {examples}). Save the whole state_dict of an unchanged network.",
            missing=len(expected - found),
            extra=len(found - expected),
            examples=", ".join(sorted(expected ^ found)[:3]),
        )


def _check_shapes(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    for name, tensor in expected.items():
        if tensor.shape != found[name].shape:
            raise CheckpointError(
                "{name} has the shape {found}. In the network it looks like, it has {expected}. "
                "Save the whole state_dict of an unchanged network.",
                name=name,
                found=tuple(found[name].shape),
                expected=tuple(tensor.shape),
            )
