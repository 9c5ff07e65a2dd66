"""A question as the Python expression that makes it."""

import dataclasses
import json
import math
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from resnet_core.fields import field_names

WIDTH = 100  # characters of a line, after which an expression is broken up

LONG = 2000  # characters of a text, such as a picture's, after which it has a file of its own

Name = Callable[[type[Any]], str]


def literal(
    value: object,
    name: Name = lambda kind: kind.__name__,
    aside: dict[str, str] | None = None,
    indent: int = 0,
    whole: bool = True,
) -> str:
    """Source that evaluates to an equal value. Of values inside, only what differs from their class's defaults is told.

    Args:
        value: dataclasses, tuples, dicts, numbers, words and None, inside one another.
        name: what a class is called where the source is to stand.
        aside: takes long texts by the name of the file, beside the script, that the source then reads.
        indent: of the line that it begins on.
        whole: write out every field of the value itself.
    """
    if names := field_names(value):
        told = names if whole else [one for one in names if _is_changed(value, one)]
        return _call(name(type(value)), [(f"{one}=", getattr(value, one)) for one in told], name, aside, indent)
    if isinstance(value, tuple):
        written = _call("", [("", part) for part in value], name, aside, indent)
        return written[:-1] + ",)" if len(value) == 1 and not written.endswith(",\n)") else written
    if isinstance(value, dict):
        inner = (
            f"{literal(key, name)}: {literal(part, name, aside, indent, whole=False)}" for key, part in value.items()
        )
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if type(value) is not str:
        return repr(value)
    if aside is None or len(value) <= LONG:
        return json.dumps(value, ensure_ascii=False)
    file = f"question-{zlib.crc32(value.encode()):08x}.txt"
    aside[file] = value
    return f'(HERE / "{file}").read_text(encoding="utf-8")'


def kinds(value: object) -> Iterator[type[Any]]:
    """The classes that `literal` names."""
    if names := field_names(value):
        yield type(value)
        parts = [getattr(value, one) for one in names]
    elif isinstance(value, dict):
        parts = [*value.keys(), *value.values()]
    else:
        parts = list(value) if isinstance(value, tuple) else []
    for part in parts:
        yield from kinds(part)


def _is_changed(value: Any, name: str) -> bool:  # noqa: ANN401 - a dataclass or NamedTuple
    if not dataclasses.is_dataclass(value):
        return True
    (field,) = [field for field in dataclasses.fields(value) if field.name == name]
    default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
    return default is dataclasses.MISSING or getattr(value, name) != default


def _call(head: str, parts: list[tuple[str, object]], name: Name, aside: dict[str, str] | None, indent: int) -> str:
    flat = [label + literal(part, name, aside, indent, whole=False) for label, part in parts]
    line = f"{head}({', '.join(flat)})"
    if len(line) + indent <= WIDTH and "\n" not in line and not (head and indent == 0 and len(parts) > 1):
        return line
    deep = [label + literal(part, name, aside, indent + 4, whole=False) for label, part in parts]
    space = " " * (indent + 4)
    return f"{head}(\n" + "".join(f"{space}{one},\n" for one in deep) + " " * indent + ")"
