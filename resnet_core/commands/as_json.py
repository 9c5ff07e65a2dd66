"""Records as plain JSON values."""

import dataclasses
import json
import math
from typing import Any

import numpy as np

from resnet_core.recipe import RunSpec
from resnet_core.records import RunHeader, RunRecord


def header_line(spec: RunSpec, header: RunHeader) -> str:
    """The first line of a run: its settings, and what was known before the first step."""
    return dumps({"spec": json.loads(spec.to_json()), "header": plain(header)})


def record_line(record: RunRecord) -> str:
    """One step of one network. Activation maps are left out."""
    values = {"network": record.network, **record.record._asdict()}
    if record.record.inspection is not None:
        values["inspection"] = {
            name: value for name, value in plain(record.record.inspection).items() if name != "maps"
        }
    return dumps(values)


def dumps(value: object) -> str:
    """JSON on one line. A number that is not finite becomes null, which is all that JSON has for it."""
    return json.dumps(plain(value), allow_nan=False)


def plain(value: Any) -> Any:  # noqa: ANN401 - any record, to lists, dicts, numbers and words
    """Lists, dicts, numbers and words that say the same."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())  # pyright: ignore[reportAttributeAccessIssue]
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(shortest(value).tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def shortest(values: np.ndarray) -> np.ndarray:
    """float32 numbers with no more digits than they have: 0.1, not 0.10000000149011612."""
    if values.dtype != np.float32:
        return values
    return np.array([float(str(value)) for value in values.ravel()]).reshape(values.shape)
