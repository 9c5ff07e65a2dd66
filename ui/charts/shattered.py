"""Charts of gradients at neighbouring inputs, and of how fast they forget one another."""

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.shattered import ScalarNetwork, ShatteredReport
from ui.charts import line_ends, theme
from ui.charts.labels import Say, plain_number
from ui.charts.lines import Line, Scale, line_figure
from ui.charts.seeds import band

HEIGHT = 560  # pixels
_PLOT_HEIGHT = 490
_APART = 6.0  # standard deviations between the middles of two curves


def scalar_label(network: ScalarNetwork, say: Say = str) -> str:
    """What the figures call a network."""
    if network.layers == 1:
        return say("1 layer")
    if not network.skip:
        return (say("plain-{layers} + BN") if network.norm else say("plain-{layers}, no BN")).format(
            layers=network.layers
        )
    if network.beta == 1:
        return say("residual-{layers} + BN").format(layers=network.layers)
    return say("residual-{layers}, β {beta}").format(layers=network.layers, beta=plain_number(network.beta))


def scalar_style(network: ScalarNetwork) -> theme.LineStyle:
    """Hue by shortcut, dash by BatchNorm, and paler for the two that stand for comparison."""
    if network.layers == 1:
        return theme.LineStyle("#F2A15F", "dash", 2.5)
    if not network.skip:
        return theme.LineStyle(theme.PLAIN, "solid" if network.norm else "dash", 3.5)
    return (
        theme.LineStyle(theme.RESIDUAL, "solid", 3.5) if network.beta == 1 else theme.LineStyle("#64B5E6", "solid", 3)
    )


def gradient_traces(record: ShatteredReport, say: Say = str) -> go.Figure:
    """dy/dx over x for every network, one above the other, each divided by its own standard deviation."""
    labels = [scalar_label(network, say) for network in record.networks]
    figure = theme.blank(HEIGHT, right=line_ends.margin(labels))
    top = _APART * len(labels)
    ends = []
    for place, (network, label, gradient) in enumerate(zip(record.networks, labels, record.gradients, strict=True)):
        middle = top - _APART * (place + 0.5)
        style = scalar_style(network)._replace(dash="solid", width=1.8)
        spread = float(gradient.std()) or 1.0
        figure.add_scatter(
            x=record.inputs, y=middle + np.clip((gradient - gradient.mean()) / spread, -2.9, 2.9), name=label,
            mode="lines", line={"color": style.colour, "width": style.width}, customdata=gradient,
            hovertemplate=f"{label}<br>x = %{{x:.2f}}: <b>%{{customdata:.3g}}</b><extra></extra>",
        )  # fmt: skip
        ends.append(line_ends.LineEnd(middle / top, label, scalar_style(network)))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    figure.update_xaxes(title_text=say("Input x"), range=[-2, 2])
    figure.update_yaxes(
        title_text=say("Gradient dy/dx, each to its own scale"), range=[0, top], showticklabels=False, showgrid=False
    )
    return theme.finish(figure)


def traces_alt(record: ShatteredReport, say: Say = str) -> str:
    """The curves in words: how often each one changes its direction."""
    words = say("{label}: turns {count} times")
    parts = [
        words.format(label=scalar_label(network, say), count=_turns(gradient))
        for network, gradient in zip(record.networks, record.gradients, strict=True)
    ]
    return say("Gradient over {points} inputs.").format(points=len(record.inputs)) + " " + "; ".join(parts) + "."


def correlation_curves(record: ShatteredReport, say: Say = str) -> go.Figure:
    """Autocorrelation of the gradient by lag: median over the seeds, their range as a band, white noise in gray."""
    lags = np.arange(record.correlations.shape[2], dtype=float)
    lines = []
    for network, values in zip(record.networks, record.correlations, strict=True):
        over = band(values)
        edges = (over.low, over.high) if over.seeds > 1 else (None, None)
        lines.append(Line(lags, over.middle, scalar_label(network, say), scalar_style(network), *edges))
    figure = line_figure(lines, Scale(-0.3, 1.05), say("Distance (grid steps)"), say("Autocorrelation"), say)
    figure.update_layout(
        shapes=[{
            "type": "rect", "xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": -record.noise, "y1": record.noise,
            "fillcolor": theme.see_through(theme.QUIET, 0.25), "line": {"width": 0}, "layer": "below",
        }]
    )  # fmt: skip
    figure.add_annotation(
        text=say("white noise"), x=lags[-1], xanchor="right", y=-record.noise, yanchor="top", showarrow=False
    )
    return theme.finish(figure)


def correlations_alt(record: ShatteredReport, say: Say = str) -> str:
    """The autocorrelations in words, at the first lag."""
    words = say("{label}: {value} at lag 1")
    middles = np.median(record.correlations[:, :, 1], axis=1)
    parts = [
        words.format(label=scalar_label(network, say), value=f"{middle:.2f}")
        for network, middle in zip(record.networks, middles, strict=True)
    ]
    return say("Autocorrelation of the gradient by distance.") + " " + "; ".join(parts) + "."


def correlations_table(record: ShatteredReport, say: Say = str) -> list[dict[str, object]]:
    """One row per network: the medians at some lags and the range at the first."""
    middles = np.median(record.correlations, axis=1)
    lags = [lag for lag in (1, 2, 5, 10, 15) if lag < middles.shape[1]]
    rows = []
    for network, middle, values in zip(record.networks, middles, record.correlations, strict=True):
        row: dict[str, object] = {say("Network"): scalar_label(network, say)}
        row |= {say("Lag {lag}").format(lag=lag): round(float(middle[lag]), 3) for lag in lags}
        row[say("Lag 1, smallest")] = round(float(values[:, 1].min()), 3)
        row[say("Lag 1, largest")] = round(float(values[:, 1].max()), 3)
        rows.append(row)
    return rows


def _turns(gradient: np.ndarray) -> int:
    steps = np.sign(np.diff(gradient))
    steps = steps[steps != 0]
    return int((steps[1:] != steps[:-1]).sum())
