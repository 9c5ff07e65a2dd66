"""Charts of training and test error against depth."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.depth import DegradationReport
from ui.charts import against_depth, theme
from ui.charts.against_depth import DepthLine
from ui.charts.labels import Say, percent
from ui.charts.seeds import band

Which = Literal["train", "test"]


def error_by_depth(record: DegradationReport, which: Which, say: Say = str) -> go.Figure:
    """Training or test error of plain and residual networks against the number of layers, from 0 to 100%."""
    dash = "solid" if record.norm == "batch" else "dash"
    styles = [theme.LineStyle(colour, dash, 3.5) for colour in (theme.PLAIN, theme.RESIDUAL)]
    lines = [
        DepthLine(label, values, style)
        for label, values, style in zip(kinds(say), errors(record, which), styles, strict=True)
    ]
    figure = against_depth.draw(record.depths, lines, (0.0, 1.0), ":.1%")
    figure.add_hline(y=record.guess, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=say("guessing"), x=0, xref="paper", xanchor="left", xshift=4, y=record.guess, yanchor="bottom",
        showarrow=False,
    )  # fmt: skip
    figure.update_xaxes(title_text=say("Depth (weighted layers)"))
    figure.update_yaxes(
        title_text=say("Training error") if which == "train" else say("Test error"), tickformat=".0%", dtick=0.2
    )
    return theme.finish(figure)


def error_alt(record: DegradationReport, which: Which, say: Say = str) -> str:
    """The curves in words: the median at every depth."""
    begin = say("Training error against depth.") if which == "train" else say("Test error against depth.")
    parts = []
    for label, values in zip(kinds(say), errors(record, which), strict=True):
        middle = band(values.T).middle
        points = [
            say("{error} at {depth} layers").format(error=percent(float(error)), depth=depth)
            for depth, error in zip(record.depths, middle, strict=True)
            if np.isfinite(error)
        ]
        parts.append(f"{label}: {', '.join(points) or '–'}")
    return f"{begin} {'; '.join(parts)}."


def error_table(record: DegradationReport, say: Say = str) -> list[dict[str, object]]:
    """One row per depth and kind: medians over the seeds, and how many seeds there are or diverged."""
    rows = []
    for place, depth in enumerate(record.depths):
        for kind, label in enumerate(kinds(say)):
            here = record.train_error[kind, place]
            rows.append(
                {
                    say("Layers"): depth,
                    say("Network"): label,
                    say("Training error"): _middle(here),
                    say("Lowest seed"): _round(np.nanmin(here, initial=np.inf)),
                    say("Highest seed"): _round(np.nanmax(here, initial=-np.inf)),
                    say("Test error"): _middle(record.test_error[kind, place]),
                    say("Training loss"): _middle(record.train_loss[kind, place]),
                    say("Seeds"): int(np.isfinite(here).sum()),
                    say("Diverged"): int(record.diverged[kind, place].sum()),
                }
            )
    return rows


def kinds(say: Say) -> tuple[str, str]:
    """What the two kinds of network are called, plain first."""
    return say("plain"), say("residual")


def errors(record: DegradationReport, which: Which) -> NDArray[np.float64]:
    """(2, depths, seeds), plain first."""
    return record.train_error if which == "train" else record.test_error


def _middle(values: NDArray[np.float64]) -> float | None:
    present = values[np.isfinite(values)]
    return _round(np.median(present)) if present.size else None


def _round(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
