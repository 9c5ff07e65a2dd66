"""Loss and accuracy of networks that trained side by side."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core import ResNetConfig
from resnet_core.records import RunRecord
from ui.charts import line_ends, theme
from ui.charts.axes import log_axis
from ui.charts.labels import Say, network_labels, percent, plain_number
from ui.charts.runs import Course, courses

HEIGHT = 420  # pixels
PLOT_HEIGHT = 350  # of it, for the axes


def loss_curves(
    networks: Sequence[ResNetConfig],
    records: Sequence[RunRecord],
    steps: int,
    recorded: Sequence[RunRecord] = (),
    say: Say = str,
    *,
    log: bool = False,
    narrow: bool = False,
) -> go.Figure:
    """Cross-entropy against the step: thin for every batch, thick for a running mean.

    `recorded` is another run of the same networks, drawn wide and pale underneath. What lies above the axis is marked
    by triangles at its upper edge, and the end of a diverged run by a cross.
    """
    shown, under = courses(records, len(networks)), courses(recorded, len(networks))
    chance = math.log(networks[0].classes)
    figure = _Curves(networks, say, narrow, loss_limits([*shown, *under], chance, log), log)
    figure.reference(chance, say("guessing"))
    for index in range(len(networks)):
        figure.recorded(index, under[index].step, under[index].mean_loss)
        figure.course(index, shown[index], shown[index].loss, shown[index].mean_loss)
    figure.note_recorded(bool(records), bool(recorded))
    figure.end_labels(
        [(course if course.step.size else old).mean_loss for course, old in zip(shown, under, strict=True)]
    )
    return figure.finish(steps, say("Training loss (cross-entropy, nats)"))


def accuracy_curves(
    networks: Sequence[ResNetConfig],
    records: Sequence[RunRecord],
    steps: int,
    recorded: Sequence[RunRecord] = (),
    say: Say = str,
    *,
    narrow: bool = False,
) -> go.Figure:
    """Share of right answers against the step: lines on the training batches, rings on the test pictures."""
    shown, under = courses(records, len(networks)), courses(recorded, len(networks))
    figure = _Curves(networks, say, narrow, (0.0, 1.0), log=False)
    figure.reference(1 / networks[0].classes, say("guessing"), below=True)
    for index in range(len(networks)):
        figure.recorded(index, under[index].step, under[index].mean_accuracy)
        figure.course(index, shown[index], shown[index].accuracy, shown[index].mean_accuracy)
        figure.tests(index, shown[index])
    figure.note_recorded(bool(records), bool(recorded))
    figure.end_labels(
        [(course if course.step.size else old).mean_accuracy for course, old in zip(shown, under, strict=True)]
    )
    figure.figure.update_yaxes(tickformat=".0%")
    return figure.finish(steps, say("Right answers (rings: test pictures)"))


def loss_limits(runs: Sequence[Course], chance: float, log: bool = False) -> tuple[float, float]:
    """The ends of the loss axis: from 0 to what the runs need, but no higher than twice the loss of guessing.

    On a logarithmic axis, whole powers of ten around the finite losses, no higher than a million.
    """
    losses = np.concatenate([run.loss for run in runs] or [np.zeros(0)])
    finite = losses[np.isfinite(losses) & (losses > 0)]
    if log:
        low = math.floor(np.log10(finite.min(initial=0.1)))
        return 10.0 ** max(low, -4), 10.0 ** min(math.ceil(np.log10(finite.max(initial=chance))), 6)
    return 0.0, float(np.clip(1.05 * finite.max(initial=0.0), 1.2 * chance, 2 * chance))


def curves_alt(networks: Sequence[ResNetConfig], records: Sequence[RunRecord], say: Say = str) -> str:
    """Both charts in words: where each network's loss and accuracy are at the end."""
    parts = []
    for label, course in zip(network_labels(networks, say), courses(records, len(networks)), strict=True):
        if not course.step.size:
            text = say("{label}: no step yet").format(label=label)
        elif course.diverged:
            text = say("{label}: diverged at step {step}").format(label=label, step=course.diverged)
        else:
            text = say("{label}: loss {loss}, {accuracy} right after {steps} steps").format(
                label=label,
                loss=plain_number(float(course.mean_loss[-1])),
                accuracy=percent(float(course.mean_accuracy[-1])),
                steps=int(course.step[-1]),
            )
        parts.append(text)
    return say("Training curves.") + " " + "; ".join(parts) + "."


def training_table(
    networks: Sequence[ResNetConfig], records: Sequence[RunRecord], say: Say = str
) -> list[dict[str, object]]:
    """One row per network: steps, final loss and accuracies; None where there is no number.

    Of training, the mean over the last eighth of the steps, as everywhere; of the test pictures, the last look at them.
    """
    rows = []
    for label, course in zip(network_labels(networks, say), courses(records, len(networks)), strict=True):
        whole = course.step.size > 0 and not course.diverged
        rows.append(
            {
                say("Network"): label,
                say("Steps"): len(course.step),
                say("Training loss"): round(float(course.tail.mean()), 4) if whole else None,
                say("Training accuracy"): round(float(course.accuracy[-len(course.tail) :].mean()), 4)
                if whole
                else None,
                say("Test accuracy"): round(course.tests[-1][1], 4) if whole and course.tests else None,
                say("Diverged at step"): course.diverged or None,
            }
        )
    return rows


class _Curves:
    """A figure of curves being drawn: the networks' names and lines, and the axis that all share."""

    def __init__(
        self, networks: Sequence[ResNetConfig], say: Say, narrow: bool, limits: tuple[float, float], log: bool
    ) -> None:
        self.say, self.narrow, self.limits, self.log = say, narrow, limits, log
        self.labels = network_labels(networks, say)
        self.styles = theme.network_styles(networks)
        right = 16 if narrow else line_ends.margin(self.labels)
        self.figure = theme.blank(HEIGHT, right=right, top=36 + 28 * len(networks) * narrow)

    def reference(self, at: float, name: str, *, below: bool = False) -> None:
        self.figure.add_hline(y=at, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
        self.figure.add_annotation(
            text=name, x=1, xref="paper", xanchor="right", xshift=-4,
            y=math.log10(at) if self.log else at, yanchor="top" if below else "bottom", showarrow=False,
        )  # fmt: skip

    def recorded(self, index: int, step: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        line = {"color": theme.see_through(self.styles[index].colour, 0.35), "width": 9}
        self._add(index, step, values, line=line, hoverinfo="skip", meta="recorded")

    def course(self, index: int, course: Course, each: NDArray[np.float64], mean: NDArray[np.float64]) -> None:
        style = self.styles[index]
        thin = {"color": theme.see_through(style.colour, 0.3), "width": 1}
        self._add(index, course.step, each, line=thin, hoverinfo="skip", meta="each batch")
        thick = {"color": style.colour, "dash": style.dash, "width": style.width}
        hover = f"{self.labels[index]}<br>{self.say('step')} %{{x}}: <b>%{{y:.3g}}</b><extra></extra>"
        self._add(index, course.step, mean, line=thick, hovertemplate=hover, meta="mean", showlegend=self.narrow)
        over = np.isfinite(each) & (each > self.limits[1])
        self._marks(index, course.step[over], "triangle-up", self.say("off the scale"))
        if course.diverged:
            name = self.say("diverged at step {step}").format(step=course.diverged)
            self._marks(index, np.array([course.diverged]), "x", name)

    def tests(self, index: int, course: Course) -> None:
        ring = {"color": self.styles[index].colour, "symbol": "circle-open", "size": 10, "line": {"width": 2}}
        steps, accuracies = [step for step, _ in course.tests], [accuracy for _, accuracy in course.tests]
        hover = f"{self.say('test pictures')}<br>%{{y:.1%}}<extra></extra>"
        self._add(index, steps, accuracies, mode="markers", marker=ring, hovertemplate=hover, meta="tests")

    def note_recorded(self, live: bool, recorded: bool) -> None:
        if not recorded:
            return
        text = self.say("wide and pale: recorded run") if live else self.say("recorded run")
        self.figure.add_annotation(
            text=text, x=1, xref="paper", xanchor="right", y=1, yref="paper", yanchor="bottom", showarrow=False
        )

    def end_labels(self, lines: Sequence[NDArray[np.float64]]) -> None:
        if self.narrow:
            self.figure.update_layout(showlegend=True)
            return
        ends = [
            line_ends.LineEnd(self._height(line), label, style)
            for line, label, style in zip(lines, self.labels, self.styles, strict=True)
        ]
        line_ends.write(self.figure, ends, PLOT_HEIGHT)

    def finish(self, steps: int, title: str) -> go.Figure:
        self.figure.update_xaxes(title_text=self.say("Step"), range=[0, steps])
        low, high = self.limits
        if self.log:
            self.figure.update_yaxes(**log_axis(round(math.log10(low)), round(math.log10(high))))
        else:
            self.figure.update_yaxes(range=[low, high])
        self.figure.update_yaxes(title_text=title)
        return theme.finish(self.figure)

    def _add(self, index: int, x: object, y: object, **how: object) -> None:
        self.figure.add_scatter(
            **{"x": x, "y": y, "name": self.labels[index], "mode": "lines", "showlegend": False, **how}
        )

    def _marks(self, index: int, steps: NDArray[np.int64], symbol: str, words: str) -> None:
        if not steps.size:
            return
        marker = {"symbol": symbol, "size": 13, "color": self.styles[index].colour}
        hover = f"{self.labels[index]}<br>{words}<extra></extra>"
        y = np.full(len(steps), self.limits[1])
        self._add(
            index, steps, y, mode="markers", marker=marker, hovertemplate=hover, meta=words, cliponaxis=False
        )  # fmt: skip

    def _height(self, line: NDArray[np.float64]) -> float:
        finite = line[np.isfinite(line)]
        if not finite.size:
            return 1.0
        scale: Callable[[float], float] = (lambda value: math.log10(max(value, 1e-12))) if self.log else float
        low, high = map(scale, self.limits)
        return float(np.clip((scale(float(finite[-1])) - low) / (high - low), 0, 1))
