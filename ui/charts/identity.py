"""Charts of stacks that learn to copy: the error against depth, and the copies themselves."""

import numpy as np
import plotly.graph_objects as go
from plotly.colors import make_colorscale

from resnet_core.records.depth import IdentityReport
from ui.charts import against_depth, theme
from ui.charts.against_depth import DepthLine
from ui.charts.labels import Say, plain_number
from ui.charts.seeds import band

FLOOR, CEILING = 1e-4, 10.0  # of the error axis; what lies outside is drawn at the edge
_GAP = 2  # pixels of a digit between two pictures


def copy_error(record: IdentityReport, say: Say = str) -> go.Figure:
    """Error of the copy against the number of layers, each stack at its best learning rate, both axes logarithmic.

    Solid with BatchNorm, dashed without; 1 is what the mean picture would get.
    """
    lines = [DepthLine(label, record.best[place], style) for place, label, style in stacks(say)]
    figure = against_depth.draw(record.depths, lines, (FLOOR, CEILING), ":.2g", log=True)
    figure.add_hline(y=1.0, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=say("mean picture"), x=0, xref="paper", xanchor="left", xshift=4, y=0, yref="y",
        yanchor="bottom", showarrow=False,
    )  # fmt: skip
    figure.update_xaxes(title_text=say("Fully connected layers"))
    ticks = [10.0**power for power in range(-4, 2)]
    names = [f"{tick:g}" for tick in ticks]
    figure.update_yaxes(
        type="log", range=[np.log10(FLOOR), np.log10(CEILING)], tickvals=ticks, ticktext=names,
        title_text=say("Error of the copy (1: variance)"),
    )  # fmt: skip
    return theme.finish(figure)


def copies(record: IdentityReport, say: Say = str) -> go.Figure:
    """A test picture on the left, and what each stack makes of it, one row per kind and one column per depth."""
    side = record.picture.shape[0]
    pitch = side + _GAP
    rows, columns = len(stacks(say)), len(record.depths) + 1
    wall = np.full((rows * pitch - _GAP, columns * pitch - _GAP), np.nan)
    for row, (place, *_) in enumerate(stacks(say)):
        for column, picture in enumerate((record.picture, *record.copies[place])):
            wall[row * pitch : row * pitch + side, column * pitch : column * pitch + side] = picture
    figure = theme.blank(150 + 62 * rows)
    figure.add_heatmap(
        z=wall,
        zmin=0,
        zmax=1,
        colorscale=make_colorscale(theme.MAGNITUDE),
        showscale=False,
        hoverinfo="skip",
        xgap=0,
        ygap=0,
    )
    middles = [place * pitch + (side - 1) / 2 for place in range(max(rows, columns))]
    figure.update_xaxes(
        tickvals=middles[:columns], ticktext=[say("input"), *map(str, record.depths)], side="top",
        title_text=say("Fully connected layers"), constrain="domain",
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=middles[:rows], ticktext=[label for _, label, _ in stacks(say)], autorange="reversed", scaleanchor="x",
        constrain="domain", showgrid=False,
    )  # fmt: skip
    return theme.finish(figure)


def stacks(say: Say = str) -> list[tuple[tuple[int, int], str, theme.LineStyle]]:
    """Place in the record, name and line of each kind of stack."""
    return [
        ((0, 0), say("plain + BN"), theme.LineStyle(theme.PLAIN, "solid", 3.5)),
        ((0, 1), say("plain, no BN"), theme.LineStyle(theme.PLAIN, "dash", 3.5)),
        ((1, 0), say("residual + BN"), theme.LineStyle(theme.RESIDUAL, "solid", 3.5)),
        ((1, 1), say("residual, no BN"), theme.LineStyle(theme.RESIDUAL, "dash", 3.5)),
    ]


def copy_alt(record: IdentityReport, say: Say = str) -> str:
    """The curves in words: the first and the last depth of each kind."""
    words = say("{label}: error {first} with {shallow} layers, {last} with {deep}")
    parts = []
    for place, label, _ in stacks(say):
        middle = band(record.best[place].T).middle
        first, last = plain_number(float(middle[0])), plain_number(float(middle[-1]))
        parts.append(
            words.format(label=label, first=first, last=last, shallow=record.depths[0], deep=record.depths[-1])
        )
    return say("Error of the copy against depth.") + " " + "; ".join(parts) + "."


def copies_alt(record: IdentityReport, say: Say = str) -> str:
    """What the pictures show, in words."""
    return say("A test picture of a digit, and what each stack makes of it.") + " " + copy_alt(record, say)


def copy_table(record: IdentityReport, say: Say = str) -> list[dict[str, object]]:
    """One row per stack: the error at the best learning rate, in training and on test pictures."""
    rows = []
    for place, label, _ in stacks(say):
        for depth, layers in enumerate(record.depths):
            here = (*place, depth)
            rate = record.best_rate(here)
            tests = np.full(1, np.nan) if rate is None else record.tests[here][rate]
            rows.append(
                {
                    say("Layers"): layers,
                    say("Network"): label,
                    say("Best learning rate"): None if rate is None else record.rates[rate],
                    say("Error in training"): _middle(record.best[here]),
                    say("Error on test pictures"): _middle(tests),
                    say("Diverged"): int(record.diverged[here].sum()),
                }
            )
    return rows


def _middle(values: np.ndarray) -> float | None:
    present = values[np.isfinite(values)]
    return float(f"{np.median(present):.3g}") if present.size else None
