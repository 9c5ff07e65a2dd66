"""A recorded run: a finished training run as a small JSON file, readable without torch.

What it keeps of each step is loss, accuracy, learning rate and gradient norms, to four significant digits; of the
closer looks, test loss and accuracy.
"""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resnet_core.errors import DataError
from resnet_core.recipe import RunSpec, build
from resnet_core.records import Inspection, NetworkHeader, RunHeader, RunRecord, StepRecord

DIGITS = 4  # significant


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """When, where and how a run was recorded."""

    date: str  # year-month-day, UTC
    machine: str  # processor and cores
    torch: str  # version
    seconds: float  # the training took
    command: str  # makes the file again
    precision: str


@dataclass(frozen=True, slots=True, eq=False)
class RecordedRun:
    """A run that can be drawn again. After reading, inspections hold test figures only; the rest of them is empty."""

    spec: RunSpec
    header: RunHeader
    records: tuple[RunRecord, ...]  # in the order in which they were made
    recorded: Provenance

    def of(self, network: int) -> tuple[StepRecord, ...]:
        """The steps of one network."""
        return tuple(record for index, record in self.records if index == network)


def save_recorded(run: RecordedRun, path: Path) -> int:
    """Write a run to a file and return its size in bytes."""
    header = dataclasses.asdict(run.header) | {"sample": run.header.sample.tolist()}
    content = {
        "spec": json.loads(run.spec.to_json()),
        "recorded": dataclasses.asdict(run.recorded),
        "header": header,
        "networks": [_columns(run.of(index)) for index in range(len(run.spec.networks))],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def load_recorded(path: Path) -> RecordedRun:
    """Read what `save_recorded` wrote.

    Raises:
        DataError: there is no such file, or it is not a recorded run.
        ConfigError: its settings are not those of this version.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        spec = build(RunSpec, content["spec"])
        networks = [_steps(columns) for columns in content["networks"]]
        return RecordedRun(spec, _header(content["header"]), _in_turn(networks), Provenance(**content["recorded"]))
    except (OSError, json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError) as problem:
        raise DataError(
            "{file} cannot be read as a recorded run ({problem}). Record it again with python -m resnet_core record.",
            file=path.name,
            problem=f"{type(problem).__name__}: {problem}",
        ) from None


def _columns(steps: Sequence[StepRecord]) -> dict[str, Any]:
    return {
        "loss": _rounded([step.loss for step in steps]),
        "accuracy": _rounded([step.accuracy for step in steps]),
        "learning_rate": _rounded([step.learning_rate for step in steps]),
        "gradients": [_rounded(step.gradients) for step in steps],
        "test": [
            [step.step, *_rounded([step.inspection.test_loss, step.inspection.test_accuracy])]
            for step in steps
            if step.inspection is not None
        ],
    }


def _rounded(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """Four significant digits; null for what is not finite, which JSON cannot say."""
    return [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in values]


def _steps(columns: dict[str, Any]) -> list[StepRecord]:
    tests = {step: Inspection(loss, accuracy, *_nothing()) for step, loss, accuracy in columns["test"]}
    rows = zip(columns["loss"], columns["accuracy"], columns["learning_rate"], columns["gradients"], strict=True)
    return [
        StepRecord(step, _number(loss), _number(accuracy), rate, np.array(gradients, dtype=np.float32), tests.get(step))
        for step, (loss, accuracy, rate, gradients) in enumerate(rows, start=1)
    ]


def _nothing() -> tuple[Any, ...]:
    empty = np.empty(0, dtype=np.float32)
    return empty, empty, empty, empty, ()


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _in_turn(networks: Sequence[Sequence[StepRecord]]) -> tuple[RunRecord, ...]:
    steps = [(step.step, index, step) for index, network in enumerate(networks) for step in network]
    return tuple(RunRecord(index, step) for _, index, step in sorted(steps, key=lambda found: found[:2]))


def _header(content: dict[str, Any]) -> RunHeader:
    networks = tuple(
        NetworkHeader(
            layers=tuple(network["layers"]),
            blocks=tuple(network["blocks"]),
            map_layers=tuple(network["map_layers"]),
            parameters=network["parameters"],
        )
        for network in content["networks"]
    )
    sample = np.array(content["sample"], dtype=np.uint8)
    fixed = {"networks": networks, "sample": sample, "classes": tuple(content["classes"])}
    return RunHeader(**(content | fixed))
