"""What a value with named fields is made of, whether it is a dataclass or a NamedTuple."""

import dataclasses
from typing import Any


def field_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - anything may be asked about
    """The names of its fields in their order; none for what has no such fields, and for a class itself."""
    if isinstance(value, type):
        return ()
    if dataclasses.is_dataclass(value):
        return tuple(field.name for field in dataclasses.fields(value))
    return tuple(getattr(value, "_fields", ())) if isinstance(value, tuple) else ()
