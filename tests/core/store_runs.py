"""Small real runs for the store to keep, and how to tell that one came back as it was."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load

from resnet_core import DataConfig, ResNetConfig, RunRecord, RunResult, RunSpec, TrainConfig
from resnet_core.store.runs import RunStore
from resnet_core.store.settings import StoreSettings

TINY = ResNetConfig(depths=(1, 1, 1), widths=(4, 8, 16), stem_width=4, in_channels=1)
SPEC = RunSpec(
    networks=(TINY, replace(TINY, depths=(2, 1, 1), shortcut="none")),
    data=DataConfig(name="digits", size=8),
    training=TrainConfig(steps=6, batch=16, inspect_every=4, precision="fp32"),
)
VECTORS = ("response_mean", "response_std", "skip_gradient", "branch_gradient")


def trained(spec: RunSpec) -> RunResult:
    import torch

    from resnet_core.training import train_together

    torch.set_num_threads(1)
    run = train_together(spec)
    return RunResult(run.header, tuple(run.records()), run.weights(), "finished", 1.25)


@cache
def tiny_result() -> RunResult:
    return trained(SPEC)


def with_changed_step(result: RunResult, number: int, **changes: object) -> RunResult:
    records = list(result.records)
    network, record = records[number]
    records[number] = RunRecord(network, record._replace(**changes))
    return replace(result, records=tuple(records))


def with_changed_look(result: RunResult, **changes: object) -> RunResult:
    number = next(index for index, (_, record) in enumerate(result.records) if record.inspection)
    look = result.records[number].record.inspection
    assert look is not None
    return with_changed_step(result, number, inspection=replace(look, **changes))


def open_store(home: Path, **limits: float) -> RunStore:
    return RunStore(StoreSettings(home=home, **limits))


def folder(home: Path, run_id: str) -> Path:
    """Where a run lies."""
    return home / "runs" / run_id


def bits(value: object) -> object:
    """A value by which two NaN of the same bits are equal, and 0.0 and -0.0 are not."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return np.float64(value).tobytes()
    return tuple(map(bits, value)) if isinstance(value, tuple) else value


def course(result: RunResult) -> list[object]:
    """Every bit of every step."""
    steps = []
    for network, (*numbers, look) in result.records:
        seen = look and (look.test_loss, look.test_accuracy, look.maps, *(getattr(look, name) for name in VECTORS))
        steps.append((network, bits(tuple(numbers)), bits(seen)))
    return steps


def heading(result: RunResult) -> object:
    header = result.header
    networks = [(each.layers, each.blocks, each.map_layers, each.parameters) for each in header.networks]
    seen = (header.precision, header.device, header.sample_class, header.classes)
    return networks, seen, bits(header.sample), result.state, bits(result.seconds)


def tensors(result: RunResult) -> list[dict[str, object]]:
    return [{name: bits(tensor) for name, tensor in load(weights).items()} for weights in result.weights]
