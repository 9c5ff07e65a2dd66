"""Which learning rates and which starting weights still train."""

import math

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.norm import NormRates
from ui.charts import theme
from ui.charts.axes import log_axis
from ui.charts.labels import Say, number_in_words, plain_number
from ui.charts.lines import Line, Scale, line_figure, reference
from ui.charts.norm_rows import BATCH, NONE, axis_of, norm_label, norm_style, panels, set_axes
from ui.charts.seeds import band
from ui.charts.sketch import Sketch

TOP = 1.5  # the highest loss that is drawn, in losses of guessing
_MAP = 170  # pixels of a panel


def rate_curves(record: NormRates, gain: int, say: Say = str) -> go.Figure:
    """Final training loss against the learning rate, for one size of the starting weights; seeds as a band.

    Losses above the axis, and runs that diverged, are crosses at its upper edge.
    """
    guess = math.log(record.classes)
    scale = Scale(0.0, TOP * guess)
    lines = []
    for kind in (NONE, BATCH):
        low, middle, high, _ = band(record.losses[kind, gain].T)
        diverged = np.isinf(record.losses[kind, gain]).any(axis=1)
        middle = np.where(diverged & ~np.isfinite(middle), np.nan, middle)
        style, name = norm_style(kind, record.plain), norm_label(kind, say)
        shown = np.where(middle <= scale.high, middle, np.nan)
        edge = np.minimum(np.nan_to_num(high, nan=0.0), scale.high)
        known = np.isfinite(shown)
        names = [plain_number(rate) for rate in record.rates[known]]
        lines.append(Line(record.rates[known], shown[known], name, style, low[known], edge[known], names))
    figure = line_figure(lines, scale, say("Learning rate"), say("Training loss at the end (nats)"), say)
    reference(figure, guess, say("guessing"))
    for kind in (NONE, BATCH):
        _draw_lost(figure, record, kind, gain, scale.high, say)
    low, high = math.log10(record.rates[0]), math.log10(record.rates[-1])
    figure.update_xaxes(**log_axis(math.floor(low + 1e-9), math.ceil(high - 1e-9)))
    figure.update_xaxes(range=[low - 0.15, high + 0.15])
    return theme.finish(figure)


def _draw_lost(figure: Sketch, record: NormRates, kind: int, gain: int, top: float, say: Say) -> None:
    """A cross at the upper edge for every rate at which a seed is off the axis."""
    lost = (record.losses[kind, gain] > top).any(axis=1)
    if not lost.any():
        return
    style = norm_style(kind, record.plain)
    figure.add_scatter(
        x=record.rates[lost], y=np.full(int(lost.sum()), top * (0.985 if kind else 0.945)), mode="markers",
        name=say("{label}: off the axis or diverged").format(label=norm_label(kind, say)), meta="lost",
        marker={"symbol": "x" if kind else "x-open", "size": 12, "color": style.colour}, cliponaxis=False,
        hovertemplate=f"{norm_label(kind, say)}: {say('off the axis or diverged')}<extra></extra>",
    )  # fmt: skip


def rate_map(record: NormRates, say: Say = str) -> go.Figure:
    """Final training loss by learning rate and size of the starting weights: without BatchNorm above, with it below.

    Bright is trained, dark is guessing; worse than guessing and diverged are pink. Medians over the seeds.
    """
    guess = math.log(record.classes)
    figure = panels([norm_label(kind, say) for kind in (NONE, BATCH)], _MAP, say("Learning rate"))
    rates = [plain_number(rate) for rate in record.rates]
    gains = [f"× {plain_number(gain)}" for gain in record.gains]
    share = 1 / 1.1
    colours = theme.MAGNITUDE[::-1]
    scale = [[share * place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]
    for kind in (NONE, BATCH):
        losses = typical(record)[kind]
        codes = np.where(np.isnan(losses), np.nan, np.where(losses > 1.02 * guess, 1.1 * guess, losses))
        figure.add_heatmap(
            z=codes, x=rates, y=gains, yaxis=axis_of(kind), coloraxis="coloraxis", xgap=2, ygap=2,
            customdata=[[number_in_words(float(loss), say) for loss in row] for row in losses],
            hovertemplate=say("rate {rate}, weights {gain}: loss {loss}").format(
                rate="%{x}", gain="%{y}", loss="%{customdata}"
            ) + "<extra></extra>",
        )  # fmt: skip
    figure.update_layout(
        coloraxis={
            "colorscale": [*scale, [share, theme.NOT_FINITE], [1.0, theme.NOT_FINITE]],
            "cmin": 0,
            "cmax": 1.1 * guess,
            "colorbar": {
                "title": {"text": say("Loss"), "font": {"size": theme.FONT_SIZE}},
                "tickvals": [0, 0.5 * guess, guess],
                "ticktext": ["0", f"{0.5 * guess:.1f}", f"{guess:.1f}"],
                "tickfont": {"size": theme.FONT_SIZE},
                "thickness": 16,
            },
        }
    )
    set_axes(figure, 2, type="category", showgrid=False, title={"text": say("Weights")})
    figure.update_xaxes(type="category")
    return theme.finish(figure)


def typical(record: NormRates) -> np.ndarray:
    """Median over the seeds that were measured, (2, gains, rates); infinite where half of them or more diverged."""
    found = np.full(record.losses.shape[:3], np.nan)
    for place in np.ndindex(*found.shape):
        known = record.losses[place][~np.isnan(record.losses[place])]
        if known.size:
            found[place] = np.median(known)
    return found


def rates_alt(record: NormRates, gain: int, say: Say = str) -> str:
    """Every point in words."""
    words = say("{label}: {losses}")
    one = say("{loss} at rate {rate}")
    parts = [
        words.format(
            label=norm_label(kind, say),
            losses=", ".join(
                one.format(loss=number_in_words(float(loss), say), rate=plain_number(rate))
                for rate, loss in zip(record.rates, typical(record)[kind, gain], strict=True)
                if not math.isnan(loss)
            ),
        )
        for kind in (NONE, BATCH)
    ]
    return say("Training loss at the end by learning rate.") + " " + "; ".join(parts) + "."


def rates_table(record: NormRates, say: Say = str) -> list[dict[str, object]]:
    """One row per size of the weights and learning rate."""
    losses = typical(record)
    return [
        {
            say("Weights"): float(gain),
            say("Learning rate"): float(rate),
            **{norm_label(kind, say): float(losses[kind, row, column]) for kind in (NONE, BATCH)},
        }
        for row, gain in enumerate(record.gains)
        for column, rate in enumerate(record.rates)
    ]
