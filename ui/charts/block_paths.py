"""One residual block's two paths and their sum, side by side."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import make_colorscale

from resnet_core.records import BlockAnatomy
from ui.charts import theme
from ui.charts.labels import Say, layer_label
from ui.charts.map_values import colour_bar, range_in_words, value_range
from ui.charts.roles import ROLES, spoken
from ui.charts.sketch import Sketch


def anatomy(block: BlockAnatomy, channel: int = 0, say: Say = str) -> go.Figure:
    """x, F(x) and their sum for one channel, on one scale with zero in the middle. A plain block has F(x) only.

    Values that are not finite are left out, and the colour bar says so.
    """
    parts = [(title, np.where(np.isfinite(values), values, np.nan)) for title, values in _parts(block, channel, say)]
    roles = ("branch",) if block.shortcut is None else ("shortcut", "branch", "total")
    limit = max((max(map(abs, value_range(values))) for _, values in parts), default=0.0) or 1.0
    holes = any(bool(np.isnan(values).any()) for _, values in parts)
    figure = theme.blank(420, top=120)
    for index, ((title, values), role) in enumerate(zip(parts, roles, strict=True), start=1):
        axis = "" if index == 1 else str(index)
        figure.add_heatmap(
            z=values,
            coloraxis="coloraxis",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
            name=title,
            hovertemplate=f"{title}<br><b>%{{z:.3g}}</b><extra></extra>",
        )
        _place_panel(figure, axis, index - 1, len(parts), values.shape)
        _frame(figure, axis, values.shape, ROLES[role])
        shown = title.replace(") + ", ")<br>+ ")  # three panels beside each other are narrow on a phone
        figure.add_annotation(
            text=f"<b>{spoken(shown, role)}</b>", x=_centre(index - 1, len(parts)), y=1, xref="paper", xanchor="center",
            yref="paper", yanchor="bottom", showarrow=False, font_size=18,
        )  # fmt: skip
    figure.update_layout(
        coloraxis={
            "colorscale": make_colorscale(theme.SIGNED),
            "cmin": -limit,
            "cmax": limit,
            "colorbar": colour_bar(say, 0.16, holes=holes),
        }
    )
    return figure.figure()


def anatomy_alt(block: BlockAnatomy, channel: int = 0, say: Say = str) -> str:
    """The three pictures in words: the range of each."""
    words = (
        say("{part} from {low} to {high}"),
        say("{part} not finite in places, else from {low} to {high}"),
        say("{part} not finite"),
    )
    ranges = [range_in_words(values, words, part=title) for title, values in _parts(block, channel, say)]
    start = say("{block}, channel {channel}:").format(block=layer_label(block.name, say), channel=channel + 1)
    return f"{start} " + "; ".join(ranges) + "."


def _parts(block: BlockAnatomy, channel: int, say: Say) -> list[tuple[str, NDArray[np.float32]]]:
    if block.shortcut is None:
        return [(say("F(x), no shortcut"), block.branch[channel])]
    same = block.x.shape == block.shortcut.shape and np.array_equal(block.x, block.shortcut)
    first = "x" if same else say("shortcut(x)")
    return [
        (first, block.shortcut[channel]),
        ("F(x)", block.branch[channel]),
        (f"{first} + F(x)", block.total[channel]),
    ]


def _place_panel(figure: Sketch, axis: str, index: int, count: int, shape: tuple[int, ...]) -> None:
    width = 0.94 / count
    start = _centre(index, count) - width / 2
    common = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.update_layout(
        **{
            f"xaxis{axis}": common | {"domain": [start, start + width], "anchor": f"y{axis}"},
            f"yaxis{axis}": common
            | {
                "range": [shape[0] - 0.5, -0.5],
                "constraintoward": "top",
                "scaleanchor": f"x{axis}",
                "anchor": f"x{axis}",
            },
        }
    )


def _frame(figure: Sketch, axis: str, shape: tuple[int, ...], colour: str) -> None:
    edges = {"x0": -0.5, "x1": shape[1] - 0.5, "y0": -0.5, "y1": shape[0] - 0.5}
    line = {"type": "rect", "xref": f"x{axis}", "yref": f"y{axis}", **edges, "line": {"color": colour, "width": 4}}
    figure.layout.setdefault("shapes", []).append(line)


def _centre(index: int, count: int) -> float:
    return (index + 0.5) / count
