"""How much of what a unit could see it really uses."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import make_colorscale

from resnet_core.records.inside import FieldReport, UnitField
from ui.charts import theme
from ui.charts.labels import Say, percent, plain_number
from ui.charts.png import data_uri
from ui.charts.sketch import Sketch
from ui.charts.theme import LineStyle
from ui.charts.tiles import coloured

HEIGHT = 440  # pixels
_PANELS = ((0.0, 0.48), (0.52, 1.0))  # of the width
PLAIN = LineStyle(theme.PLAIN, "solid", 3.5)
RESIDUAL = LineStyle(theme.RESIDUAL, "solid", 3.5)


def field_label(field: UnitField, say: Say = str) -> str:
    """What the figures call a network."""
    words = say("plain-{layers}") if field.plain else say("residual-{layers}")
    name = words.format(layers=field.depth)
    return f"{name}, {say('after {steps} steps').format(steps=field.steps)}" if field.steps else name


def field_pair(fields: Sequence[UnitField], say: Say = str) -> go.Figure:
    """Up to two fields side by side at the same scale. The panel is what a unit could see, the square what it uses."""
    figure = theme.blank(HEIGHT + 30, top=124)
    for number, (field, place) in enumerate(zip(fields, _PANELS, strict=False)):
        _draw_panel(figure, field, "" if number == 0 else str(number + 1), place, say)
    bar = {
        "orientation": "h", "y": 1.14, "yanchor": "bottom", "len": 0.8, "thickness": 14, "nticks": 5,
        "tickfont": {"size": theme.FONT_SIZE},
        "title": {"text": say("gradient, as a share of its largest"), "side": "top", "font": {"size": theme.FONT_SIZE}},
    }  # fmt: skip
    colours = make_colorscale(theme.MAGNITUDE)
    marker = {"color": [0], "cmin": 0, "cmax": 1, "colorscale": colours, "showscale": True, "colorbar": bar}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip")
    return figure.figure()


def pair_alt(fields: Sequence[UnitField], say: Say = str) -> str:
    """The panels in words."""
    words = say("{label}: a unit could see {theoretical} pixels across and uses {side}, {share} of it")
    parts = [
        words.format(
            label=field_label(field, say),
            theoretical=field.theoretical,
            side=plain_number(field.side),
            share=percent(field.ratio),
        )
        for field in fields
    ]
    return "; ".join(parts) + "."


def field_profile(fields: Sequence[UnitField], say: Say = str) -> go.Figure:
    """A cut through the middle of each field, and the Gaussian that fits it, dotted."""
    figure = theme.blank(HEIGHT, top=72)
    for field in fields:
        style = PLAIN if field.plain else RESIDUAL
        places, values, bell = cut(field)
        label = field_label(field, say)
        figure.add_scatter(
            x=places, y=values, name=label, mode="lines", line={"color": style.colour, "width": 3.5},
            hovertemplate=f"{label}<br>%{{x}} px: <b>%{{y:.2f}}</b><extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=places, y=bell, name=say("its Gaussian"), mode="lines", hoverinfo="skip",
            line={"color": style.colour, "width": 2, "dash": "dot"},
        )  # fmt: skip
    reach = max((field.theoretical for field in fields), default=1) / 2
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title_text=say("Pixels from the unit's own place"), range=[-reach, reach])
    figure.update_yaxes(title_text=say("Gradient, share of its largest"), range=[0, 1.05])
    return theme.finish(figure)


def cut(field: UnitField) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Places in pixels, mean of the five middle rows over its largest, and the Gaussian of the field's own width."""
    middle = field.theoretical // 2
    rows = field.field[max(0, middle - 2) : middle + 3].astype(float).mean(axis=0)
    largest = rows.max() or 1.0
    places = np.arange(field.theoretical, dtype=float) - middle
    bell = np.exp(-(places**2) / (2 * field.sigma**2))
    height = float((rows * bell).sum() / (bell**2).sum()) if np.isfinite(field.sigma) else float("nan")
    return places, rows / largest, bell * height / largest


def profile_alt(fields: Sequence[UnitField], say: Say = str) -> str:
    """The cuts in words: how wide the Gaussian, how well it fits."""
    words = say("{label}: a Gaussian with a standard deviation of {sigma} pixels explains {fit} of it")
    parts = [
        words.format(label=field_label(field, say), sigma=plain_number(field.sigma), fit=percent(field.fit))
        for field in fields
    ]
    return say("A cut through each field.") + " " + "; ".join(parts) + "."


def field_sizes(report: FieldReport, say: Say = str) -> go.Figure:
    """Side of what a unit could see and of what it uses, against depth; after training as crosses."""
    plain = [field for field in report.fresh if field.plain]
    residual = [field for field in report.fresh if not field.plain]
    curves = [
        (say("could see"), plain, [field.theoretical for field in plain], LineStyle(theme.QUIET, "dash", 2.5)),
        (say("plain, uses"), plain, [field.side for field in plain], PLAIN),
        (say("residual, uses"), residual, [field.side for field in residual], RESIDUAL),
    ]
    top = 1.06 * max([field.theoretical for field in report.fresh], default=1)
    figure = theme.blank(HEIGHT, top=72)
    for name, fields, values, style in curves:
        figure.add_scatter(
            x=[field.depth for field in fields], y=values, name=name, mode="lines+markers",
            line={"color": style.colour, "width": style.width, "dash": style.dash}, marker={"size": 9},
            hovertemplate=f"{name}<br>%{{x}}: <b>%{{y:.0f}} px</b><extra></extra>",
        )  # fmt: skip
    for field in report.after:
        label = field_label(field, say)
        figure.add_scatter(
            x=[field.depth], y=[field.side], name=label, mode="markers", showlegend=False,
            marker={"size": 15, "symbol": "x", "color": (PLAIN if field.plain else RESIDUAL).colour},
            hovertemplate=f"{label}<br><b>%{{y:.0f}} px</b><extra></extra>",
        )  # fmt: skip
    figure.update_layout(showlegend=True)
    depths = sorted({field.depth for field in report.fresh})
    figure.update_xaxes(title_text=say("Depth (layers)"), tickvals=depths)
    figure.update_yaxes(title_text=say("Side in the picture (pixels)"), range=[0, top])
    return theme.finish(figure)


def sizes_alt(report: FieldReport, say: Say = str) -> str:
    """All sizes in words."""
    return pair_alt([*report.fresh, *report.after], say)


def sizes_table(report: FieldReport, say: Say = str) -> list[dict[str, object]]:
    """One row per network."""
    return [
        {
            say("Network"): field_label(field, say),
            say("Could see (pixels)"): field.theoretical,
            say("Uses (pixels)"): round(field.side, 1),
            say("Share"): percent(field.ratio),
            say("Lowest draw"): round(float(field.sides.min()), 1),
            say("Highest draw"): round(float(field.sides.max()), 1),
            say("Gaussian, σ in pixels"): round(field.sigma, 2),
            say("Explained by it"): percent(field.fit),
        }
        for field in [*report.fresh, *report.after]
    ]


def _draw_panel(figure: Sketch, field: UnitField, axis: str, place: tuple[float, float], say: Say) -> None:
    side = field.theoretical
    figure.add_image(
        source=data_uri(_enlarged(coloured(field.field, 1.0, signed=False))),
        xaxis=f"x{axis}", yaxis=f"y{axis}", x0=0, y0=0, hoverinfo="skip",
    )  # fmt: skip
    factor = _factor(side)
    low, high = (factor * (side + sign * field.side) / 2 for sign in (-1, 1))
    figure.layout.setdefault("shapes", []).append(
        {
            "type": "rect", "xref": f"x{axis}", "yref": f"y{axis}", "x0": low, "x1": high, "y0": low, "y1": high,
            "line": {"color": "#FFFFFF", "width": 2.5, "dash": "dash"},
        }
    )  # fmt: skip
    figure.add_annotation(
        text=f"<b>{field_label(field, say).replace(', ', ',<br>')}</b>", x=sum(place) / 2, y=1, xref="paper",
        xanchor="center", yref="paper", yanchor="bottom", showarrow=False, font_size=theme.FONT_SIZE,
    )  # fmt: skip
    common = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.update_layout(
        **{
            f"xaxis{axis}": common | {"domain": list(place), "anchor": f"y{axis}", "range": [0, factor * side]},
            f"yaxis{axis}": common
            | {
                "range": [factor * side, 0],
                "scaleanchor": f"x{axis}",
                "anchor": f"x{axis}",
                "constraintoward": "top",
            },
        }
    )


def _factor(side: int) -> int:
    return max(1, 400 // side)


def _enlarged(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    factor = _factor(len(picture))
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)
