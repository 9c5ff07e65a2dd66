"""The gradient of every layer at every step, as a picture."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records import NetworkHeader, RunRecord
from ui.charts import theme
from ui.charts.labels import Say, number_in_words, power_of_ten

HEIGHT = 440  # pixels


def gradient_heatmap(
    network: NetworkHeader,
    records: Sequence[RunRecord],
    index: int,
    steps: int,
    say: Say = str,
    *,
    limits: tuple[int, int] = (-8, 3),
) -> go.Figure:
    """Gradient norm of every layer of network `index` at every step. Time runs right, depth runs down.

    `limits` are the exponents at the ends of the colour scale; exact zeros are black, overflowed norms pink.
    """
    steps_seen = [found.record for found in records if found.network == index]
    norms = np.array([record.gradients for record in steps_seen], dtype=float).reshape(-1, len(network.layers)).T
    low, high = limits
    figure = theme.blank(HEIGHT)
    figure.add_heatmap(
        z=_log_codes(norms, low, high),
        x=[record.step for record in steps_seen],
        y=np.arange(1, len(network.layers) + 1),
        customdata=norms,
        zmin=low - 1,
        zmax=high + 1,
        colorscale=_floored_scale(low, high),
        colorbar=_log_bar(low, high, say),
        hovertemplate=say("layer {layer}, step {step}: {norm}").format(
            layer="%{y}", step="%{x}", norm="%{customdata:.2g}"
        )
        + "<extra></extra>",
    )
    figure.update_xaxes(title_text=say("Step"), range=[0.5, steps + 0.5])
    figure.update_yaxes(
        title_text=say("Convolution, counted from the input"), range=[len(network.layers) + 0.5, 0.5], showgrid=False
    )
    return theme.finish(figure)


def heatmap_alt(network: NetworkHeader, records: Sequence[RunRecord], index: int, label: str, say: Say = str) -> str:
    """The heat map in words: first and last layer at the last step."""
    seen = [found.record for found in records if found.network == index]
    if not seen:
        return say("{label}: no step yet.").format(label=label)
    words = say("{label}: gradient norms of {layers} layers over {steps} steps; now {first} first, {last} last.")
    return words.format(
        label=label,
        layers=len(network.layers),
        steps=seen[-1].step,
        first=number_in_words(float(seen[-1].gradients[0]), say),
        last=number_in_words(float(seen[-1].gradients[-1]), say),
    )


def _log_codes(norms: NDArray[np.float64], low: int, high: int) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        codes = np.clip(np.log10(norms), low, high)
    codes[norms == 0] = low - 1
    codes[~np.isfinite(norms)] = high + 1
    return codes


def _floored_scale(low: int, high: int) -> list[tuple[float, str]]:
    """Cividis from `low` to `high`, a half step of black below and of pink above."""
    span = high - low + 2
    first, last = 0.9 / span, 1 - 0.9 / span
    inner = [
        (first + (last - first) * place / (len(theme.MAGNITUDE) - 1), colour)
        for place, colour in enumerate(theme.MAGNITUDE)
    ]
    return [(0, theme.ZERO), (first, theme.ZERO), *inner, (last, theme.NOT_FINITE), (1, theme.NOT_FINITE)]


def _log_bar(low: int, high: int, say: Say) -> dict[str, object]:
    inner = range(low + 1, high + 1, max(1, (high - low) // 4))
    return {
        "title": {"text": say("L2 norm"), "font": {"size": theme.FONT_SIZE}},
        "tickvals": [low - 0.75, *inner, high + 0.75],
        "ticktext": ["0", *(power_of_ten(exponent) if exponent else "1" for exponent in inner), "∞"],
        "tickfont": {"size": theme.FONT_SIZE},
        "thickness": 16,
    }
