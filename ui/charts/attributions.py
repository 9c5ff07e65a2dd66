"""Which pixels speak for a class, method by method."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.colors import make_colorscale

from resnet_core.records.inside import AttributionMap, AttributionReport, PictureAttributions
from ui.charts import theme
from ui.charts.labels import Say, plain_number
from ui.charts.png import data_uri
from ui.charts.sketch import Sketch
from ui.charts.tiles import Pixels, coloured

COLUMNS = 3
_WIDTH, _TILE = 300, 280  # pixels of a panel's place and of its picture, before both are scaled
_TITLE, _ROW, _TOP = 50, 180, 70  # pixels on the page: for a row's names, its pictures, and the bar above all


def method_names(say: Say = str) -> Mapping[str, str]:
    """What the figures call the methods."""
    return {
        "integrated_gradients": say("Integrated gradients"),
        "conductance": say("Conductance"),
        "occlusion": say("Occlusion"),
        "saliency": say("Saliency"),
        "guided_backprop": say("Guided backprop"),
        "grad_cam": say("Grad-CAM"),
    }


def attribution_grid(picture: PictureAttributions, say: Say = str) -> go.Figure:
    """Every method's map of one picture, each on its own scale with zero in the middle.

    A layer's map has few pixels, and each is drawn as the square it stands for. Saliency has no sign: its colours begin
    at zero.
    """
    rows = math.ceil(len(picture.maps) / COLUMNS)
    plot = rows * (_TITLE + _ROW)
    figure = theme.blank(_TOP + plot + 8, top=_TOP)
    names = method_names(say)
    for row in range(rows):
        maps = picture.maps[row * COLUMNS : (row + 1) * COLUMNS]
        _draw_row(figure, row, [(names[one.method], _enlarged(_tile(one))) for one in maps], plot)
    _add_bar(figure, say)
    return figure.figure()


def _draw_row(figure: Sketch, row: int, panels: Sequence[tuple[str, Pixels]], plot: int) -> None:
    """Panels under their names. Where the page is narrow they shrink towards the names, which keep their size."""
    axis = "" if row == 0 else str(row + 1)
    bottom, top = 1 - (row + 1) * (_TITLE + _ROW) / plot, 1 - (row * (_TITLE + _ROW) + _TITLE) / plot
    canvas = np.zeros((_TILE, COLUMNS * _WIDTH, 4), np.uint8)
    for column, (name, tile) in enumerate(panels):
        left = column * _WIDTH + (_WIDTH - _TILE) // 2
        canvas[:, left : left + _TILE] = tile
        figure.add_annotation(
            text=f"<b>{name.replace(' ', '<br>')}</b>", x=left + _TILE / 2, y=top, xref=f"x{axis}", yref="paper",
            xanchor="center", yanchor="bottom", showarrow=False, font_size=theme.FONT_SIZE,
        )  # fmt: skip
    figure.add_image(source=data_uri(canvas), xaxis=f"x{axis}", yaxis=f"y{axis}", hoverinfo="skip")
    common = {"visible": False, "constrain": "domain", "fixedrange": True}
    across = common | {"range": [0, COLUMNS * _WIDTH], "anchor": f"y{axis}"}
    down = common | {
        "range": [_TILE, 0],
        "domain": [max(0.0, bottom), top],
        "scaleanchor": f"x{axis}",
        "anchor": f"x{axis}",
        "constraintoward": "top",
    }
    figure.update_layout(**{f"xaxis{axis}": across, f"yaxis{axis}": down})


def grid_alt(picture: PictureAttributions, say: Say = str) -> str:
    """The maps in words: where the strongest place of each is."""
    words = say("{method}: strongest at row {row} and column {column} of {height} by {width}")
    names, parts = method_names(say), []
    for one in picture.maps:
        height, width = one.values.shape
        place = np.nan_to_num(np.abs(one.values.astype(float))).argmax()
        row, column = divmod(int(place), width)
        parts.append(words.format(method=names[one.method], row=row + 1, column=column + 1, height=height, width=width))
    return "; ".join(parts) + "."


def grid_table(picture: PictureAttributions, say: Say = str) -> list[dict[str, object]]:
    """One row per method: what its attributions add up to, and what they have to."""
    names = method_names(say)
    return [
        {
            say("Method"): names[one.method],
            say("Largest"): plain_number(one.largest),
            say("Sum of all"): plain_number(one.total) if not math.isnan(one.expected) else "–",
            say("Must be"): plain_number(one.expected),
        }
        for one in picture.maps
    ]


def similarity_bars(report: AttributionReport, say: Say = str) -> go.Figure:
    """How alike each method's maps are to those of the same network before it learned."""
    names = method_names(say)
    order = [index for index in np.argsort(-report.untrained) if math.isfinite(report.untrained[index])]
    figure = theme.blank(110 + 42 * len(order), right=64)
    values = [float(report.untrained[index]) for index in order]
    figure.add_bar(
        x=values,
        y=[names[report.methods[index]] for index in order],
        orientation="h",
        marker_color=theme.BAR,
        text=[f"{value:.2f}" for value in values],
        textposition="outside",
        textfont_size=theme.FONT_SIZE,
        cliponaxis=False,
        hovertemplate="%{y}: <b>%{x:.2f}</b><extra></extra>",
    )
    low = min(0.0, *values) if values else 0.0
    figure.update_xaxes(title_text=say("Rank correlation (untrained)"), range=[low - 0.1 * (low < 0), 1])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return theme.finish(figure)


def similarity_alt(report: AttributionReport, say: Say = str) -> str:
    """The bars in words."""
    names = method_names(say)
    parts = [
        f"{names[method]} {plain_number(round(float(value), 2))}"
        for method, value in zip(report.methods, report.untrained, strict=True)
    ]
    return say("How alike each map is to the untrained network's:") + " " + ", ".join(parts) + "."


def similarity_table(report: AttributionReport, say: Say = str) -> list[dict[str, object]]:
    """One row per method."""
    names = method_names(say)
    return [
        {say("Method"): names[method], say("Rank correlation"): round(float(value), 3)}
        for method, value in zip(report.methods, report.untrained, strict=True)
    ]


def _tile(one: AttributionMap) -> Pixels:
    signed = one.method != "saliency"
    return coloured(one.values, 1.0, signed=signed)


def _enlarged(picture: Pixels) -> Pixels:
    """At `_TILE` pixels, each pixel the nearest of the map's."""
    rows, columns = (np.arange(_TILE) * length // _TILE for length in picture.shape[:2])
    return picture[rows][:, columns]


def _add_bar(figure: Sketch, say: Say) -> None:
    """A colour bar needs a trace with colours: one that shows nothing else."""
    bar = {
        "orientation": "h", "y": 1.0, "yanchor": "bottom", "len": 0.9, "thickness": 14,
        "tickvals": [-0.7, 0, 0.7], "ticktext": [say("speaks against"), "0", say("speaks for")],
        "tickfont": {"size": theme.FONT_SIZE},
    }  # fmt: skip
    colours = make_colorscale(theme.SIGNED)
    marker = {"color": [0], "cmin": -1, "cmax": 1, "colorscale": colours, "showscale": True, "colorbar": bar}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip")
