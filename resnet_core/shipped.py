"""Trained networks that come with the laboratory, each with its card. Loads no torch."""

from functools import cache
from pathlib import Path

from resnet_core.errors import DataError
from resnet_core.recording.card import Card, load_card

WEIGHTS = Path(__file__).parents[1] / "assets" / "weights"
_FIRST = ("photos-residual", "photos-plain")  # they know what a visitor's picture may show


@cache
def shipped_networks() -> dict[str, Card]:
    """The card of each network whose weights are here, by name.

    Raises:
        DataError: a card cannot be read.
    """
    names = [path.stem for path in sorted(WEIGHTS.glob("*.json")) if path.with_suffix(".safetensors").is_file()]
    return {name: load_card(WEIGHTS / f"{name}.json") for name in sorted(names, key=_place)}


def shipped_card(name: str) -> Card:
    """What is known of one network.

    Raises:
        DataError: there is none of that name.
    """
    if name not in shipped_networks():
        raise DataError(
            "There is no shipped network {name!r}. There are {names}.",
            name=name,
            names=", ".join(shipped_networks()) or "none",
        )
    return shipped_networks()[name]


def shipped_weights(name: str) -> bytes:
    """The safetensors file of one network.

    Raises:
        DataError: there is none of that name.
    """
    return (WEIGHTS / f"{shipped_card(name).name}.safetensors").read_bytes()


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST)), name
