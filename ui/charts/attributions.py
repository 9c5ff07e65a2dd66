"""Which pixels speak for a class, method by method."""

import math
from collections.abc import Mapping

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
_WIDTH, _HEIGHT = 300, 360  # pixels of a panel's picture with the room for its title
_TILE = 280  # pixels of a panel's picture


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
    canvas = np.zeros((rows * _HEIGHT, COLUMNS * _WIDTH, 4), np.uint8)
    figure = theme.blank(150 + 220 * rows, top=84)
    names = method_names(say)
    for index, one in enumerate(picture.maps):
        row, column = divmod(index, COLUMNS)
        top, left = row * _HEIGHT + _HEIGHT - _TILE, column * _WIDTH + (_WIDTH - _TILE) // 2
        canvas[top : top + _TILE, left : left + _TILE] = _enlarged(_tile(one))
        figure.add_annotation(
            text=f"<b>{names[one.method].replace(' ', '<br>')}</b>", x=column * _WIDTH + _WIDTH / 2, y=top,
            xref="x", yref="y", xanchor="center", yanchor="bottom", showarrow=False, font_size=theme.FONT_SIZE,
        )  # fmt: skip
    figure.add_image(source=data_uri(canvas), hoverinfo="skip")
    _add_bar(figure, say)
    figure.update_xaxes(visible=False, range=[0, COLUMNS * _WIDTH], constrain="domain", fixedrange=True)
    figure.update_yaxes(
        visible=False, range=[rows * _HEIGHT, 0], scaleanchor="x", constrain="domain", constraintoward="top",
        fixedrange=True,
    )  # fmt: skip
    return figure.figure()


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
    figure.update_xaxes(
        title_text=say("Rank correlation with the untrained network's map"), range=[low - 0.1 * (low < 0), 1]
    )
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
