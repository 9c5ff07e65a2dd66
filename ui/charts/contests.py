"""Networks of equal cost beside one another: their errors over the steps, and where they ended."""

import re
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.contests import Contest
from ui.charts import line_ends, theme
from ui.charts.labels import Say, big, count
from ui.charts.seeds import Band, band
from ui.charts.sketch import Sketch

Which = Literal["train", "test"]
HEIGHT = 380  # pixels
_PLOT_HEIGHT = 310
_TINTS = ("#64B5E6", theme.RESIDUAL)  # all of them are residual networks: light and full blue
_WIDE = re.compile(r"(\d+) · (\d+)")
_TRAIN, _TEST = "#64B5E6", theme.RESIDUAL


def contest_curves(record: Contest, which: Which, say: Say = str) -> go.Figure:
    """Share of wrong answers after each window, median over the seeds with their range as a band; for two networks."""
    labels = [entrant_name(name, say) for name in record.names]
    figure = theme.blank(HEIGHT, right=line_ends.margin(labels))
    ends = []
    for place, label in enumerate(labels):
        style = theme.LineStyle(_TINTS[place % 2], "solid", 3.5)
        over = band(errors(record, which)[place])
        _draw_band(figure, record.steps, over, style)
        _draw_line(figure, record.steps, over, label, style)
        ends.append(line_ends.LineEnd(_end(over.middle) / _ceiling(record), label, style))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    figure.update_xaxes(title_text=say("Step"), range=[0, int(record.steps[-1])])
    title = say("Wrong answers, training") if which == "train" else say("Wrong answers, test")
    figure.update_yaxes(title_text=title, range=[0, _ceiling(record)], tickformat=".0%", nticks=6)
    return theme.finish(figure)


def contest_points(record: Contest, axis: str, say: Say = str) -> go.Figure:
    """Where each network ended: median over the seeds with their range, training and test error side by side.

    `axis` says what the names under the points are.
    """
    figure = theme.blank(HEIGHT + 30, top=44)
    places = np.arange(len(record.names))
    kinds = (
        (record.train_error, say("training"), _TRAIN, "circle-open", -0.12),
        (record.test_error, say("test"), _TEST, "circle", 0.12),
    )
    for found, name, colour, symbol, shift in kinds:
        over = band(found[:, :, -1].T)
        figure.add_scatter(
            x=places + shift,
            y=over.middle,
            mode="markers",
            name=name,
            marker={"size": 13, "color": colour, "symbol": symbol, "line": {"width": 3, "color": colour}},
            error_y={
                "array": over.high - over.middle,
                "arrayminus": over.middle - over.low,
                "thickness": 2,
                "width": 6,
            },
            customdata=[entrant_name(one, say) for one in record.names],
            hovertemplate="%{customdata}<br>" + name + ": <b>%{y:.1%}</b><extra></extra>",
        )
    figure.update_layout(showlegend=True)
    figure.update_xaxes(
        title_text=axis, tickvals=places, ticktext=list(record.names), range=[-0.5, len(record.names) - 0.5]
    )
    figure.update_yaxes(title_text=say("Wrong answers"), range=[0, _top(record)], tickformat=".0%", nticks=6)
    return theme.finish(figure)


def errors(record: Contest, which: Which) -> NDArray[np.float64]:
    """Training or test errors, (networks, seeds, windows)."""
    return record.train_error if which == "train" else record.test_error


def contest_alt(record: Contest, say: Say = str) -> str:
    """Both errors of every network at the end of its run, in words."""
    words = say("{name}: {train} of the answers wrong in training, {test} in the test")
    parts = [
        words.format(name=entrant_name(name, say), train=_share(train), test=_share(test))
        for name, train, test in zip(record.names, record.train_error, record.test_error, strict=True)
    ]
    return say("Errors at the end, median over the seeds.") + " " + "; ".join(parts) + "."


def contest_table(record: Contest, say: Say = str) -> list[dict[str, object]]:
    """One row per network: its size, its cost, its errors with the range over the seeds."""
    columns = (
        say("Network"), say("Layers"), say("Parameters"), say("Multiply-accumulates"), say("Training error"),
        say("Test error"),
    )  # fmt: skip
    return [
        dict(
            zip(
                columns,
                (
                    entrant_name(name, say),
                    record.layers[place],
                    count(record.parameters[place]),
                    big(record.macs[place]),
                    _range(record.train_error[place]),
                    _range(record.test_error[place]),
                ),
                strict=True,
            )
        )
        for place, name in enumerate(record.names)
    ]


def entrant_name(name: str, say: Say = str) -> str:
    """What the sentences call a network: "basic", "32×4d", "20 layers of width 8"."""
    if found := _WIDE.fullmatch(name):
        return say("{layers} layers of width {width}").format(layers=found[1], width=found[2])
    return {"basic": say("basic"), "bottleneck": say("bottleneck")}.get(name, name)


def _draw_band(figure: Sketch, steps: NDArray[np.int64], over: Band, style: theme.LineStyle) -> None:
    there = np.isfinite(over.middle)
    if over.seeds < 2 or not there.any():
        return
    x, low, high = steps[there], over.low[there], over.high[there]
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=theme.see_through(style.colour, 0.25),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )


def _draw_line(figure: Sketch, steps: NDArray[np.int64], over: Band, label: str, style: theme.LineStyle) -> None:
    figure.add_scatter(
        x=steps,
        y=over.middle,
        name=label,
        mode="lines+markers",
        marker={"size": 8},
        cliponaxis=False,
        line={"color": style.colour, "dash": style.dash, "width": style.width},
        hovertemplate=f"{label}<br><b>%{{y:.1%}}</b><extra></extra>",
    )


def _end(middle: NDArray[np.float64]) -> float:
    finite = middle[np.isfinite(middle)]
    return float(finite[-1]) if finite.size else 0.5


def _ceiling(record: Contest) -> float:
    """The upper end of an axis over all steps: guessing among ten classes is wrong nine times out of ten."""
    seen = np.concatenate([record.train_error.ravel(), record.test_error.ravel()])
    return 0.8 if np.nanmax(seen, initial=0.0) < 0.78 else 1.0


def _top(record: Contest) -> float:
    """The upper end of the axis: half of all answers, or all of them where some network does no better."""
    worst = np.concatenate([record.train_error[..., -1].ravel(), record.test_error[..., -1].ravel()])
    return 0.5 if np.nanmax(worst, initial=0.0) < 0.48 else 1.0


def _share(values: NDArray[np.float64]) -> str:
    middle = float(band(values).middle[-1])
    return f"{100 * middle:.1f}%" if np.isfinite(middle) else "–"


def _range(values: NDArray[np.float64]) -> str:
    over = band(values)
    low, high = float(over.low[-1]), float(over.high[-1])
    return f"{_share(values)} ({100 * low:.1f}–{100 * high:.1f})" if np.isfinite(low) else "–"
