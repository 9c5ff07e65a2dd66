"""What a layer looks for: its kernels, and the crops that excite its units."""

import math

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import make_colorscale

from resnet_core.records.inside import FilterLayer, FilterReport
from ui.charts import theme
from ui.charts.labels import Say, layer_label, percent, plain_number
from ui.charts.png import data_uri
from ui.charts.sketch import Sketch
from ui.charts.tiles import Pixels, centres, coloured, montage, shown

MOST = 8  # kernels across and down
HEIGHT = 420  # pixels of the purity figure
_TALL = 470  # pixels of the crops


def kernel_tiles(layer: FilterLayer, say: Say = str) -> go.Figure:
    """Kernels of a layer's last convolution, one tile each, zero in the middle of the colours.

    Each row is an output channel and each column an input channel. Those of a single input stand in rows of four, and
    those of three colours are drawn as colours, gray for 0.
    """
    limit = float(np.abs(layer.kernels).max())
    if layer.kernels.shape[1] == 3:
        tiles = [[_colour_kernel(kernel, limit) for kernel in row] for row in _rows_of_four(layer.kernels)]
    elif layer.kernels.shape[1] == 1:
        tiles = [[coloured(kernel[0], limit, signed=True) for kernel in row] for row in _rows_of_four(layer.kernels)]
    else:
        rows = layer.kernels[:MOST, :MOST]
        tiles = [[coloured(kernel, limit, signed=True) for kernel in row] for row in rows]
    picture = montage(tiles, gap=0.25)
    height, width, _ = picture.shape
    figure = theme.blank(min(_TALL, 110 + 420 * height // width), top=84)
    figure.add_image(source=data_uri(picture), hoverinfo="skip")
    if layer.kernels.shape[1] != 3:
        _add_bar(figure, limit, say("weight"))
    _hide_axes(figure, width, height)
    return figure.figure()


def kernels_alt(layer: FilterLayer, say: Say = str) -> str:
    """The kernels in words: how many, how large, from where to where their weights go."""
    outputs, inputs, height, width = layer.kernels.shape
    shown_inputs = inputs if inputs in (1, 3) else min(MOST, inputs)
    return say(
        "Kernels of {layer}, {height} by {width} pixels, for {outputs} outputs and {inputs} inputs; weights from {low} "
        "to {high}."
    ).format(
        layer=layer_label(layer.convolution, say),
        height=height,
        width=width,
        outputs=outputs if inputs in (1, 3) else min(MOST, outputs),
        inputs=shown_inputs,
        low=plain_number(float(layer.kernels.min())),
        high=plain_number(float(layer.kernels.max())),
    )


def crop_tiles(report: FilterReport, layer: FilterLayer, say: Say = str) -> go.Figure:
    """The crops that excite each unit most, one unit per row, strongest on the left. Beyond the picture is left empty.

    A unit that answers to nothing has an empty row.
    """
    units, crops = layer.values.shape
    rows = [[_crop(report, layer, unit, crop) for crop in range(crops)] for unit in range(units)]
    picture = montage(rows, gap=0.15)
    height, width, _ = picture.shape
    figure = theme.blank(_TALL, top=12)
    figure.add_image(source=data_uri(picture), hoverinfo="skip")
    across, down = centres(crops, width, 0.15), centres(units, height, 0.15)
    figure.add_scatter(
        x=[across[crop] for _ in range(units) for crop in range(crops)],
        y=[down[unit] for unit in range(units) for _ in range(crops)],
        mode="markers",
        marker={"size": 30, "opacity": 0},
        text=[_crop_words(report, layer, unit, crop, say) for unit in range(units) for crop in range(crops)],
        hovertemplate="%{text}<extra></extra>",
    )
    common = {"showgrid": False, "constrain": "domain"}
    figure.update_xaxes(
        **common, range=[0, width], tickvals=across, ticktext=[str(crop + 1) for crop in range(crops)],
        title_text=say("Crops, the most exciting first"),
    )  # fmt: skip
    figure.update_yaxes(
        **common, range=[height, 0], tickvals=down, ticktext=[str(unit + 1) for unit in range(units)],
        title_text=say("Unit (channel)"), scaleanchor="x", constraintoward="top",
    )  # fmt: skip
    theme.finish(figure)
    figure.update_yaxes(showgrid=False)
    return figure.figure()


def crops_alt(report: FilterReport, layer: FilterLayer, say: Say = str) -> str:
    """The crops in words: the commonest class of each unit's."""
    words = say("unit {unit}: {class_name} {count} of {crops}")
    parts = []
    for unit, labels in enumerate(layer.labels):
        counts = np.bincount(labels, minlength=len(report.classes))
        parts.append(
            words.format(
                unit=unit + 1, class_name=report.classes[counts.argmax()], count=counts.max(), crops=len(labels)
            )
        )
    start = say("The crops that excite each unit of {layer} most, and their commonest class:")
    return start.format(layer=layer_label(layer.name, say)) + " " + "; ".join(parts) + "."


def purity_lines(report: FilterReport, say: Say = str) -> go.Figure:
    """How much of a unit's crops come from one class, layer by layer: now, before training, and by lot."""
    labels = [say("Stem"), *(str(layer) for layer in range(1, len(report.layers)))]
    figure = theme.blank(HEIGHT, top=60)
    shares = [layer.purity_before if report.steps else layer.purity for layer in report.layers]
    curves = [(say("before training"), shares, theme.QUIET)]
    if report.steps:
        name = say("after {steps} steps").format(steps=report.steps)
        curves.append((name, [layer.purity for layer in report.layers], theme.BAR))
    for name, values, colour in curves:
        figure.add_scatter(
            x=labels, y=values, name=name, mode="lines+markers", line={"color": colour, "width": 3.5},
            marker={"size": 10}, hovertemplate=f"{name}<br>%{{x}}: <b>%{{y:.0%}}</b><extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=labels, y=[report.chance] * len(labels), name=say("drawn by lot"), mode="lines", hoverinfo="skip",
        line={"color": theme.QUIET, "width": 2, "dash": "dot"},
    )  # fmt: skip
    figure.update_layout(showlegend=True)
    figure.update_xaxes(type="category", title_text=say("End of stage"))
    figure.update_yaxes(title_text=say("Crops of one class"), range=[0, 1.02], tickformat=".0%")
    return theme.finish(figure)


def purity_alt(report: FilterReport, say: Say = str) -> str:
    """The lines in words."""
    words = say("{layer}: {now}, before training {before}")
    parts = [
        words.format(layer=layer_label(layer.name, say), now=percent(layer.purity), before=percent(layer.purity_before))
        for layer in report.layers
    ]
    start = say("Share of a unit's strongest crops that are of one class; by lot {chance}.")
    return start.format(chance=percent(report.chance)) + " " + "; ".join(parts) + "."


def purity_table(report: FilterReport, say: Say = str) -> list[dict[str, object]]:
    """One row per layer."""
    return [
        {
            say("Layer"): layer_label(layer.name, say),
            say("A unit sees (pixels)"): layer.field,
            say("Crops of one class"): percent(layer.purity),
            say("Before training"): percent(layer.purity_before),
            say("By lot"): percent(report.chance),
        }
        for layer in report.layers
    ]


def _crop(report: FilterReport, layer: FilterLayer, unit: int, crop: int) -> Pixels:
    side = layer.crops.shape[2]
    row, column = (int(place) for place in layer.corners[unit, crop])
    down, across = np.arange(row, row + side), np.arange(column, column + side)
    inside = ((down >= 0) & (down < report.size))[:, None] & ((across >= 0) & (across < report.size))[None, :]
    return shown(layer.crops[unit, crop], inside & (layer.values[unit, crop] > 0))


def _crop_words(report: FilterReport, layer: FilterLayer, unit: int, crop: int, say: Say) -> str:
    value = float(layer.values[unit, crop])
    if not math.isfinite(value) or value <= 0:
        return say("unit {unit}: nothing excites it").format(unit=unit + 1)
    return say("unit {unit}, crop {crop}: {class_name}<br>activation {value}").format(
        unit=unit + 1,
        crop=crop + 1,
        class_name=report.classes[layer.labels[unit, crop]],
        value=plain_number(value),
    )


def _rows_of_four(kernels: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return [kernels[first : first + 4] for first in range(0, len(kernels), 4)]


def _colour_kernel(kernel: NDArray[np.float32], limit: float) -> Pixels:
    share = 0.5 + kernel.transpose(1, 2, 0) / (2 * limit or 1.0)
    return shown((255 * np.clip(np.nan_to_num(share), 0, 1)).round().astype(np.uint8))


def _add_bar(figure: Sketch, limit: float, title: str) -> None:
    """A colour bar needs a trace with colours: one that shows nothing else."""
    bar = {
        "orientation": "h", "y": 1.0, "yanchor": "bottom", "len": 0.8, "thickness": 14, "nticks": 5,
        "tickfont": {"size": theme.FONT_SIZE},
        "title": {"text": title, "side": "top", "font": {"size": theme.FONT_SIZE}},
    }  # fmt: skip
    colours = make_colorscale(theme.SIGNED)
    limit = limit or 1.0
    marker = {"color": [0], "cmin": -limit, "cmax": limit, "colorscale": colours, "showscale": True, "colorbar": bar}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip")


def _hide_axes(figure: Sketch, width: int, height: int) -> None:
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain", fixedrange=True)
    figure.update_yaxes(
        visible=False, range=[height, 0], scaleanchor="x", constrain="domain", constraintoward="top", fixedrange=True
    )
