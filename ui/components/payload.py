"""What the live monitor is sent: a run's newest steps, packed small.

A refresh carries a window of columns with their absolute numbers, wide enough to overlap the last three refreshes, so
that one lost message is noticed by nobody. A full snapshot carries everything and the words. A column is one step; in
runs of more steps than a screen has columns for, several. Numbers travel as base64: uint8 for log10 of a gradient norm
and for pictures, little-endian float32 for losses and accuracies, which may be infinite.
"""

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_core.records import Inspection, RunHeader, RunRecord, StepRecord

LIMITS = (-8, 3)  # exponents of ten at the ends of the colour scale; fixed, so that colours mean the same in every run
ZERO, NOT_FINITE = 0, 255  # codes that are no number on the logarithmic scale
MOST_COLUMNS = 240
OVERLAP = 3  # refreshes
FULL_EVERY = 10  # refreshes
MAPS_SHOWN = 6  # channels per stage
MAP_SIDE = 16  # pixels; larger maps are averaged down to at most this
_LOOK_BACK = 20_000  # records searched for the newest inspection


@dataclass(frozen=True, slots=True)
class Sent:
    """What has been sent so far: how many refreshes, and how many records there were at the last few."""

    refreshes: int = 0
    marks: tuple[int, ...] = ()

    @property
    def full_is_due(self) -> bool:
        """Whether the next refresh carries everything."""
        return self.refreshes % FULL_EVERY == 0

    @property
    def start(self) -> int:
        """The record from which the next window goes on."""
        return self.marks[0] if self.marks else 0

    def after(self, records: int) -> "Sent":
        """The state once a refresh with this many records has gone out."""
        return Sent(self.refreshes + 1, (*self.marks, records)[-OVERLAP:])


def head(
    header: RunHeader, steps: int, lines: Sequence[Mapping[str, object]], words: Mapping[str, str]
) -> dict[str, Any]:
    """What does not change during a run: names and `lines` (label, colour, dash) of the networks, sizes, words."""
    return {
        "steps": steps,
        "bin": steps_per_column(steps),
        "limits": list(LIMITS),
        "classes": len(header.classes),
        "sample": _picture(header.sample),
        "sampleClass": header.sample_class,
        "networks": [
            {**line, "layers": len(network.layers)} for line, network in zip(lines, header.networks, strict=True)
        ],
        "words": dict(words),
    }


def refresh(header: RunHeader, records: Sequence[RunRecord], steps: int, sent: Sent, *, full: bool) -> dict[str, Any]:
    """The columns of every network from `sent.start` on (or all), and activation maps of one network in turn (or all).

    `first` of a network is the number of its first column sent, `heat` its codes column by column, `loss` and
    `accuracy` means over each column's steps.
    """
    count = len(header.networks)
    width = steps_per_column(steps)
    start = 0 if full else max(0, sent.start - width * count)
    window: list[list[StepRecord]] = [[] for _ in range(count)]
    for network, record in records[start:]:
        window[network].append(record)
    networks = [_columns(steps_of_one, width) for steps_of_one in window]
    for index in range(count):
        if full or index == sent.refreshes % count:
            networks[index]["maps"] = _maps(_last_inspection(records, index))
    return {"records": len(records), "networks": networks}


def steps_per_column(steps: int) -> int:
    """How many steps share a column, so that a run fits on a screen."""
    return math.ceil(steps / MOST_COLUMNS)


def quantise(norms: NDArray[np.floating]) -> NDArray[np.uint8]:
    """log10 of each norm as a code from 1 to 254 over LIMITS; exact zeros and numbers that are not finite apart."""
    low, high = LIMITS
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (np.log10(norms.astype(np.float64)) - low) / (high - low)
    codes = 1 + np.clip(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0), 0, 1) * 253
    codes = codes.round().astype(np.uint8)
    codes[norms == 0] = ZERO
    codes[~np.isfinite(norms)] = NOT_FINITE
    return codes


def _columns(records: Sequence[StepRecord], width: int) -> dict[str, Any]:
    """Pack whole columns; steps before the first column boundary were part of an earlier window."""
    begin = next((place for place, record in enumerate(records) if (record.step - 1) % width == 0), len(records))
    records = records[begin:]
    if not records:
        return {"first": 0, "count": 0}
    edges = list(range(0, len(records), width))
    loss = np.array([record.loss for record in records], dtype=np.float32)
    accuracy = np.array([record.accuracy for record in records], dtype=np.float32)
    diverged = next((record.step for record in records if not math.isfinite(record.loss)), 0)
    with np.errstate(over="ignore", invalid="ignore"):
        means = [np.array([part[edge : edge + width].mean() for edge in edges]) for part in (loss, accuracy)]
    lasts = [records[min(edge + width, len(records)) - 1] for edge in edges]
    return {
        "first": (records[0].step - 1) // width,
        "count": len(edges),
        "step": records[-1].step,
        "loss": _base64(means[0].astype("<f4")),
        "accuracy": _base64(means[1].astype("<f4")),
        "heat": _base64(quantise(np.stack([record.gradients for record in lasts]))),
        "tests": [[record.step, round(record.inspection.test_accuracy, 4)] for record in records if record.inspection],
        "diverged": diverged,
    }


def _last_inspection(records: Sequence[RunRecord], index: int) -> tuple[int, Inspection] | None:
    for place in range(len(records) - 1, max(-1, len(records) - 1 - _LOOK_BACK), -1):
        network, record = records[place]
        if network == index and record.inspection is not None:
            return record.step, record.inspection
    return None


def _maps(found: tuple[int, Inspection] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    step, inspection = found
    small = [_shrunk(layer[:MAPS_SHOWN]) for layer in inspection.maps]
    return {
        "step": step,
        "layers": [{"shape": list(layer.shape), "pixels": _base64(layer)} for layer in small],
    }


def _shrunk(maps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Maps (channels, height, width) averaged over squares until neither side exceeds MAP_SIDE."""
    channels, height, width = maps.shape
    factor = math.ceil(max(height, width) / MAP_SIDE)
    if factor == 1:
        return maps
    rows, columns = math.ceil(height / factor), math.ceil(width / factor)
    padded = np.pad(maps, ((0, 0), (0, rows * factor - height), (0, columns * factor - width)), mode="edge")
    return padded.reshape(channels, rows, factor, columns, factor).mean(axis=(2, 4)).round().astype(np.uint8)


def _picture(sample: NDArray[np.uint8]) -> dict[str, Any]:
    colours = sample if sample.ndim == 3 else np.repeat(sample[:, :, None], 3, axis=2)
    factor = math.ceil(max(colours.shape[:2]) / 64)
    colours = colours[::factor, ::factor]
    return {"shape": list(colours.shape), "pixels": _base64(colours)}


def _base64(numbers: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")
