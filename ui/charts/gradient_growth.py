"""Charts of the gradient's growth per layer in a wide network."""

import math

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.gradient_table import GrowthReport, WideNetwork
from ui.charts import theme
from ui.charts.labels import Say, number_in_words, plain_number
from ui.charts.lines import Line, line_figure, log_scale
from ui.charts.seeds import band


def wide_label(network: WideNetwork, say: Say = str) -> str:
    """What the figures call a network."""
    if not network.norm:
        return say("no BN")
    words = say("BN + shortcut") if network.skip else say("BN, batch {batch}")
    return words.format(batch=network.batch)


def wide_styles(record: GrowthReport) -> list[theme.LineStyle]:
    """Hue by shortcut, dash by BatchNorm; the batch sizes are shades of one hue."""
    shades = iter(("#8C3D00", theme.PLAIN, "#F2A15F", "#FFC899"))
    return [
        theme.LineStyle(theme.RESIDUAL, "solid", 3.5)
        if network.skip
        else theme.LineStyle(next(shades), "solid", 3)
        if network.norm
        else theme.LineStyle(theme.PLAIN, "dash", 3)
        for network in record.networks
    ]


def growth_curves(record: GrowthReport, say: Say = str) -> go.Figure:
    """Squared gradient norm over the last layer's, on the way back to the input; the theory's limit is dotted."""
    relative = [_on_the_way_back(squares) for squares in record.squares]
    passed = np.arange(record.squares.shape[2], dtype=float)
    limit = record.limit**passed
    lines = []
    for network, values, style in zip(record.networks, relative, wide_styles(record), strict=True):
        over = band(values)
        edges = (over.low, over.high) if over.seeds > 1 else (None, None)
        lines.append(Line(passed, over.middle, wide_label(network, say), style, *edges))
    theory = say("theory, {limit}").format(limit=f"{record.limit:.3f}")
    lines.append(Line(passed, limit, theory, theme.LineStyle(theme.QUIET, "dot", 3)))
    figure = line_figure(
        lines, log_scale([*relative, limit]), say("Layers passed on the way back"),
        say("Squared gradient norm (last layer = 1)"), say, markers=False,
    )  # fmt: skip
    return theme.finish(figure)


def growth_alt(record: GrowthReport, say: Say = str) -> str:
    """The lines in words: growth per layer of each network."""
    words = say("{label}: times {growth} per layer")
    parts = [
        words.format(label=wide_label(network, say), growth=_three(float(np.median(growth)), say))
        for network, growth in zip(record.networks, record.growth, strict=True)
    ]
    return say("Squared gradient norm on its way back, on a logarithmic axis.") + " " + "; ".join(parts) + "."


def growth_table(record: GrowthReport, say: Say = str) -> list[dict[str, object]]:
    """One row per network: measured growth per layer over the seeds, what theory says, and growth over all layers."""
    return [
        {
            say("Network"): wide_label(network, say),
            say("Growth per layer (median)"): round(float(np.median(growth)), 4),
            say("Smallest"): round(float(growth.min()), 4),
            say("Largest"): round(float(growth.max()), 4),
            say("Theory"): "–" if math.isnan(predicted) else f"{predicted:.4f}",
            say("First layer over last"): plain_number(float(np.median(squares[:, 0] / squares[:, -1]))),
        }
        for network, growth, predicted, squares in zip(
            record.networks, record.growth, record.predicted, record.squares, strict=True
        )
    ]


def _on_the_way_back(squares: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return squares[:, ::-1] / squares[:, -1:]


def _three(value: float, say: Say) -> str:
    return f"{value:.3f}" if math.isfinite(value) else number_in_words(value, say)
