"""Charts of how much each block adds to what it is given, and of figure 7's layer responses."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core import ResNetConfig
from resnet_core.records.responses import NetworkResponses, ResponsesReport
from ui.charts import theme
from ui.charts.labels import Say, layer_label, network_labels, number_in_words
from ui.charts.lines import Line, Scale, line_figure, reference

Quantity = Literal["ratio", "cosine", "response"]


def quantity_title(quantity: Quantity, say: Say = str) -> str:
    """What the axis is called."""
    return {
        "ratio": say("Size of F beside x, ‖F‖ / ‖x‖"),
        "cosine": say("Cosine between F and x"),
        "response": say("Standard deviation of the response"),
    }[quantity]


def response_profile(
    networks: Sequence[ResNetConfig], record: ResponsesReport, quantity: Quantity, look: int | None, say: Say = str
) -> go.Figure:
    """One quantity at one look: every block, or for responses every layer, from the input on the left.

    Without a look each network is drawn as it was at its newest one.
    """
    found, configs = record.networks, networks[: len(record.networks)]
    labels, styles = network_labels(configs, say), theme.network_styles(configs)
    lines = []
    for network, label, style in zip(found, labels, styles, strict=True):
        values = at_look(network, quantity, look)
        names = [layer_label(name, say) for name in (network.layers if quantity == "response" else network.blocks)]
        lines.append(Line(np.arange(1, len(values) + 1, dtype=float), values, label, style, names=names))
    title = say("Convolution, from the input") if quantity == "response" else say("Block, from the input")
    figure = line_figure(lines, _scale([line.y for line in lines], quantity), title, quantity_title(quantity, say), say)
    if quantity == "ratio":
        reference(figure, 1.0, say("F as large as x"))
    elif quantity == "cosine":
        reference(figure, 0.0, say("right angle"))
    return theme.finish(figure)


def response_course(
    networks: Sequence[ResNetConfig], record: ResponsesReport, quantity: Quantity, say: Say = str
) -> go.Figure:
    """The same over training: median over the blocks or layers of each network."""
    found, configs = record.networks, networks[: len(record.networks)]
    steps = np.array(record.steps, dtype=float)
    lines = [
        Line(steps, middles(network, quantity), label, style)
        for network, label, style in zip(
            found, network_labels(configs, say), theme.network_styles(configs), strict=True
        )
    ]
    figure = line_figure(
        lines, _scale([line.y for line in lines], quantity), say("Optimiser steps taken"),
        say("Median over the network"), say,
    )  # fmt: skip
    figure.update_xaxes(range=[-0.03 * (steps[-1] or 1), 1.03 * (steps[-1] or 1)], tickvals=list(record.steps))
    return theme.finish(figure)


def values_of(network: NetworkResponses, quantity: Quantity) -> NDArray[np.float64]:
    """(looks, blocks or layers)."""
    return {"ratio": network.ratio, "cosine": network.cosine, "response": network.response}[quantity]


def at_look(network: NetworkResponses, quantity: Quantity, look: int | None) -> NDArray[np.float64]:
    """One row of `values_of`; without a look the newest that was taken."""
    taken = np.flatnonzero(np.isfinite(network.losses))
    newest = int(taken[-1]) if taken.size else 0
    return values_of(network, quantity)[newest if look is None else look]


def middles(network: NetworkResponses, quantity: Quantity) -> NDArray[np.float64]:
    """Median over blocks or layers at each look, (looks,); NaN where nothing was measured."""
    return np.array([_median(row) for row in values_of(network, quantity)])


def responses_alt(
    networks: Sequence[ResNetConfig], record: ResponsesReport, quantity: Quantity, look: int | None, say: Say = str
) -> str:
    """The profile in words: first, last and median."""
    words = say("{label}: first {first}, last {last}, median {middle}")
    parts = []
    for network, label in zip(record.networks, network_labels(networks[: len(record.networks)], say), strict=True):
        values = at_look(network, quantity, look)
        parts.append(
            words.format(
                label=label,
                first=number_in_words(float(values[0]), say),
                last=number_in_words(float(values[-1]), say),
                middle=number_in_words(_median(values), say),
            )
        )
    return f"{quantity_title(quantity, say)}. {'; '.join(parts)}."


def responses_table(
    networks: Sequence[ResNetConfig], record: ResponsesReport, quantity: Quantity, say: Say = str
) -> list[dict[str, object]]:
    """One row per network and look: smallest, median, largest, and the loss."""
    rows: list[dict[str, object]] = []
    for network, label in zip(record.networks, network_labels(networks[: len(record.networks)], say), strict=True):
        for look, step in enumerate(record.steps):
            values = values_of(network, quantity)[look]
            known = values[np.isfinite(values)]
            if known.size == 0 and not np.isfinite(network.losses[look]):
                continue
            rows.append(
                {
                    say("Network"): label,
                    say("Step"): step,
                    say("Smallest"): number_in_words(float(known.min()) if known.size else np.nan, say),
                    say("Median"): number_in_words(_median(values), say),
                    say("Largest"): number_in_words(float(known.max()) if known.size else np.nan, say),
                    say("Loss"): number_in_words(float(network.losses[look]), say),
                }
            )
    return rows


def _scale(values: Sequence[NDArray[np.float64]], quantity: Quantity) -> Scale:
    if quantity == "cosine":
        return Scale(-1.05, 1.05)
    together = np.concatenate([value[np.isfinite(value)] for value in values] or [np.ones(1)])
    return Scale(0.0, max(2.0, 1.08 * float(together.max(initial=0.0))))


def _median(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")
