"""A picture as a detector's backbone sees it: its levels, the top-down sums, the anchors of one cell."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import make_colorscale

from resnet_core.records.beyond import PyramidReport
from ui.charts import theme
from ui.charts.labels import Say, plain_number
from ui.charts.map_values import colour_bar
from ui.charts.png import data_uri
from ui.charts.sketch import Sketch

FIELD = "#56B4E9"  # what a cell can see
_GRID = "rgba(255,255,255,0.45)"


def level_maps(report: PyramidReport, say: Say = str) -> go.Figure:
    """C2 to C5, two by two, each in shares of its own largest value: the mean over the channels at every place."""
    figure = theme.blank(640, top=86)
    for place, (level, values) in enumerate(zip(report.levels, report.backbone, strict=False)):
        shown = _finite(values)
        largest = float(np.nanmax(shown, initial=0.0)) or 1.0
        title = f"<b>{level.name}</b> {level.side}×{level.side}"
        row, column = divmod(place, 2)
        left, bottom = 0.51 * column, 0.52 * (1 - row)
        _panel(figure, place, shown / largest, (left, left + 0.49), (bottom, bottom + 0.44), "left")
        figure.add_annotation(
            text=title, x=left, xref="paper", xanchor="left", y=bottom + 0.44, yref="paper", yanchor="bottom",
            showarrow=False,
        )  # fmt: skip
    bar = colour_bar(say, 0.06) | {"tickvals": [0, 1], "ticktext": ["0", say("its largest")]}
    bar["title"] = {"text": say("mean over the channels"), "side": "top", "font": {"size": theme.FONT_SIZE}}
    figure.update_layout(
        coloraxis={"colorscale": make_colorscale(theme.MAGNITUDE), "cmin": 0, "cmax": 1, "colorbar": bar}
    )
    return figure.figure()


def level_alt(report: PyramidReport, say: Say = str) -> str:
    """Every level in words."""
    words = say("{name}: {side} by {side} cells, one for every {stride} pixels, {channels} channels")
    return "; ".join(words.format(**level._asdict()) for level in report.levels[:4]) + "."


def level_table(report: PyramidReport, say: Say = str) -> list[dict[str, object]]:
    """One row per level."""
    columns = (
        say("Level"), say("Stride (pixels)"), say("Cells"), say("Channels"), say("Sees at most (pixels)"),
        say("Anchor area (pixels)"),
    )  # fmt: skip
    return [
        dict(
            zip(
                columns,
                (one.name, one.stride, f"{one.side}×{one.side}", one.channels, one.field, f"{round(one.area**0.5)}²"),
                strict=True,
            )
        )
        for one in report.levels
    ]


def top_down_sum(report: PyramidReport, level: int, say: Say = str) -> go.Figure:
    """Lateral, upsampled from above and their sum in one channel, on one scale with zero in the middle.

    `level` counts from 0 (P2). At the coarsest there is nothing above.
    """
    parts = [(title, _finite(values)) for title, values in _terms(report, level)]
    limit = max(float(np.nanmax(np.abs(values), initial=0.0)) for _, values in parts) or 1.0
    figure = theme.blank(390, top=116)
    for place, (title, values) in enumerate(parts):
        left = place / len(parts)
        _panel(figure, place, values, (left, left + 0.96 / len(parts)), (0, 1), "center")
        figure.add_annotation(
            text=f"<b>{title}</b>", x=left + 0.48 / len(parts), xref="paper", xanchor="center", y=1, yref="paper",
            yanchor="bottom", showarrow=False,
        )  # fmt: skip
    figure.update_layout(
        coloraxis={
            "colorscale": make_colorscale(theme.SIGNED), "cmin": -limit, "cmax": limit,
            "colorbar": colour_bar(say, 0.16),
        }
    )  # fmt: skip
    return figure.figure()


def top_down_alt(report: PyramidReport, level: int, say: Say = str) -> str:
    """The three pictures in words: the range of each."""
    words = say("{part} from {low} to {high}")
    parts = [
        words.format(part=title, low=plain_number(float(values.min())), high=plain_number(float(values.max())))
        for title, values in _terms(report, level)
    ]
    return say("Channel {channel} of {channels}:").format(channel=report.channel + 1, channels=report.channels) + (
        " " + "; ".join(parts) + "."
    )


def anchors(report: PyramidReport, level: int, place: tuple[int, int], say: Say = str) -> go.Figure:
    """The picture with a level's cells, and the anchors and the view of one of them.

    Args:
        report: the pyramid.
        level: from 0 (P2) to 4 (P6).
        place: column and row of the cell, from 0.
        say: translates.
    """
    one, size = report.levels[level], report.picture.shape[0]
    across, down = ((cell + 0.5) * one.stride for cell in place)
    figure = theme.blank(580, top=100)
    opaque = np.full((*report.picture.shape[:2], 1), 255, np.uint8)
    figure.add_image(source=data_uri(np.concatenate([report.picture, opaque], axis=2)), hoverinfo="skip")
    _draw_grid(figure, one.side, one.stride, size)
    cell = say("one cell, {stride}×{stride}").format(stride=one.stride)
    _draw_box(figure, (across, down), (one.stride, one.stride), cell, theme.BAR, fill=0.55)
    for number, (width, height) in enumerate(report.anchors[level]):
        name = say("its anchors, {side}²").format(side=round(one.area**0.5))
        _draw_box(figure, (across, down), (width, height), name, theme.SECOND_BAR, told=number == 0)
    view = say("{name} alone sees {field}×{field}").format(name=source_of(one.name), field=one.field)
    _draw_box(figure, (across, down), (one.field, one.field), view, FIELD, dash="dot")
    figure.update_layout(showlegend=True, legend_traceorder="normal")
    low, high = _span(report, level, (across, down))
    figure.update_xaxes(visible=False, range=[low[0], high[0]], constrain="domain")
    figure.update_yaxes(
        visible=False, range=[high[1], low[1]], scaleanchor="x", constrain="domain", constraintoward="top"
    )
    return theme.finish(figure)


def anchors_alt(report: PyramidReport, level: int, place: tuple[int, int], say: Say = str) -> str:
    """Cell, anchors and view in words."""
    one = report.levels[level]
    words = say(
        "The cell in column {column}, row {row} of {name}, {stride} pixels wide, with anchors of {sizes} pixels."
    )
    sizes = ", ".join(f"{width:.0f}×{height:.0f}" for width, height in report.anchors[level])
    return words.format(column=place[0] + 1, row=place[1] + 1, name=_top(one.name), stride=one.stride, sizes=sizes)


def source_of(name: str) -> str:
    """The level of the backbone that a level of the pyramid is made from, without what comes from above."""
    return "C5" if name == "P6" else name


def _terms(report: PyramidReport, level: int) -> list[tuple[str, NDArray[np.float32]]]:
    fine, coarse = f"P{level + 2}", f"P{level + 3}"
    if level == len(report.sums) - 1:
        return [(f"1×1(C{level + 2}) = {fine}", report.sums[level])]
    return [
        (f"1×1(C{level + 2})", report.lateral[level]),
        (f"+ {coarse} ↑2", report.above[level]),
        (f"= {fine}", report.sums[level]),
    ]


def _top(name: str) -> str:
    return name.replace("C", "P")


def _finite(values: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan).astype(float)


def _panel(
    figure: Sketch,
    place: int,
    values: NDArray[np.float64],
    across: tuple[float, float],
    up: tuple[float, float],
    side: str,
) -> None:
    axis = "" if place == 0 else str(place + 1)
    figure.add_heatmap(
        z=values.astype(np.float32), coloraxis="coloraxis", xaxis=f"x{axis}", yaxis=f"y{axis}",
        hovertemplate="<b>%{z:.3g}</b><extra></extra>",
    )  # fmt: skip
    common = {"visible": False, "constrain": "domain", "fixedrange": True}
    down = {"range": [len(values) - 0.5, -0.5], "constraintoward": "top", "scaleanchor": f"x{axis}"}
    figure.update_layout(
        **{
            f"xaxis{axis}": common | {"domain": list(across), "anchor": f"y{axis}", "constraintoward": side},
            f"yaxis{axis}": common | down | {"domain": list(up), "anchor": f"x{axis}"},
        }
    )


def _draw_grid(figure: Sketch, side: int, stride: int, size: int) -> None:
    lines = np.arange(1, side) * stride
    x: list[float | None] = []
    y: list[float | None] = []
    for at in lines.tolist():
        x += [at, at, None, 0, size, None]
        y += [0, size, None, at, at, None]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": _GRID, "width": 1}, hoverinfo="skip", showlegend=False, name="grid"
    )


def _draw_box(
    figure: Sketch, centre: tuple[float, float], size: tuple[float, float], name: str, colour: str,
    *, fill: float = 0.0, dash: str = "solid", told: bool = True,
) -> None:  # fmt: skip
    (x, y), (width, height) = centre, size
    figure.add_scatter(
        x=[x - width / 2, x + width / 2, x + width / 2, x - width / 2, x - width / 2],
        y=[y - height / 2, y - height / 2, y + height / 2, y + height / 2, y - height / 2],
        mode="lines",
        line={"color": colour, "width": 3.5, "dash": dash},
        fill="toself" if fill else "none",
        fillcolor=theme.see_through(colour, fill),
        name=name,
        showlegend=told,
        hoverinfo="name",
    )


def _span(
    report: PyramidReport, level: int, centre: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Corners of what is shown: the picture and all of the boxes."""
    size = report.picture.shape[0]
    reach = max(float(report.anchors[level].max()), float(report.levels[level].field)) / 2 + 4
    low = (min(0.0, centre[0] - reach), min(0.0, centre[1] - reach))
    return low, (max(size, centre[0] + reach), max(size, centre[1] + reach))
