"""Lines against the depth of a network: the median over the seeds, and their range as a band."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ui.charts import line_ends, theme
from ui.charts.seeds import band
from ui.charts.sketch import Sketch

HEIGHT = 400  # pixels
_PLOT_HEIGHT = 330


class DepthLine(NamedTuple):
    """One kind of network at several depths."""

    label: str
    values: NDArray[np.float64]  # (depths, seeds); NaN where there is nothing
    style: theme.LineStyle


def draw(
    depths: Sequence[int], lines: Sequence[DepthLine], limits: tuple[float, float], hover: str, *, log: bool = False
) -> Sketch:
    """A figure with a line and a band for each kind, its name at its end, and the depths that were measured as ticks.

    `limits` are the ends of the upright axis; with `log` both axes are logarithmic, and what lies outside `limits`
    is drawn at the edge. `hover` formats a number, such as ":.1%".
    """
    shown = [line for line in lines if np.isfinite(line.values).any()]
    labels = [line.label for line in shown]
    figure = theme.blank(HEIGHT, right=line_ends.margin(labels) if shown else 16)
    ends = []
    for line in shown:
        over = band(line.values.T)
        there = np.isfinite(over.middle)
        x = np.array(depths)[there]
        low, middle, high = (np.clip(part[there], *limits) for part in (over.low, over.middle, over.high))
        if over.seeds > 1:
            figure.add_scatter(
                x=np.concatenate([x, x[::-1]]), y=np.concatenate([high, low[::-1]]), mode="lines", line={"width": 0},
                fill="toself", fillcolor=theme.see_through(line.style.colour, 0.2), hoverinfo="skip", showlegend=False,
            )  # fmt: skip
        figure.add_scatter(
            x=x, y=middle, name=line.label, mode="lines+markers", marker={"size": 9, "color": line.style.colour},
            line={"color": line.style.colour, "dash": line.style.dash, "width": line.style.width},
            customdata=np.stack([over.low[there], over.middle[there], over.high[there]], axis=1),
            hovertemplate=f"{line.label}, %{{x}}<br><b>%{{customdata[1]{hover}}}</b> "
            f"(%{{customdata[0]{hover}}}–%{{customdata[2]{hover}}})<extra></extra>",
        )  # fmt: skip
        ends.append(line_ends.LineEnd(_height(float(middle[-1]), limits, log), line.label, line.style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    ticks = {"tickvals": list(depths), "ticktext": [str(depth) for depth in depths]}
    if log:
        figure.update_xaxes(type="log", range=[math.log10(depths[0] * 0.9), math.log10(depths[-1] * 1.06)], **ticks)
    else:
        room = 0.04 * (depths[-1] - depths[0])
        figure.update_xaxes(range=[depths[0] - room, depths[-1] + room], **ticks)
        figure.update_yaxes(range=list(limits))
    return figure


def _height(value: float, limits: tuple[float, float], log: bool) -> float:
    low, high = limits
    if log:
        low, high, value = math.log10(low), math.log10(high), math.log10(value)
    return float(np.clip((value - low) / (high - low), 0, 1))
