"""The loss around trained networks: as a map, as a relief, and along lines."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import make_colorscale

from resnet_core import ResNetConfig
from resnet_core.records.surface import LossSurface
from ui.charts import line_ends, theme
from ui.charts.axes import log_axis
from ui.charts.labels import Say, network_label, network_labels, percent, plain_number
from ui.charts.seeds import band
from ui.charts.sketch import Sketch
from ui.charts.surface_numbers import better_than_guessing, reach, valleys

HEIGHT = 490  # pixels
LINES_HEIGHT = 420
_PLOT_HEIGHT = 350
LOW, HIGH = -3, 2  # exponents of ten at the ends of every scale of losses; what lies beyond is drawn at the end
_SHADES = make_colorscale(theme.MAGNITUDE)
_BETWEEN = 0.5  # exponents from one contour to the next
_PATH = "#FFFFFF"  # on all of cividis but its last step
_PATH_EDGE = "#000000"


def surface_map(network: ResNetConfig, record: LossSurface, index: int, say: Say = str) -> go.Figure:
    """The plane of network `index` from above: one cell per measured loss, contours, and the optimiser's path.

    The colours are those of the loss on a logarithmic scale from 0.001 to 100. The thick contour is the loss of
    guessing.
    """
    heights = _heights(record.loss[index])
    x, y = record.x[index], record.y[index]
    figure = theme.blank(HEIGHT, top=44)
    figure.add_heatmap(
        z=heights, x=x, y=y, customdata=record.loss[index], zmin=LOW, zmax=HIGH, colorscale=_SHADES,
        hoverongaps=False, colorbar=_bar(say), hovertemplate=_hover(say), meta="cells",
    )  # fmt: skip
    if not np.isnan(heights).all():
        for levels, width in (((LOW, HIGH, _BETWEEN), 0.8), ((math.log10(record.guess),) * 2 + (1.0,), 3.0)):
            figure.add_contour(
                z=heights, x=x, y=y, showscale=False, hoverinfo="skip", line_width=width, line_color=_PATH,
                colorscale=[[0, _PATH], [1, _PATH]], meta="guessing" if width > 1 else "contours",
                contours={"coloring": "none", "start": levels[0], "end": levels[1], "size": levels[2]},
            )  # fmt: skip
    _draw_path(figure, record, index, say)
    figure.add_annotation(
        text=f"<b>{network_label(network, say)}</b>", x=0, xref="paper", xanchor="left", y=1, yref="paper",
        yanchor="bottom", yshift=8, showarrow=False,
    )  # fmt: skip
    first, second = _axis_names(record, say)
    figure.update_xaxes(title_text=first, nticks=5, showgrid=False, **_room(x))
    figure.update_yaxes(title_text=second, nticks=5, showgrid=False, **_room(y))
    return theme.finish(figure)


def surface_relief(network: ResNetConfig, record: LossSurface, index: int, say: Say = str) -> go.Figure:
    """The same plane as a relief: up is more loss, on the same logarithmic scale. It can be turned with a finger."""
    figure = theme.blank(HEIGHT, top=44)
    figure.add_surface(
        z=_heights(record.loss[index]), x=record.x[index], y=record.y[index], customdata=record.loss[index],
        cmin=LOW, cmax=HIGH, colorscale=_SHADES, showscale=False, hovertemplate=_hover(say), meta="relief",
    )  # fmt: skip
    words = {"title": {"text": ""}, "tickfont": {"size": theme.FONT_SIZE}, "nticks": 4}
    up = {"range": [LOW - 0.2, HIGH + 0.2], "tickvals": _ticks()[0], "ticktext": _ticks()[1]}
    figure.update_layout(
        dragmode="turntable",
        scene={
            "xaxis": words,
            "yaxis": words,
            "zaxis": words | up | {"title": {"text": say("Loss"), "font": {"size": theme.FONT_SIZE}}},
            "aspectmode": "cube",
            "camera": {"eye": {"x": 1.5, "y": 1.5, "z": 0.9}},
        },
    )
    figure.add_annotation(
        text=f"<b>{network_label(network, say)}</b>", x=0, xref="paper", xanchor="left", y=1, yref="paper",
        yanchor="bottom", yshift=8, showarrow=False,
    )  # fmt: skip
    return theme.finish(figure)


def surface_lines(networks: Sequence[ResNetConfig], record: LossSurface, say: Say = str) -> go.Figure:
    """The loss along random lines: the median over the lines, and from the smallest to the largest as a band."""
    labels, styles = network_labels(networks, say), theme.network_styles(networks)
    figure = theme.blank(LINES_HEIGHT, right=line_ends.margin(labels))
    ends = []
    for losses, label, style in zip(record.line_loss, labels, styles, strict=True):
        over = band(np.where(np.isinf(losses), 10.0**HIGH, losses))
        if np.isnan(over.middle).any():
            continue
        low, middle, high = (np.clip(values, 10.0**LOW, 10.0**HIGH) for values in (over.low, over.middle, over.high))
        figure.add_scatter(
            x=np.concatenate([record.line, record.line[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself",
            fillcolor=theme.see_through(style.colour, 0.2), line={"width": 0}, mode="lines", hoverinfo="skip",
            showlegend=False, meta="band",
        )  # fmt: skip
        figure.add_scatter(
            x=record.line, y=middle, name=label, mode="lines",
            line={"color": style.colour, "dash": style.dash, "width": style.width},
            customdata=[plain_number(float(value)) for value in over.middle],
            hovertemplate=f"{label}<br>%{{x:.2f}}: <b>%{{customdata}}</b><extra></extra>",
        )  # fmt: skip
        ends.append(line_ends.LineEnd((math.log10(middle[-1]) - LOW) / (HIGH - LOW), label, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    figure.add_hline(y=record.guess, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=say("guessing"), x=0.5, xref="paper", y=math.log10(record.guess), yanchor="bottom", showarrow=False
    )
    figure.update_xaxes(
        title_text=say("Random line (weight lengths)"),
        range=[record.line[0], record.line[-1]],
        nticks=7,
    )
    figure.update_yaxes(**log_axis(LOW, HIGH), title_text=say("Training loss (nats)"))
    return theme.finish(figure)


def surface_alt(network: ResNetConfig, record: LossSurface, index: int, say: Say = str) -> str:
    """A plane in words."""
    label, share = network_label(network, say), better_than_guessing(record)[index]
    if math.isnan(share):
        return say("{label}: not measured yet.").format(label=label)
    known = record.loss[index][~np.isnan(record.loss[index])]
    words = say("{label}: the loss in a plane, {side} by {side} points, from {low} to {high}; {centre} in the middle.")
    return words.format(
        label=label,
        side=record.loss.shape[1],
        low=plain_number(float(known.min())),
        high=plain_number(float(known.max())),
        centre=plain_number(float(record.centre[index])),
    )


def lines_alt(networks: Sequence[ResNetConfig], record: LossSurface, say: Say = str) -> str:
    """The lines in words: the loss in the middle and at both ends, medians."""
    words = say("{label}: {centre} in the middle, {left} and {right} at the ends")
    parts = [
        words.format(
            label=label,
            centre=plain_number(float(record.centre[index])),
            left=plain_number(float(np.median(record.line_loss[index, :, 0]))),
            right=plain_number(float(np.median(record.line_loss[index, :, -1]))),
        )
        for index, label in enumerate(network_labels(networks, say))
    ]
    return say("Loss along random lines through the trained weights.") + " " + "; ".join(parts) + "."


def surface_table(networks: Sequence[ResNetConfig], record: LossSurface, say: Say = str) -> list[dict[str, object]]:
    """One row per network: what is counted on its surface."""
    shares = better_than_guessing(record)
    rows = []
    for index, label in enumerate(network_labels(networks, say)):
        way = reach(record, index)
        rows.append(
            {
                say("Network"): label,
                say("Loss in the middle"): plain_number(float(record.centre[index])),
                say("Test error"): percent(float(record.test_error[index])),
                say("Better than guessing"): percent(float(shares[index])),
                say("Valleys"): valleys(record.loss[index]),
                say("Reach along lines"): plain_number(way.middle) if way else "–",
                say("Path in this plane"): captured_words(float(record.captured[index])),
                say("Weights moved"): record.weights[index],
            }
        )
    return rows


def captured_words(share: float) -> str:
    """A share of the path in percent, also where it is tiny."""
    return percent(share) if math.isnan(share) or share >= 1e-3 else f"{plain_number(100 * share)}%"


def _draw_path(figure: Sketch, record: LossSurface, index: int, say: Say) -> None:
    path = record.path[index]
    known = ~np.isnan(path[:, 0])
    if not known.any():
        return
    x, y = path[known].T
    figure.add_scatter(
        x=x, y=y, mode="lines", hoverinfo="skip", line={"color": _PATH_EDGE, "width": 6}, meta="path edge"
    )
    figure.add_scatter(
        x=x, y=y, mode="lines+markers", line={"color": _PATH, "width": 3}, meta="path",
        marker={"size": 7, "color": _PATH, "line": {"color": _PATH_EDGE, "width": 1}},
        customdata=record.path_steps[: len(x)], hovertemplate=f"{say('step')} %{{customdata}}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=x[[0, -1]], y=y[[0, -1]], mode="markers", hoverinfo="skip", meta="ends",
        marker={
            "size": [14, 18], "symbol": ["circle", "star"], "color": _PATH, "line": {"color": _PATH_EDGE, "width": 2},
        },
    )  # fmt: skip


def _heights(loss: NDArray[np.float64]) -> NDArray[np.float64]:
    """log10 of the loss within the scale; NaN where nothing is measured."""
    with np.errstate(divide="ignore"):
        return np.clip(np.log10(loss), LOW, HIGH)


def _ticks() -> tuple[list[int], list[str]]:
    exponents = [HIGH - 4, HIGH - 2, HIGH]  # more would not fit a phone
    names = [plain_number(10.0**exponent) for exponent in exponents]
    return exponents, [*names[:-1], f"≥ {names[-1]}"]


def _bar(say: Say) -> dict[str, object]:
    values, names = _ticks()
    return {
        "title": {"text": say("Training loss (nats)"), "font": {"size": theme.FONT_SIZE}, "side": "top"},
        "tickvals": values,
        "ticktext": names,
        "tickfont": {"size": theme.FONT_SIZE},
        "orientation": "h",
        "thickness": 14,
        "x": 0.5,
        "y": -0.24,
        "yanchor": "top",
    }


def _hover(say: Say) -> str:
    return "%{x:.2f}, %{y:.2f}<br>" + say("loss {loss}").format(loss="<b>%{customdata:.3g}</b>") + "<extra></extra>"


def _axis_names(record: LossSurface, say: Say) -> tuple[str, str]:
    if record.plane == "path":
        return say("Along the path (weight lengths)"), say("Across the path")
    return say("First direction (weight lengths)"), say("Second direction")


def _room(values: NDArray[np.float64]) -> dict[str, object]:
    """Half a cell beyond the outermost points."""
    if np.isnan(values).any():
        return {"range": [-1, 1]}
    half = (values[1] - values[0]) / 2
    return {"range": [values[0] - half, values[-1] + half]}
