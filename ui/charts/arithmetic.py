"""What the browser is sent to work out any pixel of one layer by hand: its numbers, once, and its words."""

import base64
import hashlib
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plotly.colors import sample_colorscale, unlabel_rgb

from resnet_core.records.arithmetic import Addition, Convolution, LayerArithmetic, MaxPool, Normalisation
from ui.charts.arithmetic_words import words
from ui.charts.labels import Say
from ui.charts.theme import MAGNITUDE, NOT_FINITE, SIGNED

Place = tuple[int, int, int]  # channel, row, column of an output, from 0
MOST = 1_000_000  # numbers that are sent, 4 bytes each; a third more as text
SHADES = 64


def arithmetic_data(record: LayerArithmetic, first: Place | None = None, say: Say = str) -> dict[str, Any]:
    """The component's data. Float32 numbers travel as they are, little-endian in base64.

    Where all of a layer would be more than `MOST` numbers, the first outputs are sent with all that they read. `first`
    is the output to begin with, if there is such a one.
    """
    count = sendable(record)
    output = record.output[:count]
    inputs = record.inputs if isinstance(record.rule, Convolution) else tuple(maps[:count] for maps in record.inputs)
    numbers = {"output": _maps(output), "inputs": [_maps(maps) for maps in inputs]}
    data: dict[str, Any] = {
        "kind": kind(record),
        "rule": _rule(record, count),
        **numbers,
        "outputs": len(record.output),
        "picture": _picture(record),
        "field": record.field,
        "first": list(place(record, first)),
        "names": [say("red"), say("green"), say("blue")] if _is_coloured(record) else [],
        "colours": {"signed": _ramp(SIGNED), "magnitude": _ramp(MAGNITUDE), "broken": NOT_FINITE},
    }
    content = repr((record.layer, data["rule"], numbers, data["picture"]))
    return data | {"id": hashlib.sha256(content.encode()).hexdigest()[:16], "words": words(record, say)}


def sendable(record: LayerArithmetic) -> int:
    """How many outputs can be sent with all that they read; 0 where the inputs alone are too many."""
    each = record.output[0].size
    if isinstance(record.rule, Convolution):
        left = MOST - record.inputs[0].size
        each += record.rule.weight[0].size
    else:
        left = MOST
        each += sum(maps[0].size for maps in record.inputs)
    return max(0, min(len(record.output), left // each))


def kind(record: LayerArithmetic) -> str:
    """ "convolution", "norm", "relu", "max" or "addition"."""
    names = {Convolution: "convolution", Normalisation: "norm", MaxPool: "max", Addition: "addition"}
    return names.get(type(record.rule), "relu")


def place(record: LayerArithmetic, asked: Place | None = None) -> Place:
    """The output to begin with: what was asked for, or the largest of the channel that varies most.

    The border, where padding takes part, does not count unless the map is too small for that.
    """
    shape = (sendable(record), *record.output.shape[1:])
    if asked is not None and all(0 <= index < most for index, most in zip(asked, shape, strict=True)):
        return asked
    edge = 1 if min(shape[1:]) >= 5 else 0
    inner = record.output[: shape[0], edge : shape[1] - edge, edge : shape[2] - edge].astype(np.float64)
    inner = np.nan_to_num(inner, posinf=0, neginf=0)
    channel = int(inner.std(axis=(1, 2)).argmax())
    row, column = np.unravel_index(int(np.abs(inner[channel]).argmax()), inner.shape[1:])
    return channel, int(row) + edge, int(column) + edge


def sent_bytes(data: dict[str, Any]) -> int:
    """Bytes of the numbers as they travel."""
    packed = [data["output"], *data["inputs"], data["picture"], *data["rule"].values()]
    return sum(len(part["values"]) for part in packed if isinstance(part, dict))


def _rule(record: LayerArithmetic, count: int) -> dict[str, Any]:
    match record.rule:
        case Convolution(weight, bias, stride, padding, groups):
            made = len(weight) // groups
            return {
                "weight": _maps(weight[:count]),
                "bias": None if bias is None else _maps(bias[:count]),
                "kernel": weight.shape[-1],
                "stride": stride,
                "padding": padding,
                "made": made,  # outputs of a group
                "read": weight.shape[1],  # inputs of a group
            }
        case Normalisation(mean, variance, gamma, beta, epsilon):
            four = {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta}
            return {name: _maps(values[:count]) for name, values in four.items()} | {"epsilon": epsilon}
        case MaxPool(kernel, stride, padding):
            return {"kernel": kernel, "stride": stride, "padding": padding}
        case Addition(relu=relu):
            return {"relu": relu}
    return {}


def _is_coloured(record: LayerArithmetic) -> bool:
    """Whether what goes in are the colours of the picture."""
    return record.layer == "stem.conv" and len(record.inputs[0]) == 3


def _maps(values: NDArray[np.float32]) -> dict[str, Any]:
    return {"shape": list(values.shape), "values": _base64(values.astype("<f4"))}


def _picture(record: LayerArithmetic) -> dict[str, Any]:
    picture = record.picture if record.picture.ndim == 3 else np.repeat(record.picture[..., None], 3, axis=2)
    step = math.ceil(len(picture) / 64)
    return {
        "side": len(picture),
        "shape": list(picture[::step, ::step].shape),
        "values": _base64(picture[::step, ::step]),
    }


def _ramp(scale: list[str]) -> list[list[int]]:
    colours = sample_colorscale(scale, [index / (SHADES - 1) for index in range(SHADES)])
    return [[round(part) for part in unlabel_rgb(colour)] for colour in colours]


def _base64(numbers: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")
