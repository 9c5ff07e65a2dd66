"""What a browser can make ready while a visitor reads: half of all it loads is what draws Plotly's figures."""

from functools import cache
from pathlib import Path

import streamlit as st

_STATIC = Path(st.__file__).parent / "static"


@cache
def figure_script() -> str:
    """The path, below the app's, of the part of Streamlit's script that draws figures; "" where it has no such part."""
    found = sorted((_STATIC / "static" / "js").glob("PlotlyChart.*.js"))
    return found[0].relative_to(_STATIC).as_posix() if len(found) == 1 else ""
