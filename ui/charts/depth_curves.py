"""Errors of plain and residual networks of several depths while they learn, as the paper draws them."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from resnet_core.records.depth import DepthCurves
from ui.charts import theme
from ui.charts.degradation import kinds
from ui.charts.labels import Say, percent
from ui.charts.seeds import band

HEIGHT = 520  # pixels
PAPER = {20: 0.0875, 32: 0.0751, 44: 0.0717, 56: 0.0697, 110: 0.0643}  # He et al. 2015, table 6: residual, test error


def depth_curves(record: DepthCurves, say: Say = str) -> go.Figure:
    """Plain networks on the left, residual ones on the right; dotted on training batches, thick on test pictures.

    The deeper a network, the darker. Of several seeds the median is drawn. Layout as in He et al. 2015, figure 6; where
    their residual networks ended is marked.
    """
    figure = go.Figure(make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.04, subplot_titles=list(kinds(say))))
    figure.update_layout(theme.frame(HEIGHT, right=20, top=50), showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": -0.2, "x": 0})
    for kind, name in enumerate(kinds(say)):
        for place, depth in enumerate(record.report.depths):
            colour = _shade(kind, place, len(record.report.depths))
            for values, test in ((record.train, False), (record.test, True)):
                line = {"color": colour, "width": 3.5 if test else 1.5, "dash": "solid" if test else "dot"}
                label = f"{name}-{depth}"
                what = say("test pictures") if test else say("training batches")
                figure.add_scatter(
                    x=record.looks, y=band(values[kind, place]).middle, mode="lines", line=line, name=label,
                    showlegend=test, legendgroup=label, meta="test" if test else "train",
                    hovertemplate=f"{label}, {what}<br>{say('step')} %{{x}}: <b>%{{y:.1%}}</b><extra></extra>",
                    row=1, col=kind + 1,
                )  # fmt: skip
    ends = {depth: error for depth, error in PAPER.items() if depth in record.report.depths}
    figure.add_scatter(
        x=[record.report.steps] * len(ends), y=list(ends.values()), mode="markers", name=say("paper, 164 epochs"),
        marker={"symbol": "diamond-open", "size": 10, "color": theme.RESIDUAL}, text=[str(depth) for depth in ends],
        hovertemplate=f"ResNet-%{{text}}, {say('test pictures')}: <b>%{{y:.2%}}</b><extra></extra>",
        cliponaxis=False, row=1, col=2,
    )  # fmt: skip
    figure.update_xaxes(title_text=say("Step"), range=[0, record.report.steps], nticks=6, **theme.AXIS)
    figure.update_yaxes(range=[0, 1], tickformat=".0%", **theme.AXIS)
    figure.update_yaxes(title_text=say("Error (thick: test, dotted: training)"), col=1)
    figure.update_annotations(font={"size": theme.FONT_SIZE})
    return figure


def _shade(kind: int, place: int, depths: int) -> str:
    return theme.see_through((theme.PLAIN, theme.RESIDUAL)[kind], 0.25 + 0.75 * place / max(1, depths - 1))


def depth_curves_alt(record: DepthCurves, say: Say = str) -> str:
    """The ends of all curves in words."""
    words = say("{name}-{depth}: training error {train}, test error {test}")
    report = record.report
    parts = [
        words.format(
            name=name,
            depth=depth,
            train=percent(float(np.nanmedian(report.train_error[kind, place]))),
            test=percent(float(np.nanmedian(report.test_error[kind, place]))),
        )
        for kind, name in enumerate(kinds(say))
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
