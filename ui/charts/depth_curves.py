"""Errors of plain and residual networks of several depths while they learn, as the paper draws them."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.depth import DepthCurves
from ui.charts import line_ends, theme
from ui.charts.degradation import kinds
from ui.charts.labels import Say, percent
from ui.charts.seeds import band
from ui.charts.sketch import Sketch

HEIGHT = 440  # pixels
_PLOT_HEIGHT = 370
PAPER = {20: 0.0875, 32: 0.0751, 44: 0.0717, 56: 0.0697, 110: 0.0643}  # He et al. 2015, table 6: residual, test error


def depth_curves(record: DepthCurves, kind: int, say: Say = str) -> go.Figure:
    """Plain (0) or residual (1) networks: dotted on training batches, thick on test pictures.

    The deeper a network, the darker. Of several seeds the median is drawn. One of the two panels of He et al. 2015,
    figure 6; where their residual networks ended is marked.
    """
    report, name = record.report, kinds(say)[kind]
    there = [place for place in range(len(report.depths)) if np.isfinite(record.test[kind, place]).any()]
    labels = [f"{name}-{report.depths[place]}" for place in there]
    figure = theme.blank(HEIGHT, right=line_ends.margin(labels))
    ends = []
    for place, label in zip(there, labels, strict=True):
        colour = _shade(kind, place, len(report.depths))
        for values, test in ((record.train, False), (record.test, True)):
            line = {"color": colour, "width": 3.5 if test else 1.5, "dash": "solid" if test else "dot"}
            what = say("test pictures") if test else say("training batches")
            middle = band(values[kind, place]).middle
            figure.add_scatter(
                x=record.looks, y=middle, mode="lines", line=line, name=label, meta="test" if test else "train",
                hovertemplate=f"{label}, {what}<br>{say('step')} %{{x}}: <b>%{{y:.1%}}</b><extra></extra>",
            )  # fmt: skip
        ends.append(line_ends.LineEnd(float(middle[-1]), label, theme.LineStyle(colour, "solid", 3.5)))
    line_ends.write(figure, ends, _PLOT_HEIGHT)
    _mark(figure, report.guess, say("guessing"))
    if kind == 1:
        _papers(figure, record, say)
    figure.update_xaxes(title_text=say("Step"), range=[0, report.steps], nticks=4, tickangle=0)
    figure.update_yaxes(title_text=say("Error (thick: test, dotted: training)"), range=[0, 1], tickformat=".0%")
    return theme.finish(figure)


def _papers(figure: Sketch, record: DepthCurves, say: Say) -> None:
    ends = {depth: error for depth, error in PAPER.items() if depth in record.report.depths}
    name = say("paper, 164 epochs")
    figure.add_scatter(
        x=[record.report.steps] * len(ends), y=list(ends.values()), mode="markers", name=name,
        marker={"symbol": "diamond-open", "size": 10, "color": theme.RESIDUAL}, text=[str(depth) for depth in ends],
        hovertemplate=f"ResNet-%{{text}}, {say('test pictures')}: <b>%{{y:.2%}}</b><extra></extra>", cliponaxis=False,
    )  # fmt: skip
    figure.add_annotation(
        text=name, x=1, xref="paper", xanchor="right", xshift=-10, y=max(ends.values(), default=0), showarrow=False
    )


def _mark(figure: Sketch, at: float, words: str) -> None:
    figure.add_hline(y=at, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=words, x=0, xref="paper", xanchor="left", xshift=4, y=at, yanchor="bottom", showarrow=False
    )


def _shade(kind: int, place: int, depths: int) -> str:
    return theme.see_through((theme.PLAIN, theme.RESIDUAL)[kind], 0.4 + 0.6 * place / max(1, depths - 1))


def depth_curves_alt(record: DepthCurves, kind: int, say: Say = str) -> str:
    """The ends of the curves of one kind in words."""
    words = say("{name}-{depth}: training error {train}, test error {test}")
    report = record.report
    parts = [
        words.format(
            name=kinds(say)[kind],
            depth=depth,
            train=percent(float(np.nanmedian(report.train_error[kind, place]))),
            test=percent(float(np.nanmedian(report.test_error[kind, place]))),
        )
        for place, depth in enumerate(report.depths)
        if np.isfinite(report.test_error[kind, place]).any()
    ]
    return say("Errors while the networks learn, at the end:") + " " + "; ".join(parts) + "."


def depth_table(record: DepthCurves, say: Say = str) -> list[dict[str, object]]:
    """One row per network: how it ended here, and in the paper, with 128 times the steps on the original pictures."""
    rows: list[dict[str, object]] = []
    report, paper = record.report, _in_the_paper()
    for kind, name in enumerate(kinds(say)):
        for place, depth in enumerate(report.depths):
            train, test = report.train_error[kind, place], report.test_error[kind, place]
            if not np.isfinite(test).any():
                continue
            rows.append(
                {
                    say("Network"): f"{name}-{depth}",
                    say("Seeds"): int(np.isfinite(test).sum()),
                    say("Training error"): percent(float(np.nanmedian(train))),
                    say("Test error"): percent(float(np.nanmedian(test))),
                    say("Paper's test error"): paper.get((kind, depth), "–"),
                }
            )
    return rows


def _in_the_paper() -> Mapping[tuple[int, int], str]:
    return {(1, depth): f"{error:.2%}" for depth, error in PAPER.items()}
