"""Two explanations of BatchNorm, measured in the same runs."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.norm import CovariateShift
from ui.charts import theme
from ui.charts.labels import Say, layer_label, number_in_words
from ui.charts.lines import Line, Scale, line_figure, log_scale, reference
from ui.charts.norm_rows import BATCH, NOISY, NONE, axis_of, norm_label, norm_style, panels, set_axes

ShiftKind = Literal["distance", "relative", "angle"]
RoughKind = Literal["range", "change", "smoothness"]
KINDS = (NONE, BATCH, NOISY)
SMOOTHED = 10  # steps of the running mean of a training loss
_PANEL = 150  # pixels


def shifts(record: CovariateShift, told: ShiftKind) -> NDArray[np.float64]:
    """Internal covariate shift, (3 networks, layers, looks): ||G - G'||, that over ||G||, or the angle in degrees."""
    if told == "distance":
        return record.distance
    if told == "relative":
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(record.gradient > 0, record.distance / record.gradient, np.nan)
    return np.degrees(np.arccos(np.clip(record.cosine, -1.0, 1.0)))


def roughness(record: CovariateShift, told: RoughKind) -> NDArray[np.float64]:
    """What was met down the gradient, (3 networks, looks).

    The range of the loss from the lowest to the highest point, its start included; the largest gradient change; or
    the effective beta-smoothness.
    """
    if told == "range":
        points = np.concatenate([record.start[:, None], record.line], axis=1)
        return points.max(axis=1) - points.min(axis=1)
    return record.change.max(axis=1) if told == "change" else record.smoothness


def debate_losses(record: CovariateShift, say: Say = str) -> go.Figure:
    """Training loss of the three networks, running mean over ten steps."""
    guess = float(np.log(record.classes))
    lines = []
    for kind in KINDS:
        steps, means = smoothed(record.losses[kind])
        lines.append(Line(steps, means, norm_label(kind, say), norm_style(kind, record.plain)))
    title = say("Training loss (nats)")
    figure = line_figure(lines, Scale(0.0, 1.25 * guess), say("Step"), title, say, markers=False)
    reference(figure, guess, say("guessing"))
    figure.update_xaxes(range=[0, record.losses.shape[1]])
    return theme.finish(figure)


def smoothed(losses: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Steps and running means over the finite losses, as far as they go."""
    known = losses[np.isfinite(losses)]
    sums = np.cumsum(np.concatenate([[0.0], known]))
    last = np.arange(1, len(known) + 1)
    first = np.maximum(last - SMOOTHED, 0)
    return last.astype(float), (sums[last] - sums[first]) / (last - first)


def shift_lines(record: CovariateShift, told: ShiftKind, say: Say = str) -> go.Figure:
    """Internal covariate shift over training, one panel per layer, one line per network."""
    titles = [layer_label(name.removesuffix(".weight"), say) for name in record.layers]
    return _panels(record, shifts(record, told).transpose(1, 0, 2), titles, say, log=told != "angle")


def rough_lines(record: CovariateShift, say: Say = str) -> go.Figure:
    """Loss range, gradient change and effective smoothness down the gradient, one panel each, one line per network."""
    values = np.stack([roughness(record, told) for told in ("range", "change", "smoothness")])
    titles = [rough_words("range", say), rough_words("change", say), rough_words("smoothness", say)]
    return _panels(record, values, titles, say, log=True)


def rough_words(told: RoughKind, say: Say = str) -> str:
    """What a panel shows."""
    return {
        "range": say("Loss range (nats)"),
        "change": say("Gradient change (L2 norm)"),
        "smoothness": say("Effective β (per distance)"),
    }[told]


def shift_words(told: ShiftKind, say: Say = str) -> str:
    """How internal covariate shift is told."""
    return {
        "distance": say("‖G − G′‖"),
        "relative": say("‖G − G′‖ / ‖G‖"),
        "angle": say("Angle between G and G′ (°)"),
    }[told]


def _panels(
    record: CovariateShift, values: NDArray[np.float64], titles: list[str], say: Say, *, log: bool
) -> go.Figure:
    """`values` (panels, 3 networks, looks)."""
    figure = panels(titles, _PANEL, say("Step"))
    figure.update_layout(showlegend=True, margin={"t": 56}, height=figure.layout["height"] + 40)
    figure.update_layout(legend={"y": 1.0, "yref": "container", "yanchor": "top"})
    for place, rows in enumerate(values):
        for kind in KINDS:
            shown = np.where(np.isfinite(rows[kind]) & ((rows[kind] > 0) | (not log)), rows[kind], np.nan)
            style = norm_style(kind, record.plain)
            figure.add_scatter(
                x=record.steps, y=shown, yaxis=axis_of(place), mode="lines", name=norm_label(kind, say),
                legendgroup=str(kind), showlegend=place == 0,
                line={"color": style.colour, "dash": style.dash, "width": style.width},
                customdata=[number_in_words(float(value), say) for value in rows[kind]],
                hovertemplate=f"{norm_label(kind, say)}: <b>%{{customdata}}</b><extra></extra>",
            )  # fmt: skip
    set_axes(figure, len(titles))
    for place, rows in enumerate(values):
        axis = log_scale([rows]).axis() if log else {"range": [0, 180], "tickvals": [0, 90, 180]}
        figure.update_layout(**{f"yaxis{place + 1 if place else ''}": axis})
    return theme.finish(figure)


def losses_alt(record: CovariateShift, say: Say = str) -> str:
    """The ends of the three curves in words."""
    words = say("{label}: {loss} nats at step {step}")
    parts = []
    for kind in KINDS:
        steps, means = smoothed(record.losses[kind])
        if steps.size:
            loss = number_in_words(float(means[-1]), say)
            parts.append(words.format(label=norm_label(kind, say), loss=loss, step=int(steps[-1])))
    return say("Training loss of the three networks.") + " " + "; ".join(parts) + "."


def shift_alt(record: CovariateShift, told: ShiftKind, say: Say = str) -> str:
    """The medians over training in words, layer by layer."""
    return _medians_in_words(
        shift_words(told, say),
        [layer_label(name.removesuffix(".weight"), say) for name in record.layers],
        shifts(record, told).transpose(1, 0, 2),
        say,
    )


def rough_alt(record: CovariateShift, say: Say = str) -> str:
    """The medians over training in words."""
    values = np.stack([roughness(record, told) for told in ("range", "change", "smoothness")])
    titles = [rough_words("range", say), rough_words("change", say), rough_words("smoothness", say)]
    return _medians_in_words(say("Down the gradient"), titles, values, say)


def _medians_in_words(start: str, titles: list[str], values: NDArray[np.float64], say: Say) -> str:
    words = say("{title}: {none} without BN, {batch} with BN, {noisy} with noise")
    parts = []
    for title, rows in zip(titles, values, strict=True):
        none, batch, noisy = (number_in_words(median(row), say) for row in rows)
        parts.append(words.format(title=title, none=none, batch=batch, noisy=noisy))
    return f"{start}, {say('medians over training')}. " + "; ".join(parts) + "."


def median(values: NDArray[np.float64]) -> float:
    """Of what was measured; NaN where nothing was. Infinite values count."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")


def shift_table(record: CovariateShift, say: Say = str) -> list[dict[str, object]]:
    """One row per look, layer and network."""
    return [
        {
            say("Step"): int(step),
            say("Layer"): layer_label(name.removesuffix(".weight"), say),
            say("Network"): norm_label(kind, say),
            "‖G‖": float(record.gradient[kind, layer, look]),
            "‖G − G′‖": float(record.distance[kind, layer, look]),
            say("Cosine"): float(record.cosine[kind, layer, look]),
            say("Output moved (deviations)"): float(record.moved[kind, layer, look]),
        }
        for look, step in enumerate(record.steps)
        for layer, name in enumerate(record.layers)
        for kind in KINDS
    ]


def rough_table(record: CovariateShift, say: Say = str) -> list[dict[str, object]]:
    """One row per look and network."""
    return [
        {
            say("Step"): int(step),
            say("Network"): norm_label(kind, say),
            say("Loss"): float(record.start[kind, look]),
            **{rough_words(told, say): float(roughness(record, told)[kind, look]) for told in _ROUGH},
        }
        for look, step in enumerate(record.steps)
        for kind in KINDS
    ]


_ROUGH: tuple[RoughKind, ...] = ("range", "change", "smoothness")
