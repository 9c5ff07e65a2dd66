"""JSON from a file that anybody may have written: bounded before it is read, and never an exception of its own."""

import json
import math
from typing import Any

from resnet_core.store.flaws import Flaw, shortened

MAX_BYTES = 4_000_000
MAX_DIGITS = 18  # of a whole number; Python takes seconds over millions of them

_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def read_json(content: bytes, limit: int = MAX_BYTES) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        Flaw: too long, not UTF-8, not JSON, nested too deeply, a name twice, or a number that JSON does not have.
    """
    if len(content) > limit:
        raise Flaw(f"it has {len(content)} bytes and may have {limit}")
    try:
        found = json.loads(
            content.decode("utf-8"), parse_constant=_no_such_number, parse_int=_whole, object_pairs_hook=_object
        )
    except Flaw:
        raise
    except (ValueError, RecursionError) as problem:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise Flaw(f"it is not JSON ({type(problem).__name__})") from None
    if not isinstance(found, dict):
        raise Flaw("it is not a JSON object")
    return found


def number_to_json(value: float) -> float | str:
    """A number as JSON can hold it: "nan", "inf" or "-inf" for what is not finite."""
    return float(value) if math.isfinite(value) else str(float(value))


def number_from_json(value: object) -> float:
    """What `number_to_json` made a number of.

    Raises:
        Flaw: it is no such thing.
    """
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise Flaw(f"{shortened(value)} is not a number")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Flaw(f"a number in it has {len(digits)} digits")
    return int(digits)


def _no_such_number(word: str) -> float:
    raise Flaw(f"JSON has no number called {word}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Flaw("it says the same thing twice")
    return found
