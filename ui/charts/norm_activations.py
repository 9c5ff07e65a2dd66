"""Activations with and without BatchNorm: layer by layer and step by step, and before the first step."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.norm import NormActivations, NormStart
from ui.charts import theme
from ui.charts.labels import Say, layer_label, plain_number, power_of_ten
from ui.charts.lines import Line, line_figure, log_scale
from ui.charts.norm_rows import BATCH, NONE, axis_of, norm_label, norm_style, panels, set_axes

_MAP, _BAND = 190, 150  # pixels of a panel
_LEAST = 2  # decades of the colour scale


def view_titles(say: Say = str) -> tuple[str, str, str]:
    """What the three panels show, in the order of the record."""
    return say("without BN"), say("with BN: what BN receives"), say("with BN: what BN passes on")


def deviation_maps(record: NormActivations, say: Say = str) -> go.Figure:
    """Standard deviation at every layer and look as colour, one panel per view. Time runs right, depth runs down."""
    low, high = colour_limits(record.deviations)
    figure = panels(view_titles(say), _MAP, say("Step"))
    numbers = np.arange(1, len(record.layers) + 1)
    for place, values in enumerate(record.deviations):
        with np.errstate(divide="ignore", invalid="ignore"):
            codes = np.clip(np.log10(values), low, high)
        figure.add_heatmap(
            z=np.where(np.isfinite(values), codes, np.nan), x=record.steps, y=numbers, yaxis=axis_of(place),
            coloraxis="coloraxis", customdata=values,
            hovertemplate=say("layer {layer}, step {step}: {value}").format(
                layer="%{y}", step="%{x}", value="%{customdata:.3g}"
            ) + "<extra></extra>",
        )  # fmt: skip
    ticks = list(range(low, high + 1))
    figure.update_layout(
        coloraxis={
            "colorscale": [
                [place / (len(theme.MAGNITUDE) - 1), colour] for place, colour in enumerate(theme.MAGNITUDE)
            ],
            "cmin": low,
            "cmax": high,
            "colorbar": {
                "title": {"text": say("Deviation"), "font": {"size": theme.FONT_SIZE}},
                "tickvals": ticks,
                "ticktext": ["1" if exponent == 0 else power_of_ten(exponent) for exponent in ticks],
                "tickfont": {"size": theme.FONT_SIZE},
                "thickness": 16,
            },
        }
    )
    set_axes(figure, 3, range=[len(numbers) + 0.5, 0.5], showgrid=False, nticks=5, title={"text": say("Layer")})
    return theme.finish(figure)


def colour_limits(deviations: NDArray[np.float64]) -> tuple[int, int]:
    """Exponents of ten that hold all but the wildest deviations, at least two decades and at most eight."""
    known = deviations[np.isfinite(deviations) & (deviations > 0)]
    if known.size == 0:
        return -1, 1
    low, high = int(np.floor(np.log10(known.min()))), int(np.ceil(np.log10(known.max())))
    high = max(high, low + _LEAST)
    return max(low, high - 8), high


def percentile_bands(record: NormActivations, layer: int, say: Say = str) -> go.Figure:
    """The 15th to the 85th percentile of one layer's values over training, and the median; one panel per view."""
    figure = panels(view_titles(say), _BAND, say("Step"))
    values = record.percentiles[:, :, layer]
    for place in range(3):
        style = norm_style(NONE if place == 0 else BATCH, record.plain)
        low, middle, high = values[place]
        known = np.isfinite(middle)
        steps = record.steps[known]
        figure.add_scatter(
            x=np.concatenate([steps, steps[::-1]]), y=np.concatenate([high[known], low[known][::-1]]),
            yaxis=axis_of(place), fill="toself", fillcolor=theme.see_through(style.colour, 0.25), mode="lines",
            line={"width": 0}, hoverinfo="skip", meta="band",
        )  # fmt: skip
        figure.add_scatter(
            x=steps, y=middle[known], yaxis=axis_of(place), mode="lines", name=view_titles(say)[place],
            line={"color": style.colour, "dash": style.dash, "width": style.width},
            customdata=np.stack([low[known], high[known]], axis=1),
            hovertemplate=say("step {step}: median {middle}, 15 % below {low}, 15 % above {high}").format(
                step="%{x}", middle="%{y:.3g}", low="%{customdata[0]:.3g}", high="%{customdata[1]:.3g}"
            ) + "<extra></extra>",
        )  # fmt: skip
    edge = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    set_axes(figure, 3, range=[-1.05 * edge, 1.05 * edge], nticks=5, title={"text": say("Value")})
    figure.update_xaxes(range=[0, int(record.steps[-1])])
    return theme.finish(figure)


def deviation_alt(record: NormActivations, say: Say = str) -> str:
    """The maps in words: first and last layer at the start and at the last look."""
    words = say("{view}: first layer {first}, last layer {last} at step {step}")
    parts = [
        words.format(
            view=title,
            first=plain_number(float(record.deviations[view, 0, look])),
            last=plain_number(float(record.deviations[view, -1, look])),
            step=int(record.steps[look]),
        )
        for view, title in enumerate(view_titles(say))
        for look in (0, last_look(record))
    ]
    return say("Standard deviation of every layer's values over training.") + " " + "; ".join(parts) + "."


def bands_alt(record: NormActivations, layer: int, say: Say = str) -> str:
    """The bands in words: where they begin and end."""
    words = say("{view}: from {low} to {high} at step {step}")
    parts = [
        words.format(
            view=title,
            low=plain_number(float(record.percentiles[view, 0, layer, look])),
            high=plain_number(float(record.percentiles[view, 2, layer, look])),
            step=int(record.steps[look]),
        )
        for view, title in enumerate(view_titles(say))
        for look in (0, last_look(record))
    ]
    start = say("15th to 85th percentile of the values at {layer}.").format(
        layer=layer_label(record.layers[layer], say)
    )
    return f"{start} " + "; ".join(parts) + "."


def activations_table(record: NormActivations, say: Say = str) -> list[dict[str, object]]:
    """One row per layer: deviations at the start and at the last look."""
    look = last_look(record)
    step = int(record.steps[look])
    return [
        {
            say("Layer"): layer_label(name, say),
            **{
                say("{view}, step {step}").format(view=title, step=at): float(record.deviations[view, place, when])
                for view, title in enumerate(view_titles(say))
                for at, when in ((0, 0), (step, look))
            },
        }
        for place, name in enumerate(record.layers)
    ]


def last_look(record: NormActivations) -> int:
    """The last look at which anything was measured with BatchNorm."""
    seen = np.flatnonzero(np.isfinite(record.deviations[2]).any(axis=0))
    return int(seen[-1]) if seen.size else 0


def branch_lines(record: NormStart, say: Say = str) -> go.Figure:
    """Deviation of the branch over that of the shortcut at every addition, with the prediction for BatchNorm."""
    ratios = record.branch / record.skip
    blocks = np.arange(1.0, len(record.blocks) + 1)
    names = [layer_label(name, say) for name in record.blocks]
    lines = [
        Line(blocks, ratios[kind], norm_label(kind, say), norm_style(kind, plain=False), names=names)
        for kind in (NONE, BATCH)
    ]
    theory = Line(blocks, 1 / np.sqrt(blocks), "1 / √ℓ", theme.LineStyle(theme.QUIET, "dot", 2.0))
    scale = log_scale([*ratios, theory.y])
    y_title = say("Deviation of the branch / of the shortcut")
    figure = line_figure([*lines, theory], scale, say("Block ℓ, counted from the input"), y_title, say, markers=False)
    return theme.finish(figure)


def start_gradients(record: NormStart, say: Say = str) -> go.Figure:
    """Gradient norm of every convolution before the first step: with and without shortcuts, with and without BN."""
    places = np.arange(1.0, len(record.layers) + 1)
    names = [layer_label(name, say) for name in record.layers]
    lines = [
        Line(places, record.gradients[plain, kind], start_label(plain, kind, say), norm_style(kind, bool(plain)),
             names=names)
        for plain in (1, 0) for kind in (BATCH, NONE)
    ]  # fmt: skip
    title = say("Gradient of its weights (L2 norm)")
    scale = log_scale(record.gradients.ravel()[None])
    figure = line_figure(lines, scale, say("Convolution, counted from the input"), title, say, markers=False)
    return theme.finish(figure)


def start_label(plain: int, kind: int, say: Say = str) -> str:
    """One of the four networks."""
    if plain:
        return say("plain + BN") if kind else say("plain, no BN")
    return say("residual + BN") if kind else say("residual, no BN")


def branch_alt(record: NormStart, say: Say = str) -> str:
    """The ratio's two ends in words."""
    words = say("{label}: {first} in the first block, {last} in the last")
    ratios = record.branch / record.skip
    parts = [
        words.format(
            label=norm_label(kind, say),
            first=plain_number(float(ratios[kind, 0])),
            last=plain_number(float(ratios[kind, -1])),
        )
        for kind in (NONE, BATCH)
    ]
    return say("Deviation of the branch over that of the shortcut, block by block.") + " " + "; ".join(parts) + "."


def start_gradients_alt(record: NormStart, say: Say = str) -> str:
    """The gradients' two ends in words."""
    words = say("{label}: from {first} at the first convolution to {last} at the last")
    parts = [
        words.format(
            label=start_label(plain, kind, say),
            first=plain_number(float(record.gradients[plain, kind, 0])),
            last=plain_number(float(record.gradients[plain, kind, -1])),
        )
        for plain in (1, 0)
        for kind in (BATCH, NONE)
    ]
    return say("Gradient norm of each convolution, on a logarithmic axis.") + " " + "; ".join(parts) + "."


def branch_table(record: NormStart, say: Say = str) -> list[dict[str, object]]:
    """One row per block: what comes along each path."""
    return [
        {
            say("Block"): layer_label(name, say),
            **{
                say("{path}, {label}").format(path=path, label=norm_label(kind, say)): float(values[kind, place])
                for kind in (NONE, BATCH)
                for path, values in ((say("shortcut"), record.skip), (say("branch"), record.branch))
            },
        }
        for place, name in enumerate(record.blocks)
    ]
