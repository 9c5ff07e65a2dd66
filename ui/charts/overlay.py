"""Several kept runs in one figure: each network's running mean against the step."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core import ResNetConfig, RunSpec
from ui.charts import line_ends, theme
from ui.charts.curves import HEIGHT, PLOT_HEIGHT, loss_limits
from ui.charts.labels import Say, network_labels, percent, plain_number
from ui.charts.runs import Course
from ui.charts.sketch import Sketch

Quantity = Literal["loss", "error"]

MOST = 6  # runs
CROWD = 8  # curves; above it lines are thin and names stand only where there is room
_MARKERS = 7  # on a line, so that its run is known without its colour


@dataclass(frozen=True, slots=True, eq=False)
class OverlaidRun:
    """One run of a comparison."""

    name: str
    spec: RunSpec
    courses: tuple[Course, ...]  # one per network
    classes: tuple[str, ...]  # what the pictures show


def letter(number: int) -> str:
    """What the figure calls a run, counted from 0: A to F, with the mark on its lines."""
    return f"{theme.RUN_MARKS[number].glyph} {chr(ord('A') + number)}"


def overlay(runs: Sequence[OverlaidRun], quantity: Quantity, say: Say = str) -> go.Figure:
    """Training loss (nats) or training error (share of wrong answers) of every network against the step.

    Hue says plain or residual, dash says no BatchNorm, shade and marker say which run. A cross at the upper edge marks
    the step at which a network diverged.
    """
    crowded = sum(len(run.courses) for run in runs) > CROWD
    shorter = [_shorter(labels, run.spec.networks) for run, labels in zip(runs, overlay_labels(runs, say), strict=True)]
    figure = theme.blank(HEIGHT, right=8 + line_ends.margin([label for labels in shorter for label in labels]), top=28)
    limits = _limits(runs, quantity)
    _guessing(figure, runs, quantity, say)
    ends = []
    for number, (run, names) in enumerate(zip(runs, overlay_labels(runs, say), strict=True)):
        for index, (course, name) in enumerate(zip(run.courses, names, strict=True)):
            style = theme.run_style(run.spec.networks, index, number, thin=crowded)
            _line(figure, run, course, name, style, number, quantity, say)
            _cross(figure, course, name, style, limits[1], say)
            if course.step.size:
                end = _height(_values(course, quantity), limits)
                ends.append(line_ends.LineEnd(end, shorter[number][index], style))
    line_ends.write(figure, _with_room(ends) if crowded else ends, PLOT_HEIGHT)
    return _finished(figure, runs, quantity, limits, say)


def same_pictures(runs: Sequence[OverlaidRun]) -> bool:
    """Whether the runs had the same task, so that their losses mean the same. Own pictures are known by class names."""
    return len({(run.spec.data.name, run.classes) for run in runs}) <= 1


def overlay_alt(runs: Sequence[OverlaidRun], quantity: Quantity, say: Say = str) -> str:
    """The figure in words: what each curve ends at."""
    parts = []
    for run, names in zip(runs, overlay_labels(runs, say), strict=True):
        for course, name in zip(run.courses, names, strict=True):
            parts.append(_curve_in_words(course, name, quantity, say))
    start = say("Training loss, runs: {count}.") if quantity == "loss" else say("Training error, runs: {count}.")
    return f"{start.format(count=len(runs))} {'; '.join(parts)}."


def overlay_labels(runs: Sequence[OverlaidRun], say: Say = str) -> list[list[str]]:
    """For every run, what its networks' curves are called: the run's letter and the network."""
    return [
        [f"{letter(number)} {label}" for label in network_labels(run.spec.networks, say)]
        for number, run in enumerate(runs)
    ]


def overlay_table(runs: Sequence[OverlaidRun], say: Say = str) -> list[dict[str, object]]:
    """One row per network of every run; None where there is no number.

    Of training, the mean over the last eighth of the steps, as everywhere; of the test pictures, the last look at them.
    """
    rows = []
    for number, run in enumerate(runs):
        for course, label in zip(run.courses, network_labels(run.spec.networks, say), strict=True):
            whole = course.step.size > 0 and not course.diverged
            error = 1 - float(course.accuracy[-len(course.tail) :].mean()) if whole else math.nan
            rows.append(
                {
                    say("Run"): f"{letter(number)} {run.name}",
                    say("Network"): label,
                    say("Steps"): len(course.step),
                    say("Training loss"): round(float(course.tail.mean()), 4) if whole else None,
                    say("Training error"): percent(error) if whole else None,
                    say("Test error"): percent(1 - course.tests[-1][1]) if whole and course.tests else None,
                    say("Diverged at step"): course.diverged or None,
                }
            )
    return rows


def _values(course: Course, quantity: Quantity) -> NDArray[np.float64]:
    return course.mean_loss if quantity == "loss" else 1 - course.mean_accuracy


def _limits(runs: Sequence[OverlaidRun], quantity: Quantity) -> tuple[float, float]:
    if quantity == "error":
        return 0.0, 1.0
    chance = max(math.log(run.spec.networks[0].classes) for run in runs)
    return loss_limits([course for run in runs for course in run.courses], chance)


def _guessing(figure: Sketch, runs: Sequence[OverlaidRun], quantity: Quantity, say: Say) -> None:
    for classes in sorted({run.spec.networks[0].classes for run in runs}):
        at = math.log(classes) if quantity == "loss" else 1 - 1 / classes
        figure.add_hline(y=at, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
        figure.add_annotation(
            text=say("guessing"), x=1, xref="paper", xanchor="right", xshift=-4, y=at, yanchor="bottom", showarrow=False
        )


def _line(
    figure: Sketch,
    run: OverlaidRun,
    course: Course,
    name: str,
    style: theme.LineStyle,
    number: int,
    quantity: Quantity,
    say: Say,
) -> None:
    number_format = ".3g" if quantity == "loss" else ".1%"
    hover = f"{html.escape(name)}<br>{html.escape(run.name)}<br>{say('step')} %{{x}}: <b>%{{y:{number_format}}}</b>"
    figure.add_scatter(
        x=course.step,
        y=_values(course, quantity),
        name=name,
        meta="mean",
        mode="lines+markers",
        line={"color": style.colour, "dash": style.dash, "width": style.width},
        marker={
            "symbol": theme.RUN_MARKS[number].symbol,
            "size": 9,
            "maxdisplayed": _MARKERS,
            "color": style.colour,
        },
        hovertemplate=f"{hover}<extra></extra>",
    )


def _cross(figure: Sketch, course: Course, name: str, style: theme.LineStyle, top: float, say: Say) -> None:
    if not course.diverged:
        return
    words = say("diverged at step {step}").format(step=course.diverged)
    figure.add_scatter(
        x=[course.diverged],
        y=[top],
        name=name,
        meta=words,
        mode="markers",
        marker={"symbol": "x", "size": 13, "color": style.colour},
        cliponaxis=False,
        hovertemplate=f"{html.escape(name)}<br>{words}<extra></extra>",
    )


def _finished(
    figure: Sketch, runs: Sequence[OverlaidRun], quantity: Quantity, limits: tuple[float, float], say: Say
) -> go.Figure:
    if any(config.norm == "none" for run in runs for config in run.spec.networks):
        text = say("dashed: no BN")
        figure.add_annotation(
            text=text, x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom", showarrow=False
        )
    figure.update_xaxes(title_text=say("Step"), range=[0, max(run.spec.training.steps for run in runs)])
    figure.update_yaxes(range=list(limits))
    if quantity == "loss":
        figure.update_yaxes(title_text=say("Training loss (cross-entropy, nats)"))
    else:
        figure.update_yaxes(title_text=say("Training error (wrong answers, %)"), tickformat=".0%")
    return theme.finish(figure)


def _height(values: NDArray[np.float64], limits: tuple[float, float]) -> float:
    finite = values[np.isfinite(values)]
    return float(np.clip((finite[-1] - limits[0]) / (limits[1] - limits[0]), 0, 1)) if finite.size else 1.0


def _with_room(ends: Sequence[line_ends.LineEnd]) -> list[line_ends.LineEnd]:
    """From below, the names that need not be moved; the others are in the hover text and in the table."""
    kept: list[line_ends.LineEnd] = []
    for end in sorted(ends, key=lambda end: end.at):
        if not kept or end.at - kept[-1].at >= theme.SMALLEST_GAP / PLOT_HEIGHT:
            kept.append(end)
    return kept


def _shorter(labels: Sequence[str], networks: Sequence[ResNetConfig]) -> list[str]:
    """Names in one line, without the BatchNorm that the dash tells, unless two in a run would look the same."""
    brief = [label.split(" + ")[0].split(", ")[0] for label in labels]
    seen = [(name, config.norm) for name, config in zip(brief, networks, strict=True)]
    return [
        label if seen.count(one) > 1 else name for label, name, one in zip(labels, brief, seen, strict=True)
    ]  # fmt: skip


def _curve_in_words(course: Course, name: str, quantity: Quantity, say: Say) -> str:
    if not course.step.size:
        return say("{label}: no step yet").format(label=name)
    if course.diverged:
        return say("{label}: diverged at step {step}").format(label=name, step=course.diverged)
    last = float(_values(course, quantity)[-1])
    value = plain_number(last) if quantity == "loss" else percent(last)
    return say("{label}: {value} after {steps} steps").format(label=name, value=value, steps=int(course.step[-1]))
