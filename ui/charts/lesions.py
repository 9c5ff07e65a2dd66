"""Trained networks without some blocks, and with blocks in other orders."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from resnet_core import ResNetConfig
from resnet_core.records.lesions import Lesions
from ui.charts import line_ends, theme
from ui.charts.labels import Say, layer_label, network_labels, percent
from ui.charts.seeds import band
from ui.charts.sketch import Sketch

HEIGHT = 430  # pixels
_PLOT_HEIGHT = 360
_APART = 0.14  # blocks between the dots of two networks, so that equal errors do not hide each other
_SYMBOLS = ("circle", "diamond", "square", "triangle-up")
_JITTER = 0.004  # of tau, the same


def single_dots(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> go.Figure:
    """The error without each block, one dot per network and block; thin lines are the whole networks.

    A ring is a block that changes the shape, whose shortcut, or stand-in, shrinks the picture.
    """
    figure, styles, labels = _begin(networks, say)
    ends = []
    for index, (label, style) in enumerate(zip(labels, styles, strict=True)):
        if np.isnan(record.base[index]):
            continue
        errors, base = record.single[index], float(record.base[index])
        shift = _APART * (index - (len(labels) - 1) / 2)
        figure.add_scatter(
            x=[0.4, len(errors) + 0.6], y=[base, base], mode="lines", hoverinfo="skip", meta="whole",
            line={"color": style.colour, "dash": style.dash, "width": 2},
        )  # fmt: skip
        figure.add_scatter(
            x=np.arange(1, len(errors) + 1) + shift, y=errors, mode="markers", name=label, meta="single",
            marker={
                "size": 13 if len(errors) < 30 else 9,
                "symbol": [_SYMBOLS[index] + ("-open" if changes else "") for changes in record.reshaping],
                "color": style.colour,
                "line": {"color": style.colour, "width": 3},
            },
            customdata=[[layer_label(block, say), percent(float(error))] for block, error in zip(
                record.blocks, errors, strict=True)],
            hovertemplate=f"{label}<br>%{{customdata[0]}}: <b>%{{customdata[1]}}</b><extra></extra>",
        )  # fmt: skip
        ends.append(line_ends.LineEnd(float(np.median(errors)), label, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    _guessing(figure, record, say)
    figure.update_xaxes(
        title_text=say("Block taken out, from the input"),
        range=[0.4, len(record.blocks) + 0.6],
        **_whole_numbers(len(record.blocks)),
    )
    return _finish(figure, say)


def many_curves(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> go.Figure:
    """The error with more and more random blocks taken out: the median over the draws, and their range as a band."""
    figure, styles, labels = _begin(networks, say)
    ends = []
    for index, (label, style) in enumerate(zip(labels, styles, strict=True)):
        if np.isnan(record.base[index]):
            continue
        over = band(record.many[index].T)
        base = record.base[index]
        x = np.concatenate([[0], record.counts])
        low, middle, high = (np.concatenate([[base], values]) for values in (over.low, over.middle, over.high))
        figure.add_scatter(
            x=np.concatenate([x, x[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself", mode="lines",
            fillcolor=theme.see_through(style.colour, 0.2), line={"width": 0}, hoverinfo="skip", meta="band",
        )  # fmt: skip
        figure.add_scatter(
            x=x, y=middle, mode="lines+markers", name=label, meta="many", marker={"size": 8},
            line={"color": style.colour, "dash": style.dash, "width": style.width},
            customdata=[percent(float(value)) for value in middle],
            hovertemplate=f"{label}<br>%{{x}}: <b>%{{customdata}}</b><extra></extra>",
        )  # fmt: skip
        ends.append(line_ends.LineEnd(float(middle[-1]), label, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    _guessing(figure, record, say)
    blocks = len(record.blocks)
    words = say("Blocks taken out at random, of {total}").format(total=blocks)
    figure.update_xaxes(title_text=words, range=[-0.02 * blocks, 1.02 * blocks], **_whole_numbers(blocks))
    return _finish(figure, say)


def order_dots(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> go.Figure:
    """The error with blocks in other orders against Kendall's tau: the right order stands on the left."""
    figure, styles, labels = _begin(networks, say)
    ends = []
    for index, (label, style) in enumerate(zip(labels, styles, strict=True)):
        if np.isnan(record.base[index]):
            continue
        x = np.concatenate([[1.0], record.tau]) + _JITTER * (index - (len(labels) - 1) / 2)
        y = np.concatenate([[record.base[index]], record.order[index]])
        figure.add_scatter(
            x=x, y=y, mode="markers", name=label, meta="order",
            marker={
                "size": 11, "symbol": _SYMBOLS[index], "color": theme.see_through(style.colour, 0.75),
                "line": {"color": style.colour, "width": 1},
            },
            customdata=[percent(float(value)) for value in y],
            hovertemplate=f"{label}<br>τ %{{x:.2f}}: <b>%{{customdata}}</b><extra></extra>",
        )  # fmt: skip
        ends.append(line_ends.LineEnd(float(np.median(y)), label, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    _guessing(figure, record, say)
    lowest = float(record.tau.min()) if record.tau.size else 0.0
    room = 0.06 * (1 - lowest)
    figure.update_xaxes(title_text=say("Agreement (Kendall's τ)"), range=[1 + room, lowest - room], nticks=6)
    return _finish(figure, say)


def lesions_alt(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> str:
    """The errors without one block in words."""
    words = say("{label}: {base} whole, from {low} to {high} without one block")
    parts = [
        words.format(
            label=label,
            base=percent(float(record.base[index])),
            low=percent(float(record.single[index].min())),
            high=percent(float(record.single[index].max())),
        )
        for index, label in enumerate(network_labels(networks, say))
        if not np.isnan(record.base[index])
    ]
    return say("Test error without each block.") + " " + "; ".join(parts) + "."


def many_alt(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> str:
    """The curves in words."""
    words = say("{label}: {few} without one block, {half} without half of them, {all} without any")
    parts = []
    for index, label in enumerate(network_labels(networks, say)):
        if not np.isnan(record.base[index]):
            middle = np.median(record.many[index], axis=1)
            half = middle[np.abs(record.counts - len(record.blocks) / 2).argmin()]
            few, middle_one, last = (percent(float(value)) for value in (middle[0], half, middle[-1]))
            parts.append(words.format(label=label, few=few, half=middle_one, all=last))
    return say("Test error against the number of blocks taken out.") + " " + "; ".join(parts) + "."


def order_alt(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> str:
    """The orders in words."""
    words = say("{label}: {base} in the right order, {low} to {high} in {orders} others")
    parts = [
        words.format(
            label=label,
            base=percent(float(record.base[index])),
            low=percent(float(record.order[index].min())),
            high=percent(float(record.order[index].max())),
            orders=record.tau.size,
        )
        for index, label in enumerate(network_labels(networks, say))
        if record.tau.size and not np.isnan(record.base[index])
    ]
    return say("Test error with blocks in other orders.") + " " + "; ".join(parts) + "."


def single_table(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> list[dict[str, object]]:
    """One row for the whole networks, one per block that is taken out."""
    labels = network_labels(networks, say)
    rows = [(say("none"), record.base)]
    rows += [(layer_label(block, say), record.single[:, place]) for place, block in enumerate(record.blocks)]
    table: list[dict[str, object]] = []
    for name, errors in rows:
        table.append({say("Taken out"): name, **_by_network(labels, [percent(float(error)) for error in errors])})
    return table


def many_table(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> list[dict[str, object]]:
    """One row per number of blocks: median error over the draws, with the range."""
    labels = network_labels(networks, say)

    def words(errors: np.ndarray) -> str:
        low, middle, high = (percent(float(value)) for value in (errors.min(), np.median(errors), errors.max()))
        return f"{middle} ({low}–{high})"

    table: list[dict[str, object]] = []
    for place, count in enumerate(record.counts.tolist()):
        cells = [words(record.many[index, place]) for index in range(len(labels))]
        table.append({say("Blocks taken out"): count, **_by_network(labels, cells)})
    return table


def _by_network(labels: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return dict(zip(labels, cells, strict=True))


def _begin(networks: Sequence[ResNetConfig], say: Say) -> tuple[Sketch, list[theme.LineStyle], list[str]]:
    labels = network_labels(networks, say)
    return theme.blank(HEIGHT, right=line_ends.margin(labels)), theme.network_styles(networks), labels


def _guessing(figure: Sketch, record: Lesions, say: Say) -> None:
    figure.add_hline(y=record.guess, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=say("guessing"), x=0.01, xref="paper", xanchor="left", y=record.guess, yanchor="bottom", yshift=12,
        showarrow=False,
    )  # fmt: skip


def _whole_numbers(highest: int) -> dict[str, object]:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200) if highest <= 12 * step)
    return {"tickmode": "linear", "tick0": 0, "dtick": step}


def _finish(figure: Sketch, say: Say) -> go.Figure:
    figure.update_yaxes(title_text=say("Test error"), range=[-0.03, 1.08], tickformat=".0%", nticks=6)
    return theme.finish(figure)
