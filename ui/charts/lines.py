"""Figures of a few named lines: bands where there are several seeds, names at the ends, and a floor for zeros."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ui.charts import line_ends, theme
from ui.charts.axes import log_axis
from ui.charts.labels import Say, number_in_words
from ui.charts.sketch import Sketch

HEIGHT = 440  # pixels
_PLOT_HEIGHT = 370
_FEWEST_DECADES = 2  # what hardly differs shall look flat


class Line(NamedTuple):
    """One line and what it is called."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]  # NaN leaves a gap
    label: str
    style: theme.LineStyle
    low: NDArray[np.float64] | None = None  # a band around it, of the same length
    high: NDArray[np.float64] | None = None
    names: Sequence[str] = ()  # of its points, for those who point at them; else their x


class Scale(NamedTuple):
    """The vertical axis: from `low` to `high`, which are exponents of ten where it is logarithmic."""

    low: float
    high: float
    log: bool = False
    floor: bool = False  # whether a zero is drawn on the lowest line, with a logarithm of its own

    def place(self, value: float) -> float:
        """Height of a value, 0 at the bottom and 1 at the top."""
        if not math.isfinite(value):
            return 0.5
        if self.log:
            value = math.log10(value) if value > 0 else self.low
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def axis(self) -> dict[str, object]:
        """What Plotly is told."""
        if self.log:
            return log_axis(int(self.low), int(self.high), self.floor)
        return {"range": [self.low, self.high]}


def log_scale(values: Iterable[NDArray[np.float64]], least: int = -30) -> Scale:
    """Whole decades that hold all values, at least two, and one below for zeros. None reaches below 10^`least`."""
    together = np.concatenate([np.ravel(value) for value in values] or [np.ones(1)])
    present = together[np.isfinite(together) & (together > 0)]
    if present.size == 0:
        return Scale(-_FEWEST_DECADES, 0, log=True, floor=bool((together == 0).any()))
    zeros = bool((together == 0).any())
    low = max(least, math.floor(np.log10(present.min())))
    high = max(math.ceil(np.log10(present.max())), low + 1)
    missing = max(0, _FEWEST_DECADES - (high - low))
    return Scale(low - (missing + 1) // 2 - int(zeros), high + missing // 2, log=True, floor=zeros)


def line_figure(
    lines: Sequence[Line], scale: Scale, x_title: str, y_title: str, say: Say = str, *, markers: bool = True
) -> Sketch:
    """Axes, bands, lines and their names at the right. What else belongs there is added before `theme.finish`."""
    figure = theme.blank(HEIGHT, right=line_ends.margin([line.label for line in lines]))
    for line in lines:
        _draw_band(figure, line, scale)
    for line in lines:
        _draw(figure, line, scale, say, markers)
    ends = [line_ends.LineEnd(scale.place(_last(line.y)), line.label, line.style) for line in lines]
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    figure.update_xaxes(title_text=x_title)
    figure.update_yaxes(title_text=y_title, **scale.axis())
    return figure


def reference(figure: Sketch, y: float, text: str, *, log: bool = False, above: bool = True) -> None:
    """A dotted line across the axes, and what it stands for at its right end."""
    figure.add_hline(y=y, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=text, x=1, xref="paper", xanchor="right", xshift=-4, y=math.log10(y) if log else y, yref="y",
        yanchor="bottom" if above else "top", showarrow=False,
    )  # fmt: skip


def _draw_band(figure: Sketch, line: Line, scale: Scale) -> None:
    if line.low is None or line.high is None:
        return
    edge = np.concatenate([line.high, line.low[::-1]])
    figure.add_scatter(
        x=np.concatenate([line.x, line.x[::-1]]), y=np.maximum(edge, 10.0**scale.low) if scale.log else edge,
        fill="toself", fillcolor=theme.see_through(line.style.colour, 0.2), line={"width": 0}, mode="lines",
        hoverinfo="skip", showlegend=False, meta="band",
    )  # fmt: skip


def _draw(figure: Sketch, line: Line, scale: Scale, say: Say, markers: bool) -> None:
    names = line.names or [f"{x:g}" for x in line.x]
    figure.add_scatter(
        x=line.x,
        y=np.where(line.y == 0, 10.0**scale.low, line.y) if scale.log else line.y,
        name=line.label,
        mode="lines+markers" if markers else "lines",
        marker={"size": 6 if len(line.x) < 40 else 4},
        line={"color": line.style.colour, "dash": line.style.dash, "width": line.style.width},
        customdata=[[name, number_in_words(float(y), say)] for name, y in zip(names, line.y, strict=True)],
        hovertemplate=f"{line.label}<br>%{{customdata[0]}}: <b>%{{customdata[1]}}</b><extra></extra>",
    )


def _last(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else math.nan
