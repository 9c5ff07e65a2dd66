"""A figure for the front of the room: all that is measured in pixels grows, so that nothing comes too close."""

from numbers import Real
from typing import Any

from ui.charts.sketch import figure_of
from ui.charts.theme import Figure

_ANYWHERE = {"height", "size", "standoff", "ticklen", "xshift", "yshift"}
_WITHIN = {"margin": {"l", "r", "t", "b", "pad"}, "line": {"width"}, "error_x": {"width"}, "error_y": {"width"}}
_IN_UNITS_OF_THE_DATA = {"contours", "xbins", "ybins"}  # have a size too


def enlarged(figure: Figure, factor: float) -> Figure:
    """The same figure, `factor` times as large. The given one is left as it is."""
    return figure_of(_grown(figure.to_dict(), factor))


def _grown(part: Any, factor: float, name: str = "") -> Any:  # noqa: ANN401
    if isinstance(part, dict) and name not in _IN_UNITS_OF_THE_DATA:
        lengths = _ANYWHERE | _WITHIN.get(name, set())
        return {
            key: value * factor if key in lengths and isinstance(value, Real) else _grown(value, factor, key)
            for key, value in part.items()
        }
    if isinstance(part, list | tuple) and part and isinstance(part[0], dict):
        return [_grown(one, factor) for one in part]
    return part
