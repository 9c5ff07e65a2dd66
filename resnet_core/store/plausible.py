"""Whether a run that somebody brings can have been one: its header, steps and weights against its networks."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from resnet_core.checkpoints import load_checkpoint, save_weights
from resnet_core.config import ResNetConfig
from resnet_core.datasets.folder import MAX_NAME as MAX_CLASS_NAME
from resnet_core.errors import CheckpointError, StoreError
from resnet_core.inspection import MAP_CHANNELS
from resnet_core.model import build_model
from resnet_core.recipe import RunSpec
from resnet_core.records import Inspection, NetworkHeader, RunHeader, RunResult, StepRecord
from resnet_core.store.about import About
from resnet_core.store.flaws import Flaw, shortened
from resnet_core.store.rows import checked_name
from resnet_core.training import network_header

DEVICES = ("cpu", "cuda", "mps")
MAX_SECONDS = 1e8  # three years


def check_about(spec: RunSpec, about: About) -> None:
    """Refuse a run.json that no run of these settings can have.

    Raises:
        Flaw: it says something about the run, the pictures or the networks that cannot be.
    """
    header = about.header
    try:
        checked_name(about.name)
    except StoreError:
        raise Flaw(f"its name is {shortened(about.name)}") from None
    if not 0 <= about.seconds <= MAX_SECONDS:
        raise Flaw(f"seconds is {about.seconds}")
    if header.device not in DEVICES:
        raise Flaw(f"device is {shortened(header.device)}")
    if spec.training.precision not in ("auto", header.precision):
        raise Flaw(f"precision is {header.precision}, and {spec.training.precision} was asked for")
    _check_pictures(spec, header)
    if len(header.networks) != len(spec.networks):
        raise Flaw(f"it has {len(header.networks)} networks, not {len(spec.networks)}")
    for number, (config, network) in enumerate(zip(spec.networks, header.networks, strict=True), start=1):
        _check_network(number, config, network)


def check_records(spec: RunSpec, result: RunResult) -> None:
    """Refuse steps that no run of these settings can have taken. Their shapes are known to fit (files.check_result).

    Raises:
        Flaw: a step out of order or range, a number that cannot be, or maps of another size.
    """
    last: list[StepRecord | None] = [None] * len(spec.networks)
    shapes = [map_shapes(config, spec.data.size) for config in spec.networks]
    for network, record in result.records:
        before = last[network]
        if not (before.step if before else 0) < record.step <= spec.training.steps:
            raise Flaw(f"step {record.step} of network {network + 1} is not where it belongs")
        if before is not None and not math.isfinite(before.loss):
            raise Flaw(f"network {network + 1} goes on after its loss was not finite")
        _check_step(record)
        if record.inspection is not None:
            _check_look(record.inspection, shapes[network])
        last[network] = record
    if result.state == "finished":
        for record in last:
            if record is None or (record.step < spec.training.steps and math.isfinite(record.loss)):
                raise Flaw("the run is said to have finished, and steps are missing")


def checked_weights(spec: RunSpec, header: RunHeader, packed: Sequence[tuple[str, bytes]]) -> tuple[bytes, ...]:
    """The weights of all networks, or of none, written anew.

    Raises:
        Flaw: a file cannot be read, belongs to another network, or holds a number that is not finite.
    """
    if len(packed) not in (0, len(spec.networks)):
        raise Flaw(f"there are weights of {len(packed)} of {len(spec.networks)} networks")
    pairs = zip(packed, spec.networks, strict=False)  # of none or of all
    return tuple(_checked(name, data, config, spec, header) for (name, data), config in pairs)


def map_shapes(config: ResNetConfig, size: int) -> tuple[tuple[int, int, int], ...]:
    """Shape of the maps of each stage's last block, for pictures of `size` pixels: each stage but the first halves."""
    shapes = []
    side = math.ceil(size / 4) if config.stem == "imagenet" else size
    for stage, width in enumerate(config.widths):
        side = math.ceil(side / 2) if stage else side
        shapes.append((min(MAP_CHANNELS, width * config.expansion), side, side))
    return tuple(shapes)


def _check_pictures(spec: RunSpec, header: RunHeader) -> None:
    size, outputs = spec.data.size, min(config.classes for config in spec.networks)
    channels = {config.in_channels for config in spec.networks}
    if header.sample.shape != ((size, size, 3) if channels == {3} else (size, size)) or not channels <= {1, 3}:
        raise Flaw(f"sample has the shape {header.sample.shape}")
    if not 2 <= len(header.classes) <= outputs or len(set(header.classes)) != len(header.classes):
        raise Flaw(f"there are {len(header.classes)} classes for {outputs} outputs, or two with the same name")
    for name in header.classes:
        if not 0 < len(name) <= MAX_CLASS_NAME or not name.isprintable():
            raise Flaw(f"a class is called {shortened(name)}")
    if header.sample_class not in header.classes:
        raise Flaw(f"sample_class is {shortened(header.sample_class)}")


def _check_network(number: int, config: ResNetConfig, found: NetworkHeader) -> None:
    # counted first: do not build what a few bytes of spec.json claim
    fits = (len(found.layers), len(found.blocks)) == (config.layers - 1, sum(config.depths))
    if fits:
        expected = network_header(build_model(config, device="meta"))
        fits = dataclasses.astuple(found) == dataclasses.astuple(expected)
    if not fits:
        raise Flaw(f"its layers are not those of network {number}")


def _check_step(record: StepRecord) -> None:
    if not 0 <= record.accuracy <= 1:
        raise Flaw(f"accuracy is {record.accuracy} at step {record.step}")
    if not 0 <= record.learning_rate <= 100:
        raise Flaw(f"learning_rate is {record.learning_rate} at step {record.step}")
    if record.loss < 0 or _has_negative(record.gradients):
        raise Flaw(f"a loss or a norm is below 0 at step {record.step}")


def _check_look(look: Inspection, shapes: tuple[tuple[int, int, int], ...]) -> None:
    if not 0 <= look.test_accuracy <= 1:
        raise Flaw(f"test_accuracy is {look.test_accuracy}")
    if look.test_loss < 0 or any(map(_has_negative, (look.response_std, look.skip_gradient, look.branch_gradient))):
        raise Flaw("a test loss, a deviation or a norm is below 0")
    if tuple(each.shape for each in look.maps) != shapes:
        raise Flaw("its maps have another size than the network's")


def _has_negative(values: NDArray[np.float32]) -> bool:
    return bool((values < 0).any())


def _checked(name: str, data: bytes, config: ResNetConfig, spec: RunSpec, header: RunHeader) -> bytes:
    try:
        model, info = load_checkpoint(data, name)
    except CheckpointError as problem:
        text = str(problem)
        raise Flaw(f"{name}: {text if len(text) <= 300 else text[:297] + '...'}") from None
    if info.guessed or model.config != config:
        raise Flaw(f"{name}: these are the weights of another network")
    if info.classes not in ((), header.classes):
        raise Flaw(f"{name}: it names other classes")
    if not all(bool(torch.isfinite(tensor).all()) for tensor in model.state_dict().values()):
        raise Flaw(f"{name}: a weight is not a finite number")
    pictures = {"data": {"name": spec.data.name, "size": spec.data.size}, "mean": info.mean, "std": info.std}
    return save_weights(model, classes=info.classes, **pictures)
