"""A figure in the making: plain dictionaries, of which Plotly makes a figure in one go.

Plotly's own methods look every property up in its schema each time they change one: a fifth of a second for a figure
with three panels, and a class of thirty changes figures all the time. The tests have Plotly check every figure.
"""

from typing import Any, Self

import plotly.graph_objects as go

CHECK = False  # whether Plotly checks what it is given; tests switch it on
_ONE_WORD = ("error_x", "error_y", "paper_bgcolor", "plot_bgcolor")


class Sketch:
    """Traces and a layout. As in Plotly, an underscore in a name leads one level down: `title_text`."""

    def __init__(self, **layout: Any) -> None:  # noqa: ANN401
        self.data: list[dict[str, Any]] = []
        self.layout = layout

    def add_scatter(self, **trace: Any) -> Self:  # noqa: ANN401
        """Add points, lines, or both."""
        return self._add("scatter", trace)

    def add_bar(self, **trace: Any) -> Self:  # noqa: ANN401
        """Add bars."""
        return self._add("bar", trace)

    def add_heatmap(self, **trace: Any) -> Self:  # noqa: ANN401
        """Add a field of coloured cells."""
        return self._add("heatmap", trace)

    def add_contour(self, **trace: Any) -> Self:  # noqa: ANN401
        """Add lines of equal height."""
        return self._add("contour", trace)

    def add_surface(self, **trace: Any) -> Self:  # noqa: ANN401
        """Add a surface in three dimensions."""
        return self._add("surface", trace)

    def add_image(self, **trace: Any) -> Self:  # noqa: ANN401
        """Add a picture."""
        return self._add("image", trace)

    def add_hline(self, y: float, line: dict[str, Any]) -> Self:
        """Add a line from the left of the axes to their right."""
        ends = {"x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y, "yref": "y"}
        self.layout.setdefault("shapes", []).append({"type": "line", "line": line} | ends)
        return self

    def add_band(self, low: float, high: float, colour: str) -> Self:
        """Tint what lies between two values of x, below everything else."""
        ends = {"x0": low, "x1": high, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
        band = {"type": "rect", "fillcolor": colour, "line": {"width": 0}, "layer": "below"}
        self.layout.setdefault("shapes", []).append(band | ends)
        return self

    def add_annotation(self, **note: Any) -> Self:  # noqa: ANN401
        """Add words at a place."""
        self.layout.setdefault("annotations", []).append(nested(note))
        return self

    def update_layout(self, **settings: Any) -> Self:  # noqa: ANN401
        """Change the layout, leaving what is not named as it is."""
        merge(self.layout, nested(settings))
        return self

    def update_xaxes(self, **settings: Any) -> Self:  # noqa: ANN401
        """Change the x axis."""
        return self.update_layout(xaxis=nested(settings))

    def update_yaxes(self, **settings: Any) -> Self:  # noqa: ANN401
        """Change the y axis."""
        return self.update_layout(yaxis=nested(settings))

    def figure(self) -> go.Figure:
        """What it comes to."""
        return figure_of({"data": self.data, "layout": self.layout})

    def _add(self, kind: str, trace: dict[str, Any]) -> Self:
        self.data.append({"type": kind} | nested(trace))
        return self


def figure_of(spec: dict[str, Any]) -> go.Figure:
    """A figure from what `Figure.to_dict` gives."""
    return go.Figure(spec, _validate=CHECK)


def nested(settings: dict[str, Any]) -> dict[str, Any]:
    """Names with underscores as dictionaries in dictionaries."""
    found: dict[str, Any] = {}
    for name, value in settings.items():
        outer, _, inner = ("", "", "") if name in _ONE_WORD else name.partition("_")
        merge(found, {outer: nested({inner: value})} if inner else {name: value})
    return found


def merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    """Write `more` over what is there, dictionary by dictionary."""
    for name, value in more.items():
        if isinstance(value, dict):
            part = into.get(name)
            into[name] = dict(part) if isinstance(part, dict) else {}
            merge(into[name], value)
        else:
            into[name] = value
