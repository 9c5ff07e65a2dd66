"""Charts of the gradient path by path: how much comes through few branches, and how much through many."""

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.gradient_parts import GradientPathsReport
from ui.charts import theme
from ui.charts.labels import Say, percent, plain_number
from ui.charts.lines import Line, line_figure, log_scale

HEIGHT = 420  # pixels


def path_shares(record: GradientPathsReport, say: Say = str) -> go.Figure:
    """Of each length: its share of all paths in gray, and its share of the gradient in blue."""
    lengths = np.arange(len(record.counts))
    figure = theme.blank(HEIGHT, top=50)
    for shares, name, colour in (
        (record.path_shares, say("share of all paths"), theme.QUIET),
        (record.contributions, say("share of the gradient"), theme.RESIDUAL),
    ):
        figure.add_bar(
            x=lengths, y=shares, name=name, marker={"color": colour},
            hovertemplate=f"{name}, {say('branches passed')} %{{x}}: <b>%{{y:.1%}}</b><extra></extra>",
        )  # fmt: skip
    figure.update_layout(showlegend=True, bargap=0.15, bargroupgap=0)
    figure.update_xaxes(title_text=say("Branches that the path passes"), nticks=10)
    figure.update_yaxes(title_text=say("Share"), tickformat=".0%", rangemode="tozero")
    return theme.finish(figure)


def path_norms(record: GradientPathsReport, say: Say = str) -> go.Figure:
    """Gradient norm of a single path by its length: mean over the paths drawn, their range as a band."""
    lengths = np.arange(len(record.counts), dtype=float)
    known = np.isfinite(record.norms)
    low = np.where(known, record.norms, np.inf).min(axis=1)
    high = np.where(known, record.norms, -np.inf).max(axis=1)
    means = record.means
    there = np.isfinite(means)
    style = theme.LineStyle(theme.RESIDUAL, "solid", 3.5)
    line = Line(lengths[there], means[there], say("one path"), style, low[there], high[there])
    figure = line_figure(
        [line], log_scale([record.norms], least=-20),
        say("Branches that the path passes"), say("Gradient norm of one path"), say,
    )  # fmt: skip
    figure.update_xaxes(range=[-0.5, len(record.counts) - 0.5])
    return theme.finish(figure)


def spread_of(shares: np.ndarray, part: float = 0.9) -> tuple[int, int]:
    """The lengths between which the middle `part` of the shares lies."""
    sums = np.cumsum(shares)
    if not sums.size or sums[-1] <= 0:
        return 0, max(0, len(shares) - 1)
    cut = (1 - part) / 2 * sums[-1]
    return int(np.searchsorted(sums, cut)), int(np.searchsorted(sums, sums[-1] - cut))


def paths_alt(record: GradientPathsReport, say: Say = str) -> str:
    """Both distributions in words."""
    few, many = spread_of(record.contributions)
    short, long = spread_of(record.path_shares)
    words = say(
        "Nine tenths of the gradient come through {few} to {many} branches; nine tenths of all paths pass "
        "{short} to {long}."
    )
    return words.format(few=few, many=many, short=short, long=long)


def paths_table(record: GradientPathsReport, say: Say = str) -> list[dict[str, object]]:
    """One row per length."""
    return [
        {
            say("Branches passed"): length,
            say("Paths"): f"{count:,}",
            say("Mean norm of one"): plain_number(float(mean)),
            say("Share of all paths"): percent(float(share)),
            say("Share of the gradient"): percent(float(contribution)),
        }
        for length, (count, mean, share, contribution) in enumerate(
            zip(record.counts, record.means, record.path_shares, record.contributions, strict=True)
        )
        if np.isfinite(mean)
    ]
