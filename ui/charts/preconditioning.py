"""Charts of curvature and descent of the same network written as H(x) and as x + F(x)."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.depth import PreconditioningReport
from ui.charts import line_ends, theme
from ui.charts.axes import log_axis
from ui.charts.labels import Say, percent, plain_number
from ui.charts.seeds import band
from ui.charts.sketch import Sketch

HEIGHT = 420  # pixels
_PLOT_HEIGHT = 350
FLOOR = -10  # exponent: eigenvalues of 0 and what is below are drawn here
FORMS = ("H(x)", "x\u00a0+\u00a0F(x)")  # in every language; a label would be broken at a plain space
_STYLES = (theme.LineStyle(theme.PLAIN, "dash", 3.5), theme.LineStyle(theme.RESIDUAL, "dash", 3.5))  # no BatchNorm


def spectra(record: PreconditioningReport, say: Say = str) -> go.Figure:
    """Eigenvalues over the largest one, from the sharpest direction to the flattest, which stand on the floor."""
    x = 100 * (np.arange(record.parameters) + 0.5) / record.parameters
    with np.errstate(invalid="ignore"):
        curves = [record.spectrum[kind] / record.spectrum[kind][:, :1] for kind in (0, 1)]
    figure = _lines(x, curves, (FLOOR, 0), FORMS)
    figure.add_annotation(
        text=say("median"), x=50, xref="x", xanchor="center", y=1, yref="paper", yanchor="bottom", showarrow=False
    )
    line = {"color": theme.QUIET, "width": 2, "dash": "dot"}
    figure.update_layout(
        shapes=[{"type": "line", "xref": "x", "x0": 50, "x1": 50, "yref": "y domain", "y0": 0, "y1": 1, "line": line}]
    )
    figure.update_xaxes(title_text=say("Directions, sharpest first (%)"), range=[0, 100])
    zeros = any((curve == 0).any() for curve in curves)
    figure.update_yaxes(**log_axis(FLOOR, 0, zeros), title_text=say("Curvature over the largest one"))
    return theme.finish(figure)


def descents(record: PreconditioningReport, say: Say = str) -> go.Figure:
    """Loss against the step of gradient descent, each form at its best learning rate."""
    curves, labels = [], []
    for kind, form in enumerate(FORMS):
        rate = record.best_rate(kind)
        curves.append(np.full((1, record.losses.shape[-1]), np.nan) if rate is None else record.losses[kind, rate])
        words = say("{form}, rate {rate}")
        labels.append(form if rate is None else words.format(form=form, rate=plain_number(record.rates[rate])))
    present = np.concatenate([curve[np.isfinite(curve) & (curve > 0)] for curve in curves])
    low = max(-8, math.floor(math.log10(present.min(initial=0.1))))
    high = min(6.0, math.log10(1.2 * present.max(initial=1.0)))
    figure = _lines(np.arange(record.losses.shape[-1]), curves, (low, high), labels)
    figure.update_xaxes(title_text=say("Step of gradient descent"), range=[0, record.losses.shape[-1] - 1])
    figure.update_yaxes(**log_axis(low, math.ceil(high)), title_text=say("Loss (1: answering 0)"))
    figure.update_yaxes(range=[low, high])
    return theme.finish(figure)


def _lines(
    x: NDArray[np.float64] | NDArray[np.int64], curves: Sequence[np.ndarray], exponents: tuple[float, float],
    labels: Sequence[str],
) -> Sketch:  # fmt: skip
    low, high = exponents
    figure = theme.blank(HEIGHT, right=line_ends.margin(labels), top=36)
    ends = []
    for values, label, style in zip(curves, labels, _STYLES, strict=True):
        over = band(np.asarray(values, dtype=float))
        there = np.isfinite(over.middle)
        if not there.any():
            continue
        at, lowest, middle, highest = (
            x[there], *(np.clip(part[there], 10.0**low, 10.0**high) for part in (over.low, over.middle, over.high))
        )  # fmt: skip
        if over.seeds > 1:
            figure.add_scatter(
                x=np.concatenate([at, at[::-1]]), y=np.concatenate([highest, lowest[::-1]]), mode="lines",
                line={"width": 0}, fill="toself", fillcolor=theme.see_through(style.colour, 0.2), hoverinfo="skip",
                showlegend=False,
            )  # fmt: skip
        figure.add_scatter(
            x=at, y=middle, name=label, mode="lines",
            line={"color": style.colour, "dash": style.dash, "width": style.width},
            customdata=[[plain_number(float(value))] for value in over.middle[there]],
            hovertemplate=f"{label}<br>%{{x:.0f}}: <b>%{{customdata[0]}}</b><extra></extra>",
        )  # fmt: skip
        height = (math.log10(middle[-1]) - low) / (high - low)
        ends.append(line_ends.LineEnd(float(np.clip(height, 0, 1)), label, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    return figure


def spectra_alt(record: PreconditioningReport, say: Say = str) -> str:
    """The spectra in words."""
    words = say("{form}: largest over median {condition}, exactly flat {flat}")
    parts = [
        words.format(form=form, condition=plain_number(middle(condition)), flat=percent(middle(flat)))
        for form, condition, flat in zip(FORMS, record.condition, record.flat, strict=True)
    ]
    return say("Curvature in every direction, sorted, on a logarithmic axis.") + " " + "; ".join(parts) + "."


def descents_alt(record: PreconditioningReport, say: Say = str) -> str:
    """The descents in words."""
    words = say("{form}: from {first} to {last}")
    parts = []
    for kind, form in enumerate(FORMS):
        rate = record.best_rate(kind)
        ends = np.full((2, 1), np.nan) if rate is None else record.losses[kind, rate][:, [0, -1]].T
        first, last = (plain_number(middle(end)) for end in ends)
        parts.append(words.format(form=form, first=first, last=last))
    return say("Loss of gradient descent, on a logarithmic axis.") + " " + "; ".join(parts) + "."


def preconditioning_table(record: PreconditioningReport, say: Say = str) -> list[dict[str, object]]:
    """One row per form and seed."""
    return [
        {
            say("Form"): form,
            say("Seed"): seed,
            say("Largest curvature"): _short(record.spectrum[kind, number, 0]),
            say("Largest over median"): _short(record.condition[kind, number]),
            say("Exactly flat"): _short(record.flat[kind, number]),
            say("Hessian: smallest"): _short(record.hessian[kind, number, 0]),
            say("Hessian: largest"): _short(record.hessian[kind, number, 1]),
            say("Loss at the end"): None
            if (rate := record.best_rate(kind)) is None
            else _short(record.losses[kind, rate, number, -1]),
        }
        for kind, form in enumerate(FORMS)
        for number, seed in enumerate(record.seeds)
    ]


def middle(values: np.ndarray) -> float:
    """The median of what is there; infinite ones count, NaN where nothing is."""
    present = values[~np.isnan(values)]
    return float(np.median(present)) if present.size else math.nan


def _short(value: float) -> float | None:
    return float(f"{value:.3g}") if math.isfinite(value) else None
