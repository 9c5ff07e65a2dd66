"""One pixel by hand: point at an output of a layer and see every number that made it.

Its scripts are fetched once from `/assets/components/arithmetic/`, where the app serves this folder; the layer's
numbers are sent once, and pointing asks the server for nothing.
"""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from ui.components.stub import stub

HERE = Path(__file__).parent
SUMS = HERE / "sums.js"  # the arithmetic itself
_component = component("resnet_lab_arithmetic", html='<div class="arithmetic"></div>', js=stub(HERE, "arithmetic.js"))


def arithmetic(data: dict[str, Any], *, key: str) -> tuple[int, int, int]:
    """Draw a layer (see ui/charts/arithmetic.py). Gives the output that the visitor has kept: channel, row, column.

    The data must not change when that changes, or all of it would travel again.
    """
    kept = _kept_place(data, (st.session_state.get(key) or {}).get("kept"))
    found = _component(key=key, data=data, default={"kept": None}, height="content", on_kept_change=_listens)
    return _kept_place(data, found.kept) or kept or tuple(data["first"])


def _kept_place(data: dict[str, Any], kept: Any) -> tuple[int, int, int] | None:  # noqa: ANN401 - from a browser
    if not isinstance(kept, dict) or kept.get("id") != data["id"]:
        return None
    place = kept.get("place")
    if not isinstance(place, list) or len(place) != 3 or not all(isinstance(part, int) for part in place):
        return None
    inside = all(0 <= part < most for part, most in zip(place, data["output"]["shape"], strict=True))
    return (place[0], place[1], place[2]) if inside else None


def _listens() -> None:
    """Streamlit keeps a state only where somebody listens."""
