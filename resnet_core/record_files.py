"""A record as two files that other programs read too: words and numbers in JSON, arrays in NPZ."""

import dataclasses
import json
import math
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_core.errors import StoreError
from resnet_core.fields import field_names

JSON_FILE, ARRAYS_FILE = "record.json", "record.npz"
KNOWN = (
    "resnet_core.records",
    "resnet_core.config",
    "resnet_core.recipe",
    "resnet_core.questions",
)  # what may be named
KIND, ARRAY, FLOAT, PAIRS = "_kind", "_array", "_float", "_pairs"

Arrays = dict[str, NDArray[Any]]


def write_record(folder: Path, record: object) -> None:
    """Write record.json and record.npz. The first says where an array belongs, the second holds it to the last bit."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: Arrays = {}
    content = taken_apart(record, arrays)
    text = json.dumps(content, allow_nan=False, indent=1, ensure_ascii=False)
    (folder / JSON_FILE).write_text(text + "\n", encoding="utf-8")
    np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **arrays)


def taken_apart(value: Any, arrays: Arrays, place: str = "") -> Any:  # noqa: ANN401 - any record, to plain JSON
    """`value` as JSON has it; each array goes to `arrays` under its place in the record, such as "layers.3.maps"."""

    def inner(part: object, name: object) -> Any:  # noqa: ANN401
        return taken_apart(part, arrays, f"{place}.{name}" if place else str(name))

    if isinstance(value, np.generic):
        return inner(value.item(), "")
    if isinstance(value, np.ndarray):
        arrays[place or "record"] = value
        return {ARRAY: place or "record", "shape": list(value.shape), "dtype": str(value.dtype)}
    if names := field_names(value):
        return {KIND: _kind(value)} | {name: inner(getattr(value, name), name) for name in names}
    if isinstance(value, list | tuple):
        return [inner(part, number) for number, part in enumerate(value)]
    if isinstance(value, dict):
        return {PAIRS: [[inner(key, "key"), inner(part, key)] for key, part in value.items()]}
    if isinstance(value, float) and not math.isfinite(value):
        return {FLOAT: str(value)}  # JSON has no nan and no inf
    return value


def _kind(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "__main__" else f"{kind.__module__}:{kind.__name__}"


def read_record(folder: Path) -> Any:  # noqa: ANN401 - each experiment has its own kind of record
    """The record that `write_record` wrote, with equal numbers. Lists come back as tuples.

    Raises:
        StoreError: a file is missing or damaged, or names something that is no record.
    """
    try:
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as file:
            return put_together(content, {name: file[name] for name in file.files})
    except StoreError:
        raise
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as problem:
        raise StoreError(
            "{folder} holds no record that can be read: {problem}.", folder=folder, problem=problem
        ) from None


def put_together(content: Any, arrays: Arrays) -> Any:  # noqa: ANN401 - plain JSON, to any record
    """What `taken_apart` took apart."""
    if isinstance(content, list):
        return tuple(put_together(part, arrays) for part in content)
    if not isinstance(content, dict):
        return content
    if ARRAY in content:
        return arrays[content[ARRAY]]
    if FLOAT in content:
        return float(content[FLOAT])
    if PAIRS in content:
        return {put_together(key, arrays): put_together(part, arrays) for key, part in content[PAIRS]}
    values = {name: put_together(part, arrays) for name, part in content.items() if name != KIND}
    return _class(content[KIND])(**values)


def _class(kind: str) -> type[Any]:
    module, _, name = kind.partition(":")
    if module.startswith(KNOWN):
        found = getattr(import_module(module), name, None)
        if dataclasses.is_dataclass(found) or hasattr(found, "_fields"):
            return found  # pyright: ignore[reportReturnType]
    raise StoreError("{kind!r} is no kind of record.", kind=kind)
