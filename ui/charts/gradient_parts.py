"""Charts of the formula: what arrives at each block, what the shortcut carries, what the branch adds."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from resnet_core import ResNetConfig
from resnet_core.records.gradient_parts import BlockGradients
from ui.charts import line_ends, theme
from ui.charts.labels import Say, layer_label, number_in_words, percent, plain_number
from ui.charts.lines import HEIGHT, Line, Scale, line_figure, log_scale, reference
from ui.charts.roles import ROLES
from ui.charts.sketch import Sketch

EXACT = 1e-5  # relative error at or below which two numbers agree to float precision
_TINY = -8  # exponent of the lowest line: a relative error that float32 cannot tell from 0
_BINS = 60

Measured = Sequence[tuple[ResNetConfig, BlockGradients]]


def variant_label(config: ResNetConfig, say: Say = str) -> str:
    """What the figures call a network: its version, and what goes around a block."""
    words = {
        "none": say("{version}, plain"),
        "A": say("{version}, identity"),
        "B": say("{version}, option B"),
        "C": say("{version}, projections"),
    }[config.shortcut]
    return words.format(version=config.version)


def variant_styles(configs: Sequence[ResNetConfig]) -> list[theme.LineStyle]:
    """Vermilion without shortcuts, shades of blue with them, dashed without BatchNorm."""
    shades = {("v2", "A"): theme.RESIDUAL, ("v1", "A"): "#004A75", ("v2", "C"): "#64B5E6"}
    styles = []
    for config in configs:
        colour = theme.PLAIN if config.is_plain else shades.get((config.version, config.shortcut), "#A8D5F2")
        styles.append(theme.LineStyle(colour, "solid" if config.norm == "batch" else "dash", 3))
    return styles


def parts_profile(found: BlockGradients, say: Say = str) -> go.Figure:
    """Norms at every block of one network: what arrives, its part through each way, and what leaves."""
    blocks, names = _blocks(found, say)
    series = [
        (found.arriving, say("arrives"), theme.LineStyle(theme.QUIET, "solid", 5)),
        (found.total, say("leaves"), theme.LineStyle(ROLES["total"], "solid", 2.5)),
        (found.skip, say("through the shortcut"), theme.LineStyle(ROLES["shortcut"], "solid", 3)),
        (found.branch, say("through the branch"), theme.LineStyle(ROLES["branch"], "dash", 3)),
    ]
    drawn = [Line(blocks, y, label, style, names=names) for y, label, style in series if np.isfinite(y).any()]
    title = say("Gradient at the block (L2 norm)")
    figure = line_figure(drawn, log_scale([line.y for line in drawn]), _block_title(say), title, say)
    return theme.finish(figure)


def formula_errors(measured: Measured, say: Say = str) -> go.Figure:
    """How far the formula is off at every block, as a share of the gradient that leaves; exact ones on the floor."""
    pairs = _with_shortcuts(measured)
    styles = variant_styles([config for config, _ in pairs])
    lines = []
    for (config, found), style in zip(pairs, styles, strict=True):
        blocks, names = _blocks(found, say)
        error = np.where(found.formula_error < 10.0**_TINY, 0, found.formula_error)
        lines.append(Line(blocks, error, variant_label(config, say), style, names=names))
    scale = Scale(_TINY, 1, log=True, floor=True)
    title = say("Formula off by (share of the gradient)")
    figure = line_figure(lines, scale, _block_title(say), title, say)
    reference(figure, EXACT, say("below: exact"), log=True, above=False)
    return theme.finish(figure)


def part_angles(measured: Measured, say: Say = str) -> go.Figure:
    """Cosine between the two parts at every block: 1 the same direction, 0 a right angle, -1 opposed."""
    pairs = _with_shortcuts(measured)
    styles = variant_styles([config for config, _ in pairs])
    lines = []
    for (config, found), style in zip(pairs, styles, strict=True):
        blocks, names = _blocks(found, say)
        lines.append(Line(blocks, found.cosine, variant_label(config, say), style, names=names))
    title = say("Cosine between the two parts")
    figure = line_figure(lines, Scale(-1.05, 1.05), _block_title(say), title, say)
    reference(figure, 0.0, say("right angle"))
    reference(figure, -1.0, say("opposed"))
    return theme.finish(figure)


def factor_histogram(measured: Measured, say: Say = str, *, whole: bool = False) -> go.Figure:
    """How often each factor occurs: |dL/dx| over |dL/dy| image by image, at single blocks or through all of them.

    One row per network, each to its own height; a vertical tick marks the smallest factor.
    """
    values = [(found.whole if whole else found.factors).astype(np.float64) for _, found in measured]
    scale = log_scale([*values, np.array([0.1, 10.0])], least=-12)
    edges = np.linspace(scale.low, scale.high, _BINS + 1)
    labels = [variant_label(config, say) for config, _ in measured]
    styles = variant_styles([config for config, _ in measured])
    figure = theme.blank(HEIGHT, right=line_ends.margin(labels))
    ends = []
    for row, (factors, label, style) in enumerate(zip(values, labels, styles, strict=True)):
        base = len(labels) - 1.0 - row
        _draw_row(figure, factors, edges, base, label, style, say)
        ends.append(line_ends.LineEnd((base + 0.35) / len(labels), label, style._replace(dash="solid")))
    line_ends.write(figure, ends, HEIGHT - 70)
    x_title = say("Factor through all blocks") if whole else say("Factor at one block, |∂L/∂x| over |∂L/∂y|")
    figure.update_xaxes(title_text=x_title, **scale.axis())
    title = say("Images") if whole else say("Images and blocks")
    figure.update_yaxes(title_text=title, range=[-0.05, len(labels)], showticklabels=False, showgrid=False)
    middle = {"xref": "x", "x0": 1, "x1": 1, "yref": "y domain", "y0": 0, "y1": 1}
    figure.update_layout(shapes=[middle | {"type": "line", "line": {"color": theme.QUIET, "width": 2, "dash": "dot"}}])
    return theme.finish(figure)


def _draw_row(
    figure: Sketch, factors: np.ndarray, edges: np.ndarray, base: float, label: str, style: theme.LineStyle, say: Say
) -> None:
    shares, zeros = factor_shares(factors, edges)
    height = 0.8 / (float(shares.max()) or 1.0)
    figure.add_scatter(
        x=10 ** np.repeat(edges, 2), y=base + height * np.concatenate([[0], np.repeat(shares, 2), [0]]), name=label,
        mode="lines", line={"color": style.colour, "width": 1.5}, fill="toself",
        fillcolor=theme.see_through(style.colour, 0.35), hoverinfo="skip",
    )  # fmt: skip
    smallest = _least(factors)
    if math.isfinite(smallest):
        at = smallest if smallest > 0 else 10.0 ** edges[0]
        words = say("smallest: {smallest}").format(smallest=plain_number(smallest))
        if zeros:
            words += " · " + say("{zeros} are 0").format(zeros=percent(zeros))
        figure.add_scatter(
            x=[at], y=[base], name=label, meta="smallest", mode="markers",
            marker={"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": style.colour}},
            hovertemplate=f"{label}<br><b>{words}</b><extra></extra>",
        )  # fmt: skip


def factor_shares(factors: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, float]:
    """Share of all finite factors in each bin of exponents, and the share that is exactly 0."""
    known = factors[np.isfinite(factors)].astype(float)
    if known.size == 0:
        return np.zeros(len(edges) - 1), 0.0
    exponents = np.clip(np.log10(known[known > 0]), edges[0], edges[-1])
    return np.histogram(exponents, edges)[0] / known.size, float((known == 0).mean())


def parts_alt(measured: Measured, say: Say = str) -> str:
    """The networks in words: branch beside shortcut, error of the formula, smallest factor."""
    words = say("{label}: branch over shortcut {part}, formula off by {error}, smallest factor {smallest}")
    parts = [
        words.format(
            label=variant_label(config, say),
            part=number_in_words(_middle(_over(found.branch, found.skip)), say),
            error=number_in_words(_middle(found.formula_error), say),
            smallest=number_in_words(_least(found.factors), say),
        )
        for config, found in measured
    ]
    return say("The gradient at every block, in medians.") + " " + "; ".join(parts) + "."


def parts_table(found: BlockGradients, say: Say = str) -> list[dict[str, object]]:
    """One row per block of one network."""
    columns = {
        say("Arrives"): found.arriving,
        say("Through the shortcut"): found.skip,
        say("Through the branch"): found.branch,
        say("Leaves"): found.total,
        say("Cosine"): found.cosine,
        say("Both parts, off by"): found.sum_error,
        say("Formula, off by"): found.formula_error,
        say("Smallest factor"): np.nanmin(np.where(np.isfinite(found.factors), found.factors, np.inf), axis=1),
    }
    rows: list[dict[str, object]] = []
    for row, block in enumerate(found.blocks):
        numbers: dict[str, object] = {name: _number(float(values[row])) for name, values in columns.items()}
        rows.append({say("Block"): layer_label(block, say)} | numbers)
    return rows


def _with_shortcuts(measured: Measured) -> list[tuple[ResNetConfig, BlockGradients]]:
    return [(config, found) for config, found in measured if config.shortcut != "none"]


def _blocks(found: BlockGradients, say: Say) -> tuple[np.ndarray, list[str]]:
    return np.arange(1, len(found.blocks) + 1, dtype=float), [layer_label(block, say) for block in found.blocks]


def _block_title(say: Say) -> str:
    return say("Block, from the input")


def _over(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return one / other


def _middle(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else math.nan


def _least(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.min()) if known.size else math.nan


def _number(value: float) -> str:
    return "–" if math.isnan(value) else plain_number(value)
