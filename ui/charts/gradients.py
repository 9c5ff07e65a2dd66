"""Charts of how much gradient reaches each layer."""

import math
from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core import ResNetConfig
from resnet_core.records import GradientReport
from ui.charts import line_ends, theme
from ui.charts.axes import log_axis
from ui.charts.labels import Say, layer_label, network_labels, number_in_words
from ui.charts.seeds import Band, band
from ui.charts.sketch import Sketch

HEIGHT = 440  # pixels
_PLOT_HEIGHT = 370
_FEWEST_DECADES = 4  # a flat profile shall look flat


def gradient_profile(
    reports: Mapping[ResNetConfig, GradientReport],
    say: Say = str,
    *,
    limits: tuple[int, int] | None = None,
    narrow: bool = False,
    marked: str = "",
) -> go.Figure:
    """Gradient norm of every convolution, input side on the left: one line per network, seeds as a band.

    `limits` are the exponents at the ends of the logarithmic axis (see `profile_limits`, the default). An exact zero,
    which has no logarithm, is drawn on the floor line. `narrow` puts the names above the axes instead of at line ends.
    The convolutions of the `marked` block, or of the stem, stand on a band.
    """
    low, high = limits or profile_limits(reports)
    labels = network_labels(list(reports), say)
    styles = theme.network_styles(list(reports))
    right = 16 if narrow else line_ends.margin(labels)
    figure = theme.blank(HEIGHT, right=right, top=16 + 30 * len(labels) * narrow)
    if places := _places(reports, marked):
        figure.add_band(places[0] + 0.5, places[-1] + 1.5, theme.see_through(theme.QUIET, 0.35))
    ends = []
    for report, label, style in zip(reports.values(), labels, styles, strict=True):
        over = band(report.norms)
        _draw_band(figure, over, style, 10.0**low)
        _draw_line(figure, report, over, label, style, 10.0**low, say)
        ends.append(line_ends.LineEnd(_height(over.middle, low, high), label, style))
    if any(_has_zero(report) for report in reports.values()):
        _draw_floor(figure, low, say)
    if not narrow:
        line_ends.write(figure, ends, _PLOT_HEIGHT)
    figure.update_layout(showlegend=narrow)
    longest = max((len(report.layers) for report in reports.values()), default=1)
    figure.update_xaxes(title_text=say("Convolution, counted from the input"), range=[0.5, longest + 0.5])
    figure.update_yaxes(**log_axis(low, high, _any_zero(reports)), title_text=say("Gradient of its weights (L2 norm)"))
    return theme.finish(figure)


def profile_limits(reports: Mapping[ResNetConfig, GradientReport]) -> tuple[int, int]:
    """Exponents of ten that hold every norm, at least four decades; one more below for the floor if there are zeros."""
    norms = np.concatenate([report.norms.ravel() for report in reports.values()] or [np.ones(1)])
    present = norms[np.isfinite(norms) & (norms > 0)]
    if present.size == 0:
        return -_FEWEST_DECADES, 0
    low, high = math.floor(np.log10(present.min())), math.ceil(np.log10(present.max()))
    missing = max(0, _FEWEST_DECADES - (high - low))
    return low - (missing + 1) // 2 - int((norms == 0).any()), high + missing // 2


def gradient_alt(reports: Mapping[ResNetConfig, GradientReport], say: Say = str) -> str:
    """The profile in words: first and last norm of each network."""
    words = say("{label}: from {first} at the first convolution to {last} at the last")
    parts = [
        words.format(
            label=label,
            first=number_in_words(float(band(report.norms).middle[0]), say),
            last=number_in_words(float(band(report.norms).middle[-1]), say),
        )
        for label, report in zip(network_labels(list(reports), say), reports.values(), strict=True)
    ]
    return say("Gradient norm of each convolution, on a logarithmic axis.") + " " + "; ".join(parts) + "."


def gradient_table(reports: Mapping[ResNetConfig, GradientReport], say: Say = str) -> list[dict[str, object]]:
    """One row per layer: its number, and each network's median norm over the seeds."""
    labels = network_labels(list(reports), say)
    middles = {
        label: band(report.norms).middle.tolist() for label, report in zip(labels, reports.values(), strict=True)
    }
    longest = max((len(middle) for middle in middles.values()), default=0)
    number = say("Convolution")
    return [
        {number: row + 1, **{label: middle[row] for label, middle in middles.items() if row < len(middle)}}
        for row in range(longest)
    ]


def block_in_words(reports: Mapping[ResNetConfig, GradientReport], block: str, say: Say = str) -> str:
    """The median norms of a block's convolutions, network by network; "" where none is marked."""
    places = _places(reports, block)
    if not places:
        return ""
    parts = [
        f"{label}: {', '.join(number_in_words(float(band(report.norms).middle[place]), say) for place in places)}"
        for label, report in zip(network_labels(list(reports), say), reports.values(), strict=True)
    ]
    words = say("Gradient norms in {block} (on the band): {norms}.")
    return words.format(block=layer_label(block, say), norms="; ".join(parts))


def _places(reports: Mapping[ResNetConfig, GradientReport], block: str) -> list[int]:
    """Which convolutions, from 0, belong to a block; the networks have the same ones."""
    layers = next((report.layers for report in reports.values()), ())
    return [place for place, name in enumerate(layers) if block and name.startswith(f"{block}.")]


def _draw_band(figure: Sketch, over: Band, style: theme.LineStyle, floor: float) -> None:
    if over.seeds < 2:
        return
    x = np.arange(1, len(over.low) + 1)
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.maximum(np.concatenate([over.high, over.low[::-1]]), floor),
        fill="toself",
        fillcolor=theme.see_through(style.colour, 0.2),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )


def _draw_line(
    figure: Sketch,
    report: GradientReport,
    over: Band,
    label: str,
    style: theme.LineStyle,
    floor: float,
    say: Say,
) -> None:
    figure.add_scatter(
        x=np.arange(1, len(report.layers) + 1),
        y=np.where(over.middle == 0, floor, over.middle),
        name=label,
        mode="lines+markers",
        marker={"size": 6 if len(report.layers) < 40 else 4},
        line={"color": style.colour, "dash": style.dash, "width": style.width},
        customdata=[
            [layer_label(name, say), number_in_words(float(norm), say)]
            for name, norm in zip(report.layers, over.middle, strict=True)
        ],
        hovertemplate="%{customdata[0]}<br><b>%{customdata[1]}</b><extra></extra>",
    )


def _draw_floor(figure: Sketch, low: int, say: Say) -> None:
    figure.add_hline(y=10.0**low, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=say("0, drawn on the floor"), x=1, xref="paper", xanchor="right",
        y=low, yref="y", yanchor="bottom", showarrow=False,
    )  # fmt: skip


def _has_zero(report: GradientReport) -> bool:
    return bool((band(report.norms).middle == 0).any())


def _any_zero(reports: Mapping[ResNetConfig, GradientReport]) -> bool:
    return any(_has_zero(report) for report in reports.values())


def _height(middle: NDArray[np.float64], low: int, high: int) -> float:
    drawn = middle[np.isfinite(middle)]
    if drawn.size == 0 or drawn[-1] == 0:
        return 0.0
    return float(np.clip((np.log10(drawn[-1]) - low) / (high - low), 0, 1))
