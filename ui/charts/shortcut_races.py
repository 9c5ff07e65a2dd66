"""Charts of networks that differ in their shortcuts alone: the error of each, and the loss on the way there."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.shortcuts import ShortcutRace
from ui.charts import line_ends, theme
from ui.charts.labels import Say, count, percent, plain_number
from ui.charts.seeds import Band, band
from ui.charts.sketch import Sketch

HEIGHT = 420  # pixels, of the curves
SMOOTH = 10  # steps whose mean is one point of a curve
_PLOT_HEIGHT = 350
_ROW = 52  # pixels per network
_HIGHEST_LOSS = 5.0  # nats; guessing among ten classes has 2.3, and what lies above is drawn at the edge


class Entry(NamedTuple):
    """One network of a race as the class sees it."""

    name: str  # beside its dots and at its line's end
    words: str  # in a table or a sentence
    colour: str


def error_dots(race: ShortcutRace, entries: Sequence[Entry], say: Say = str) -> go.Figure:
    """Test error of every network: one small dot per seed, and a large one at the median. The dotted line is guessing.

    A seed that diverged is a cross at the edge.
    """
    figure = theme.blank(100 + _ROW * len(entries))
    for row, entry in enumerate(entries):
        errors = race.test_error[row]
        there = errors[np.isfinite(errors)]
        figure.add_scatter(
            x=there, y=[row] * len(there), mode="markers", hoverinfo="skip",
            marker={"size": 10, "color": theme.see_through(entry.colour, 0.45)},
        )  # fmt: skip
        if there.size:
            middle = float(np.median(there))
            figure.add_scatter(
                x=[middle], y=[row], mode="markers", name=entry.name, marker={"size": 17, "color": entry.colour},
                hovertemplate=f"{entry.words}<br><b>{percent(middle)}</b><extra></extra>",
            )  # fmt: skip
        if broken := int(race.diverged[row].sum()):
            figure.add_scatter(
                x=[1.0] * broken, y=[row] * broken, mode="markers", meta="diverged",
                marker={"size": 14, "symbol": "x", "color": theme.NOT_FINITE},
                hovertemplate=say("{name}: diverged").format(name=entry.words) + "<extra></extra>",
            )  # fmt: skip
    guess = guessing(race)
    figure.add_scatter(
        x=[guess, guess], y=[-0.6, len(entries) - 0.4], mode="lines", hoverinfo="skip", meta="guessing",
        line={"color": theme.QUIET, "width": 2, "dash": "dot"},
    )  # fmt: skip
    figure.add_annotation(
        text=say("guessing"), x=guess, y=1, yref="paper", xanchor="center", yanchor="bottom", showarrow=False
    )
    figure.update_layout(margin_t=36)
    figure.update_xaxes(title_text=say("Test error"), range=[0, 1.03], tickformat=".0%", nticks=6)
    figure.update_yaxes(
        range=[len(entries) - 0.4, -0.6],
        tickvals=list(range(len(entries))),
        ticktext=[entry.name for entry in entries],
    )
    return theme.finish(figure)


def loss_curves(race: ShortcutRace, rows: Sequence[int], entries: Sequence[Entry], say: Say = str) -> go.Figure:
    """Training loss of the networks in these rows, each point the mean of ten steps, seeds as a band."""
    chosen = [entries[row] for row in rows]
    figure = theme.blank(HEIGHT, right=line_ends.margin([entry.name for entry in chosen]))
    steps = centres(race)
    top = _top(race, rows)
    ends = []
    for row, entry in zip(rows, chosen, strict=True):
        over = band(smoothed(race.losses[row]))
        style = theme.LineStyle(entry.colour, "solid", 3.5)
        _draw_band(figure, over, steps, entry.colour)
        figure.add_scatter(
            x=steps, y=over.middle, name=entry.name, mode="lines", line={"color": entry.colour, "width": style.width},
            hovertemplate=f"{entry.words}<br>%{{x:.0f}}: <b>%{{y:.3g}}</b><extra></extra>",
        )  # fmt: skip
        there = over.middle[np.isfinite(over.middle)]
        if there.size:
            ends.append(line_ends.LineEnd(float(np.clip(there[-1] / top, 0, 1)), entry.name, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    figure.update_xaxes(title_text=say("Step"), range=[0, race.losses.shape[2]])
    figure.update_yaxes(title_text=say("Training loss (cross-entropy, nats)"), range=[0, top])
    return theme.finish(figure)


def guessing(race: ShortcutRace) -> float:
    """The test error of somebody who names any class."""
    return 1 - 1 / race.classes


def smoothed(losses: NDArray[np.float32]) -> NDArray[np.float64]:
    """Means of ten steps each, (seeds, steps) -> (seeds, points); NaN as long as one of the ten is missing."""
    seeds, steps = losses.shape
    width = min(SMOOTH, steps)
    points = steps // width
    with np.errstate(over="ignore", invalid="ignore"):
        return losses[:, : points * width].astype(float).reshape(seeds, points, width).mean(axis=2)


def centres(race: ShortcutRace) -> NDArray[np.float64]:
    """The step in the middle of each point of `smoothed`."""
    steps = race.losses.shape[2]
    width = min(SMOOTH, steps)
    return np.arange(steps // width) * width + (width + 1) / 2


def race_alt(race: ShortcutRace, entries: Sequence[Entry], say: Say = str) -> str:
    """Every network's median test error in words."""
    words = say("{name}: {error}")
    parts = [words.format(name=entry.words, error=_spoken(race, row, say)) for row, entry in enumerate(entries)]
    return say("Test error of each network.") + " " + "; ".join(parts) + "."


def curves_alt(race: ShortcutRace, rows: Sequence[int], entries: Sequence[Entry], say: Say = str) -> str:
    """First and last point of each curve in words."""
    words = say("{name}: from {first} to {last}")
    parts = []
    for row in rows:
        middle = band(smoothed(race.losses[row])).middle
        there = middle[np.isfinite(middle)]
        if there.size:
            first, last = plain_number(float(there[0])), plain_number(float(there[-1]))
            parts.append(words.format(name=entries[row].words, first=first, last=last))
    return say("Training loss, step by step.") + " " + "; ".join(parts) + "."


def race_table(race: ShortcutRace, entries: Sequence[Entry], say: Say = str) -> list[dict[str, object]]:
    """One row per network: what it costs, and both ends of its training."""
    rows: list[dict[str, object]] = []
    for row, entry in enumerate(entries):
        last = band(smoothed(race.losses[row])).middle[-1]
        rows.append(
            {
                say("Shortcut"): entry.words,
                say("Parameters"): count(race.parameters[row]),
                say("MACs"): count(race.macs[row]),
                say("Training loss at the end"): plain_number(float(last)),
                say("Test error, median"): _spoken(race, row, say),
                say("Test error of each seed"): ", ".join(percent(float(error)) for error in race.test_error[row]),
            }
        )
    return rows


def _spoken(race: ShortcutRace, row: int, say: Say) -> str:
    errors = race.test_error[row]
    there = errors[np.isfinite(errors)]
    if there.size:
        return percent(float(np.median(there)))
    return say("diverged") if race.diverged[row].any() else say("not there yet")


def _draw_band(figure: Sketch, over: Band, steps: NDArray[np.float64], colour: str) -> None:
    there = np.isfinite(over.low)
    if over.seeds < 2 or not there.any():
        return
    figure.add_scatter(
        x=np.concatenate([steps[there], steps[there][::-1]]),
        y=np.concatenate([over.high[there], over.low[there][::-1]]),
        fill="toself", fillcolor=theme.see_through(colour, 0.2), line={"width": 0}, mode="lines", hoverinfo="skip",
    )  # fmt: skip


def _top(race: ShortcutRace, rows: Sequence[int]) -> float:
    """Room for guessing at least, and for what lies above it up to a limit."""
    guess = math.log(race.classes)
    values = smoothed(race.losses[list(rows)].reshape(-1, race.losses.shape[2]))
    present = values[np.isfinite(values)]
    return 1.08 * min(_HIGHEST_LOSS, max(guess, float(present.max(initial=0.0))))
