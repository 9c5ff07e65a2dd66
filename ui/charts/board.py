"""The class board: final error against depth, one mark for every network that a student trained."""

import html
import math
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core import BoardEntry
from ui.charts import theme
from ui.charts.board_points import Kind, Quantity, deviation, error_of, kind_of, samples
from ui.charts.labels import Say, network_label, percent
from ui.charts.sketch import Sketch

HEIGHT = 500  # pixels
_BESIDE = 0.35  # layers by which the means of plain and residual networks stand apart
_SPREAD = 1.4  # layers over which the marks of one depth are spread


def board_chart(
    entries: Sequence[BoardEntry], quantity: Quantity = "training", say: Say = str, height: int = HEIGHT
) -> go.Figure:
    """Entries of one recipe. Lines join the means of each depth; bars are one standard deviation between seeds.

    Plain networks are vermilion squares, left of their depth, residual ones blue circles, right of it; hollow marks and
    dashed lines are without BatchNorm. A cross at the upper edge is a network that diverged.
    """
    figure = theme.blank(height, top=48)
    _guessing(figure, entries, say)
    for kind, depths in samples(entries, quantity).items():
        _means(figure, kind, depths, say)
    for kind in sorted({kind_of(entry) for entry in entries}, key=lambda kind: (kind.norm != "batch", not kind.plain)):
        _marks(figure, kind, [entry for entry in entries if kind_of(entry) == kind], quantity, say)
    layers = sorted({entry.config.layers for entry in entries}) or [8, 56]
    title = say("Final training error") if quantity == "training" else say("Final test error")
    figure.update_layout(showlegend=True)
    figure.update_xaxes(
        title_text=say("Depth (layers with weights)"), tickvals=layers, range=[layers[0] - 4, layers[-1] + 4]
    )
    figure.update_yaxes(title_text=title + " " + say("(% wrong)"), range=[0, 1.03], tickformat=".0%")
    return theme.finish(figure)


def kind_label(kind: Kind, say: Say = str) -> str:
    """What the board calls a kind of network."""
    if kind.plain:
        return say("plain + BN") if kind.norm == "batch" else say("plain, no BN")
    return say("residual + BN") if kind.norm == "batch" else say("residual, no BN")


def board_alt(entries: Sequence[BoardEntry], quantity: Quantity = "training", say: Say = str) -> str:
    """The figure in words: the mean error of every kind at every depth."""
    start = (
        say("Final training error against depth.") if quantity == "training" else say("Final test error against depth.")
    )
    parts = []
    for kind, depths in samples(entries, quantity).items():
        places = ", ".join(
            say("{depth} layers {error}").format(depth=depth, error=percent(float(sample.mean())))
            for depth, sample in depths.items()
        )
        parts.append(f"{kind_label(kind, say)}: {places}")
    return " ".join([start, *("; ".join(parts) + "." for _ in parts[:1])])


def board_table(
    entries: Sequence[BoardEntry], quantity: Quantity = "training", say: Say = str
) -> list[dict[str, object]]:
    """One row per kind and depth: how many networks and seeds, mean and spread in percent, how many diverged."""
    rows = []
    found = samples(entries, quantity)
    for kind, depth in sorted({(kind_of(entry), entry.config.layers) for entry in entries}, key=lambda place: (
        place[0].norm != "batch", not place[0].plain, place[1]
    )):  # fmt: skip
        here = [entry for entry in entries if (kind_of(entry), entry.config.layers) == (kind, depth)]
        sample = found.get(kind, {}).get(depth, np.zeros(0))
        rows.append(
            {
                say("Network"): network_label(here[0].config, say),
                say("Networks trained"): len(here),
                say("Different seeds"): len(sample),
                say("Mean error (%)"): round(100 * float(sample.mean()), 1) if len(sample) else None,
                say("Standard deviation (%)"): round(100 * deviation(sample), 1) if len(sample) > 1 else None,
                say("Diverged"): sum(entry.summary.diverged for entry in here),
            }
        )
    return rows


def _means(figure: Sketch, kind: Kind, depths: Mapping[int, NDArray[np.float64]], say: Say) -> None:
    spread = [deviation(sample) for sample in depths.values()]
    colour = _colour(kind)
    figure.add_scatter(
        x=[depth + _side(kind) * _BESIDE for depth in depths],
        y=[float(sample.mean()) for sample in depths.values()],
        error_y={"array": [None if math.isnan(bar) else bar for bar in spread], "thickness": 2.5, "width": 7},
        line={"color": colour, "width": 3.5, "dash": "solid" if kind.norm == "batch" else "dash"},
        marker={"color": colour, "size": 4},
        mode="lines+markers", name=kind_label(kind, say), meta="mean", showlegend=False, hoverinfo="skip",
    )  # fmt: skip


def _marks(figure: Sketch, kind: Kind, entries: Sequence[BoardEntry], quantity: Quantity, say: Say) -> None:
    shape, colour = ("square" if kind.plain else "circle"), _colour(kind)
    hollow = kind.norm != "batch"
    figure.add_scatter(
        x=[entry.config.layers + _side(kind) * (_BESIDE + 0.5 + _SPREAD * _scatter(entry)) for entry in entries],
        y=[1.0 if entry.summary.diverged else error_of(entry, quantity) for entry in entries],
        text=[_hover(entry, quantity, say) for entry in entries],
        marker={
            "symbol": ["x" if entry.summary.diverged else f"{shape}-open" if hollow else shape for entry in entries],
            "color": colour, "size": 13, "opacity": 1.0 if hollow else 0.65, "line": {"width": 2.5 if hollow else 0},
        },
        mode="markers", name=kind_label(kind, say), meta="entries", hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )  # fmt: skip


def _hover(entry: BoardEntry, quantity: Quantity, say: Say) -> str:
    error = say("diverged") if entry.summary.diverged else percent(error_of(entry, quantity))
    lines = [
        *([f"<b>{html.escape(entry.nickname)}</b>"] if entry.nickname else []),
        f"{html.escape(network_label(entry.config, say))}: <b>{html.escape(error)}</b>",
        html.escape(say("seed {seed}, {steps} steps").format(
            seed=entry.spec.training.seed, steps=entry.spec.training.steps
        )),
    ]  # fmt: skip
    return "<br>".join(lines)


def _guessing(figure: Sketch, entries: Sequence[BoardEntry], say: Say) -> None:
    if not entries:
        return
    share = 1 - 1 / entries[0].config.classes
    figure.add_hline(y=share, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=say("guessing"), x=0, xref="paper", xanchor="left", xshift=4, y=share, yanchor="bottom", showarrow=False
    )


def _colour(kind: Kind) -> str:
    return theme.PLAIN if kind.plain else theme.RESIDUAL


def _side(kind: Kind) -> int:
    return -1 if kind.plain else 1


def _scatter(entry: BoardEntry) -> float:
    """A place from 0 to 1 that stays the same for an entry, so that marks do not jump when others come."""
    return zlib.crc32(f"{entry.run_id} {entry.network}".encode()) / 2**32
