"""BatchNorm and the size of the batch; its statistics, gamma and beta."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.norm import NormBatches, NormStatistics
from ui.charts import theme
from ui.charts.labels import Say, number_in_words, percent, plain_number
from ui.charts.lines import Line, Scale, line_figure
from ui.charts.norm_rows import BATCH, NONE, axis_of, norm_label, norm_style, panels, set_axes

Told = Literal["test", "loss"]
_PANEL = 170  # pixels
_TOP_LOSS = 2.5  # nats: a little more than guessing among ten classes


def batch_lines(record: NormBatches, told: Told, say: Say = str) -> go.Figure:
    """Test error or final training loss against the size of the batch. A run that diverged leaves a gap."""
    sizes = record.sizes.astype(float)
    entries = batch_entries(record, told, say)
    names = [say("batches of {size}").format(size=size) for size in record.sizes]
    lines = [
        Line(sizes, np.where(np.isfinite(values), values, np.nan), label, style, names=names)
        for label, values, style in entries
    ]
    if told == "test":
        scale, title = Scale(0.0, 1.0), say("Test error")
    else:
        scale, title = Scale(0.0, _TOP_LOSS), say("Training loss at the end (nats)")
    figure = line_figure(lines, scale, say("Pictures per batch"), title, say)
    if told == "test":
        figure.update_yaxes(tickformat=".0%")
    edges = np.log10(sizes[[0, -1]])
    figure.update_xaxes(type="log", range=[edges[0] - 0.08, edges[1] + 0.08], tickvals=sizes, ticktext=record.sizes)
    return theme.finish(figure)


def batch_entries(
    record: NormBatches, told: Told, say: Say = str
) -> list[tuple[str, NDArray[np.float64], theme.LineStyle]]:
    """Name, values and line of everything that is compared."""
    none, batch = (norm_style(kind, record.plain) for kind in (NONE, BATCH))
    if told == "loss":
        return [(norm_label(kind, say), record.train_loss[kind], norm_style(kind, record.plain)) for kind in (0, 1)]
    return [
        (norm_label(NONE, say), record.running_error[NONE], none),
        (say("BN, running statistics"), record.running_error[BATCH], batch),
        (say("BN, statistics of the test batch"), record.batch_error[BATCH], batch._replace(dash="dot", width=2.5)),
    ]


def batches_alt(record: NormBatches, told: Told, say: Say = str) -> str:
    """Every line's ends in words."""
    words = say("{label}: {first} with batches of {small}, {last} with batches of {large}")
    parts = [
        words.format(
            label=label,
            first=_told(values[0], told, say),
            last=_told(values[-1], told, say),
            small=record.sizes[0],
            large=record.sizes[-1],
        )
        for label, values, _ in batch_entries(record, told, say)
    ]
    title = say("Test error by batch size.") if told == "test" else say("Training loss at the end by batch size.")
    return f"{title} " + "; ".join(parts) + "."


def _told(value: float, told: Told, say: Say) -> str:
    return percent(float(value)) if told == "test" else number_in_words(float(value), say)


def batches_table(record: NormBatches, say: Say = str) -> list[dict[str, object]]:
    """One row per size."""
    return [
        {
            say("Pictures per batch"): int(size),
            **{
                say("{what}, {label}").format(what=what, label=label): float(values[place])
                for what, entries in (
                    (say("test error"), batch_entries(record, "test", say)),
                    (say("training loss"), batch_entries(record, "loss", say)),
                )
                for label, values, _ in entries
            },
        }
        for place, size in enumerate(record.sizes)
    ]


def statistics_tests(record: NormStatistics, say: Say = str) -> go.Figure:
    """Test error over training, with running statistics and with those of the test batch."""
    solid = norm_style(BATCH, record.plain)
    steps = record.steps.astype(float)
    lines = [
        Line(steps, record.running_error, say("running statistics"), solid),
        Line(steps, record.batch_error, say("the batch's own"), solid._replace(dash="dot", width=2.5)),
    ]
    figure = line_figure(lines, Scale(0.0, 1.0), say("Step"), say("Test error"), say, markers=False)
    figure.update_yaxes(tickformat=".0%")
    return theme.finish(figure)


def statistics_gaps(record: NormStatistics, say: Say = str) -> go.Figure:
    """How far a batch's means and deviations are from the running ones: the middle layer, and all as a band."""
    figure = panels([say("Means: distance, in deviations"), say("Deviations: running / batch")], _PANEL, say("Step"))
    style = norm_style(BATCH, record.plain)
    for place, values in enumerate((record.mean_gap, record.scale_ratio)):
        seen = np.isfinite(values).all(axis=0)
        steps, known = record.steps[seen], values[:, seen]
        if not known.size:
            continue
        figure.add_scatter(
            x=np.concatenate([steps, steps[::-1]]), y=np.concatenate([known.max(axis=0), known.min(axis=0)[::-1]]),
            yaxis=axis_of(place), fill="toself", fillcolor=theme.see_through(style.colour, 0.25), mode="lines",
            line={"width": 0}, hoverinfo="skip", meta="band",
        )  # fmt: skip
        figure.add_scatter(
            x=steps, y=np.median(known, axis=0), yaxis=axis_of(place), mode="lines",
            line={"color": style.colour, "width": style.width},
            hovertemplate=say("step {step}: middle layer {value}").format(step="%{x}", value="%{y:.3g}")
            + "<extra></extra>",
        )  # fmt: skip
    set_axes(figure, 2, rangemode="tozero", nticks=5)
    return theme.finish(figure)


def gamma_beta(record: NormStatistics, look: int, say: Say = str) -> go.Figure:
    """Scale and shift of every BatchNorm at one look: the middle channel, and from the smallest to the largest."""
    figure = panels([say("γ, the scale (starts at 1)"), say("β, the shift (starts at 0)")], _PANEL, say("BatchNorm"))
    style = norm_style(BATCH, record.plain)
    places = np.arange(1, len(record.layers) + 1)
    for panel, values in enumerate((record.gamma[:, :, look], record.beta[:, :, look])):
        low, middle, high = values
        figure.add_scatter(
            x=places, y=middle, yaxis=axis_of(panel), mode="markers", customdata=list(record.layers),
            marker={"size": 9, "color": style.colour},
            error_y={"array": high - middle, "arrayminus": middle - low, "thickness": 2, "width": 0},
            hovertemplate="%{customdata}<br><b>%{y:.3g}</b><extra></extra>",
        )  # fmt: skip
        start = 1.0 - panel
        figure.layout.setdefault("shapes", []).append(
            {
                "type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": axis_of(panel), "y0": start, "y1": start,
                "line": {"color": theme.QUIET, "width": 2, "dash": "dot"},
            }
        )  # fmt: skip
    figure.update_xaxes(range=[0.5, len(record.layers) + 0.5])
    set_axes(figure, 2, nticks=5)
    return theme.finish(figure)


def errors_alt(record: NormStatistics, say: Say = str) -> str:
    """The two test errors in words."""
    words = say("Test error at step {step}: {running} with running statistics, {batch} with those of the test batch.")
    seen = np.flatnonzero(np.isfinite(record.running_error))
    looks = dict.fromkeys([int(seen[0]), int(seen[-1])]) if seen.size else {}
    return " ".join(
        words.format(
            step=int(record.steps[look]),
            running=percent(float(record.running_error[look])),
            batch=percent(float(record.batch_error[look])),
        )
        for look in looks
    )


def gaps_alt(record: NormStatistics, say: Say = str) -> str:
    """The first and the last gap in words."""
    words = say(
        "Step {step}: the middle layer's means are {gap} deviations apart, its deviations differ {ratio} times."
    )
    seen = np.flatnonzero(np.isfinite(record.mean_gap).all(axis=0))
    looks = dict.fromkeys([int(seen[0]), int(seen[-1])]) if seen.size else {}
    return " ".join(
        words.format(
            step=int(record.steps[look]),
            gap=plain_number(float(np.median(record.mean_gap[:, look]))),
            ratio=plain_number(float(np.median(record.scale_ratio[:, look]))),
        )
        for look in looks
    )


def gamma_alt(record: NormStatistics, look: int, say: Say = str) -> str:
    """The ranges in words."""
    words = say("Step {step}: gamma from {g_low} to {g_high}, beta from {b_low} to {b_high} over all channels.")
    return words.format(
        step=int(record.steps[look]),
        g_low=plain_number(float(record.gamma[0, :, look].min())),
        g_high=plain_number(float(record.gamma[2, :, look].max())),
        b_low=plain_number(float(record.beta[0, :, look].min())),
        b_high=plain_number(float(record.beta[2, :, look].max())),
    )


def statistics_table(record: NormStatistics, say: Say = str) -> list[dict[str, object]]:
    """One row per look."""
    return [
        {
            say("Step"): int(step),
            say("Test error, running statistics"): float(record.running_error[look]),
            say("Test error, batch statistics"): float(record.batch_error[look]),
            say("Distance of the means"): float(np.median(record.mean_gap[:, look])),
            say("Running / batch deviation"): float(np.median(record.scale_ratio[:, look])),
        }
        for look, step in enumerate(record.steps)
    ]
