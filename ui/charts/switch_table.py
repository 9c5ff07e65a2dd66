"""The table of three switches as a picture: how the gradient changes on its way to the input."""

import math

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.gradient_table import GradientTableReport, Switches
from ui.charts import theme
from ui.charts.labels import Say, number_in_words, plain_number, power_of_ten

HEIGHT = 560  # pixels
VANISHES = 1e-2  # first over last convolution: at or below this we say it vanishes
EXPLODES = 1e2  # at or above this we say it explodes
_FARTHEST = 7  # decades from 1 at which the colour is full
_READABLE = 1e-3, 1e4  # ratios that are written out; others as a power of ten
_SCALE = [(place / (len(theme.SIGNED) - 1), colour) for place, colour in enumerate(theme.SIGNED)]


def switches_label(switches: Switches, say: Say = str) -> str:
    """One setting in words: kind, BatchNorm, initialisation."""
    words = {
        (False, True): say("plain, BN, {init}"),
        (False, False): say("plain, no BN, {init}"),
        (True, True): say("residual, BN, {init}"),
        (True, False): say("residual, no BN, {init}"),
    }[switches.skip, switches.norm]
    return words.format(init=say("He") if switches.he else say("default"))


def ratio_word(ratio: float, loss: float, say: Say = str) -> str:
    """What to call a ratio; empty where nothing is measured yet."""
    if math.isnan(ratio) or math.isinf(ratio):
        return say("not finite") if math.isinf(loss) or math.isinf(ratio) else ""
    if ratio <= VANISHES:
        return say("vanishes")
    return say("explodes") if ratio >= EXPLODES else say("even")


def median_ratios(record: GradientTableReport) -> np.ndarray:
    """Median over the seeds that are there, (rows, depths)."""
    ratios = record.ratios
    known = np.isfinite(ratios).any(axis=2)
    middles = np.full(known.shape, np.nan)
    if known.any():
        middles[known] = np.nanmedian(np.where(np.isfinite(ratios), ratios, np.nan)[known], axis=1)
    return middles


def switch_table(record: GradientTableReport, say: Say = str) -> go.Figure:
    """First over last convolution's gradient norm at initialisation: a row per setting, a column per depth.

    Green cells grow towards the input, purple ones shrink, and white ones stay; the colour is full at seven decades.
    """
    middles = median_ratios(record)
    words = [
        [_cell(ratio, loss, say) for ratio, loss in zip(row, row_losses, strict=True)]
        for row, row_losses in zip(middles, _worst(record), strict=True)
    ]
    return _cells(record, middles, words, [str(depth) for depth in record.depths], say("Depth (layers)"), say)


def _cells(
    record: GradientTableReport,
    ratios: np.ndarray,
    words: list[list[str]],
    columns: list[str],
    title: str,
    say: Say,
) -> go.Figure:
    with np.errstate(divide="ignore"):
        decades = np.clip(np.log10(ratios), -_FARTHEST, _FARTHEST)
    figure = theme.blank(HEIGHT)
    figure.add_heatmap(
        z=decades, x=columns, y=[_in_two_lines(switches_label(switches, say)) for switches in record.rows], text=words,
        texttemplate="%{text}", textfont={"size": theme.FONT_SIZE}, zmin=-_FARTHEST, zmax=_FARTHEST, colorscale=_SCALE,
        showscale=False, xgap=3, ygap=3, hoverongaps=False,
        customdata=[[number_in_words(float(ratio), say) for ratio in row] for row in ratios],
        hovertemplate="%{y}, %{x}<br><b>%{customdata}</b><extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title_text=title, type="category", side="top")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return theme.finish(figure)


def switch_alt(record: GradientTableReport, say: Say = str) -> str:
    """Every row in words."""
    words = say("{label}: {cells}")
    parts = [
        words.format(
            label=switches_label(switches, say),
            cells=", ".join(number_in_words(float(ratio), say) for ratio in row),
        )
        for switches, row in zip(record.rows, median_ratios(record), strict=True)
    ]
    depths = " / ".join(map(str, record.depths))
    text = say("First over last convolution's gradient norm at {depths} layers.").format(depths=depths)
    return text + " " + "; ".join(parts) + "."


def switch_numbers(record: GradientTableReport, say: Say = str) -> list[dict[str, object]]:
    """One row per setting and depth: ratio over the seeds, the two norms, and the first loss."""
    rows: list[dict[str, object]] = []
    for place, depth in enumerate(record.depths):
        for row, switches in enumerate(record.rows):
            ratios = record.ratios[row, place]
            rows.append(
                {
                    say("Setting"): switches_label(switches, say),
                    say("Depth (layers)"): depth,
                    say("First over last (median)"): plain_number(float(median_ratios(record)[row, place])),
                    say("Smallest"): plain_number(float(ratios.min())),
                    say("Largest"): plain_number(float(ratios.max())),
                    say("First convolution's norm"): plain_number(float(np.median(record.first[row, place]))),
                    say("Last convolution's norm"): plain_number(float(np.median(record.last[row, place]))),
                    say("Loss of the first batch"): plain_number(float(np.median(record.losses[row, place]))),
                }
            )
    return rows


def training_table(record: GradientTableReport, say: Say = str) -> go.Figure:
    """The same ratio in training at one depth, as its nearest exponent of ten. Steps double from column to column."""
    words = [
        [_exponent(ratio, loss) for ratio, loss in zip(row, row_losses, strict=True)]
        for row, row_losses in zip(record.trained_ratios, record.trained_losses, strict=True)
    ]
    steps = [str(step) for step in record.steps]
    return _cells(record, record.trained_ratios, words, steps, say("Optimiser steps taken"), say)


def training_alt(record: GradientTableReport, say: Say = str) -> str:
    """Every row in words: first and last."""
    words = say("{label}: from {first} to {last}")
    parts = [
        words.format(
            label=switches_label(switches, say),
            first=number_in_words(float(row[0]), say),
            last=number_in_words(float(row[-1]), say),
        )
        for switches, row in zip(record.rows, record.trained_ratios, strict=True)
    ]
    text = say("First over last convolution's gradient norm in training at {depth} layers.")
    return text.format(depth=record.trained_depth) + " " + "; ".join(parts) + "."


def training_numbers(record: GradientTableReport, say: Say = str) -> list[dict[str, object]]:
    """One row per setting: the ratio after each number of steps, and the loss of the last batch."""
    rows: list[dict[str, object]] = []
    for row, switches in enumerate(record.rows):
        numbers: dict[str, object] = {say("Setting"): switches_label(switches, say)}
        for step, ratio in zip(record.steps, record.trained_ratios[row], strict=True):
            numbers[say("step {step}").format(step=step)] = number_in_words(float(ratio), say)
        numbers[say("Loss at the end")] = number_in_words(float(record.trained_losses[row, -1]), say)
        rows.append(numbers)
    return rows


def _cell(ratio: float, loss: float, say: Say) -> str:
    word = ratio_word(ratio, loss, say)
    if not word or not math.isfinite(ratio):
        return word
    short = _READABLE[0] <= ratio < _READABLE[1] or ratio == 0
    return f"{plain_number(ratio) if short else power_of_ten(round(math.log10(ratio)))}<br>{word}"


def _exponent(ratio: float, loss: float) -> str:
    """Nearest power of ten without its base, so that seven fit beside one another on a phone."""
    if not math.isfinite(ratio):
        return "✕" if math.isinf(loss) or math.isinf(ratio) else ""
    return f"{round(math.log10(ratio))}".replace("-", "−") if ratio > 0 else "−∞"


def _worst(record: GradientTableReport) -> np.ndarray:
    """Infinite where a loss overflowed, else a number or NaN, (rows, depths)."""
    return np.where(np.isinf(record.losses).any(axis=2), np.inf, record.losses.min(axis=2))


def _in_two_lines(label: str) -> str:
    head, _, tail = label.rpartition(", ")
    return f"{head},<br>{tail}"
