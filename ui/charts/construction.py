"""Charts of a deep network that was built from a shallow one: its loss beside the shallow one's and a fresh one's."""

import math

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.depth import ConstructionReport
from ui.charts import line_ends, theme
from ui.charts.labels import Say, plain_number
from ui.charts.seeds import band

HEIGHT = 420  # pixels
_PLOT_HEIGHT = 350
SHALLOW, BUILT, SCRATCH = range(3)
_SHADES = (("#F2A15F", theme.PLAIN, "#8C3D00"), ("#64B5E6", theme.RESIDUAL, "#004A75"))  # pale, full, dark


def growth_curves(record: ConstructionReport, kind: int, say: Say = str) -> go.Figure:
    """Training loss of the three networks of a kind (0 plain, 1 residual) against the step, on a logarithmic axis.

    Each line is a running mean over a twelfth of the steps: the median over the seeds, with their range as a band.
    """
    curves = [smooth(record.losses[kind, which]) for which in range(3)]
    labels = network_names(record, say)
    dash = "solid" if record.norm == "batch" else "dash"
    figure = theme.blank(HEIGHT, right=line_ends.margin(labels), top=36)
    low, high = loss_limits(record)
    ends = []
    for which, (label, values) in enumerate(zip(labels, curves, strict=True)):
        style = theme.LineStyle(_SHADES[kind][which], dash, 3.5 if which == BUILT else 2.5)
        over = band(values)
        there = np.isfinite(over.middle)
        step = np.arange(1, record.steps + 1)[there]
        if not step.size:
            continue
        if over.seeds > 1:
            figure.add_scatter(
                x=np.concatenate([step, step[::-1]]), y=np.concatenate([over.high[there], over.low[there][::-1]]),
                mode="lines", line={"width": 0}, fill="toself", fillcolor=theme.see_through(style.colour, 0.2),
                hoverinfo="skip", showlegend=False,
            )  # fmt: skip
        figure.add_scatter(
            x=step, y=over.middle[there], name=label, mode="lines",
            line={"color": style.colour, "dash": style.dash, "width": style.width},
            hovertemplate=f"{label}<br>{say('step')} %{{x}}: <b>%{{y:.3g}}</b><extra></extra>",
        )  # fmt: skip
        at = (math.log10(over.middle[there][-1]) - math.log10(low)) / (math.log10(high) - math.log10(low))
        ends.append(line_ends.LineEnd(float(np.clip(at, 0, 1)), label, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    figure.update_layout(
        shapes=[
            {
                "type": "line", "xref": "x", "x0": record.grow_after, "x1": record.grow_after,
                "yref": "y domain", "y0": 0, "y1": 1, "line": {"color": theme.QUIET, "width": 2, "dash": "dot"},
            }
        ]
    )  # fmt: skip
    figure.add_annotation(
        text=say("built here"), x=record.grow_after, xref="x", xanchor="center", y=1, yref="paper", yanchor="bottom",
        showarrow=False,
    )  # fmt: skip
    figure.update_xaxes(title_text=say("Step"), range=[0, record.steps])
    ticks = [digit * 10.0**power for power in range(-5, 4) for digit in (1, 2, 5)]
    ticks = [tick for tick in ticks if low <= tick <= high]
    figure.update_yaxes(
        type="log", range=[math.log10(low), math.log10(high)], tickvals=ticks,
        ticktext=[plain_number(tick) for tick in ticks], title_text=say("Training loss (cross-entropy, nats)"),
    )  # fmt: skip
    return theme.finish(figure)


def loss_limits(record: ConstructionReport) -> tuple[float, float]:
    """The ends of the loss axis, the same for both kinds: around every line, at least one decade."""
    values = np.concatenate([smooth(record.losses[kind, which]).ravel() for kind in (0, 1) for which in range(3)])
    present = values[np.isfinite(values) & (values > 0)]
    high = 1.15 * float(np.clip(present.max(initial=record.guess), record.guess, 10 * record.guess))
    low = 0.8 * float(present.min(initial=record.guess / 10))
    return max(low, 1e-5), high


def smooth(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running means over the last twelfth of the steps, (seeds, steps). NaN where a network was not there."""
    window = max(1, losses.shape[1] // 12)
    means = np.full(losses.shape, np.nan)
    for seed, row in enumerate(losses):
        there = np.flatnonzero(~np.isnan(row))
        for place in there:
            part = row[max(there[0], place - window + 1) : place + 1]
            means[seed, place] = part.mean() if np.isfinite(part).all() else np.nan
    return means


def network_names(record: ConstructionReport, say: Say = str) -> tuple[str, str, str]:
    """What the three networks are called."""
    return (
        say("shallow, {layers} layers").format(layers=record.shallow),
        say("built, {layers} layers").format(layers=record.deep),
        say("from scratch, {layers} layers").format(layers=record.deep),
    )


def ends_of(record: ConstructionReport) -> NDArray[np.float64]:
    """(2, 3, seeds): loss of each network at the end, the mean over the last eighth of the steps; NaN: not there."""
    tail = record.losses[..., -max(1, record.steps // 8) :]
    return np.where(np.isfinite(tail).all(axis=-1), tail.mean(axis=-1), np.nan)


def growth_alt(record: ConstructionReport, kind: int, say: Say = str) -> str:
    """The curves in words: where each network is at the end."""
    finals = [_middle(values) for values in ends_of(record)[kind]]
    words = say("{label}: loss {loss} at the end")
    parts = [
        words.format(label=label, loss=plain_number(float("nan") if final is None else final))
        for label, final in zip(network_names(record, say), finals, strict=True)
    ]
    begin = (
        say("Training loss of three plain networks.") if kind == 0 else say("Training loss of three residual networks.")
    )
    return f"{begin} {'; '.join(parts)}."


def growth_table(record: ConstructionReport, say: Say = str) -> list[dict[str, object]]:
    """One row per network and seed."""
    names, finals = network_names(record, say), ends_of(record)
    return [
        {
            say("Network"): f"{label}: {name}",
            say("Seed"): seed,
            say("Loss when built"): _round(record.copied[kind, which, number]) if which != SCRATCH else None,
            say("Largest difference of a score"): float(f"{record.difference[kind, number]:.2g}")
            if which == BUILT and np.isfinite(record.difference[kind, number])
            else None,
            say("Loss at the end"): _round(finals[kind, which, number]),
        }
        for kind, label in enumerate((say("plain"), say("residual")))
        for which, name in enumerate(names)
        for number, seed in enumerate(record.seeds)
    ]


def _middle(values: NDArray[np.float64]) -> float | None:
    present = values[np.isfinite(values)]
    return float(np.median(present)) if present.size else None


def _round(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
