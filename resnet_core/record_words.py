"""A record in a few lines, to see on a terminal that it is the one that was on the screen."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from resnet_core.fields import field_names

FEW = 8  # values that are written out


def summary(record: object) -> Iterator[str]:
    """One line per field: small things as they are, arrays as their shape and range."""
    names = field_names(record)
    if not names:
        yield _short(record)
        return
    yield type(record).__name__
    width = max(map(len, names))
    for name in names:
        yield f"  {name:<{width}}  {_short(getattr(record, name))}"


def _short(value: Any) -> str:  # noqa: ANN401 - whatever a record holds
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    if isinstance(value, tuple | list) and not field_names(value):
        if len(value) <= FEW and all(isinstance(one, str | int | float | np.generic) for one in value):
            return ", ".join(_short(one) for one in value) or "none"
        return f"{len(value)} x {type(value[0]).__name__}"
    if field_names(value):
        return type(value).__name__
    return str(value)


def _array(values: np.ndarray) -> str:
    if values.size <= FEW:
        return ", ".join(_short(one) for one in values.ravel()) or "empty"
    shape = " x ".join(map(str, values.shape))
    if values.dtype.kind not in "fiu":
        return f"{shape} {values.dtype}"
    finite = values[np.isfinite(values)]
    if not finite.size:
        return f"{shape}, none finite"
    missing = f", {values.size - finite.size} not finite" if finite.size < values.size else ""
    return f"{shape}, from {finite.min():.6g} to {finite.max():.6g}{missing}"
