"""Every channel of a layer as a picture."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import make_colorscale, sample_colorscale, unlabel_rgb

from resnet_core.records import LayerMaps
from ui.charts import theme
from ui.charts.labels import Say, layer_label, percent, plain_number
from ui.charts.map_values import colour_bar, range_in_words, value_range
from ui.charts.png import indexed_uri
from ui.charts.sketch import Sketch

Scale = Literal["unit", "layer", "network"]
_SIDE = 800  # pixels, about, of the wider side of a montage's picture
_HOLE = 255  # the place of "see-through" among the colours of a map, which has the others for its shades


def maps_montage(
    layer: LayerMaps,
    scale: Scale = "layer",
    limits: tuple[float, float] | None = None,
    say: Say = str,
    *,
    most: int = 64,
    columns: int | None = None,
) -> go.Figure:
    """The first `most` channels of a layer in rows, counted from the upper left.

    `scale` says what shares one range of colours: each map by itself ("unit"), the layer ("layer"), or everything in
    `limits` ("network", see `map_limits`). Maps with negative values get the diverging colours, zero in the middle.
    Values that are not finite are left see-through, and the colour bar says so.
    """
    maps = layer.maps[:most].astype(float)
    low, high = limits if scale == "network" and limits else map_limits([layer])
    shades = (
        np.stack([_shade(one, *_balanced(*value_range(one))) for one in maps])
        if scale == "unit"
        else _shade(maps, low, high)
    )
    columns = columns or math.ceil(math.sqrt(len(maps)))
    rows = math.ceil(len(maps) / columns)
    picture = _tiled(np.where(np.isfinite(maps), shades, _HOLE).astype(np.uint8), columns, rows)
    height, width = picture.shape
    figure = theme.blank(min(620, 110 + 500 * height // width), top=84)
    figure.add_image(source=indexed_uri(picture, _colours(signed=low < 0)), hoverinfo="skip")
    _add_hover(figure, maps, (columns, rows), (width, height), say)
    _add_bar(figure, (low, high), scale, say, holes=not np.isfinite(maps).all())
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain")
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x", constrain="domain", constraintoward="top")
    return figure.figure()


def map_limits(layers: Sequence[LayerMaps]) -> tuple[float, float]:
    """The range that all these maps share: from 0 up, or as far below zero as above where there are negative values.

    Values that are not finite do not count.
    """
    ranges = [value_range(layer.maps) for layer in layers]
    return _balanced(min((low for low, _ in ranges), default=0.0), max((high for _, high in ranges), default=0.0))


def maps_alt(layer: LayerMaps, say: Say = str, *, most: int = 64) -> str:
    """A montage in words: how many maps, their size, how much of them is zero or not finite."""
    channels, height, width = layer.maps.shape
    finite = np.isfinite(layer.maps)
    present = layer.maps[finite]
    return _maps_words(float(finite.mean()), say).format(
        shown=min(most, channels),
        channels=channels,
        layer=layer_label(layer.name, say),
        height=height,
        width=width,
        low=plain_number(float(present.min())) if present.size else "",
        high=plain_number(float(present.max())) if present.size else "",
        zero=f"{100 * float((layer.maps == 0).mean()):.0f}%",
        broken=percent(1 - float(finite.mean())),
    )


def _maps_words(finite: float, say: Say) -> str:
    if finite == 1:
        return say(
            "{shown} of {channels} feature maps of {layer}, {height} by {width} pixels each; values from {low} to "
            "{high}, {zero} of them exactly zero."
        )
    if finite == 0:
        return say(
            "{shown} of {channels} feature maps of {layer}, {height} by {width} pixels each; not one value is finite, "
            "as in a network that has diverged."
        )
    return say(
        "{shown} of {channels} feature maps of {layer}, {height} by {width} pixels each; {broken} of the values are "
        "not finite, the others go from {low} to {high}, and {zero} of all are exactly zero."
    )


def _shade(maps: NDArray[np.float64], low: float, high: float) -> NDArray[np.uint8]:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (maps - low) / (high - low)
    return ((_HOLE - 1) * np.clip(np.nan_to_num(share), 0, 1)).round().astype(np.uint8)


def _balanced(low: float, high: float) -> tuple[float, float]:
    if low < 0:
        high = max(-low, high)
        low = -high
    return low, high if high > low else low + 1.0


def _tiled(shades: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    """Every map enlarged by a whole number, in rows, with see-through gaps."""
    _, height, width = shades.shape
    factor = max(1, _SIDE // (columns * (width + 1)))
    gap = max(2, round(0.06 * width * factor))
    canvas = np.full((rows * (height * factor + gap) - gap, columns * (width * factor + gap) - gap), _HOLE, np.uint8)
    for index, one in enumerate(shades):
        row, column = divmod(index, columns)
        top, left = row * (height * factor + gap), column * (width * factor + gap)
        enlarged = one.repeat(factor, axis=0).repeat(factor, axis=1)
        canvas[top : top + height * factor, left : left + width * factor] = enlarged
    return canvas


@cache
def _colours(*, signed: bool) -> NDArray[np.uint8]:
    scale = theme.SIGNED if signed else theme.MAGNITUDE
    rgb = [unlabel_rgb(colour) for colour in sample_colorscale(scale, [index / (_HOLE - 1) for index in range(_HOLE)])]
    return np.array([*((*colour, 255) for colour in rgb), (0, 0, 0, 0)]).round().astype(np.uint8)


def _add_hover(
    figure: Sketch, maps: NDArray[np.float64], grid: tuple[int, int], size: tuple[int, int], say: Say
) -> None:
    columns, rows = grid
    words = (
        say("channel {channel}<br>from {low} to {high}"),
        say("channel {channel}<br>not finite in places, else from {low} to {high}"),
        say("channel {channel}<br>not finite"),
    )
    figure.add_scatter(
        x=[(index % columns + 0.5) * size[0] / columns for index in range(len(maps))],
        y=[(index // columns + 0.5) * size[1] / rows for index in range(len(maps))],
        mode="markers",
        marker={"size": 30, "opacity": 0},
        text=[range_in_words(one, words, channel=index + 1) for index, one in enumerate(maps)],
        hovertemplate="%{text}<extra></extra>",
    )


def _add_bar(figure: Sketch, limits: tuple[float, float], scale: Scale, say: Say, *, holes: bool) -> None:
    """A colour bar needs a trace with colours: one that shows nothing else."""
    low, high = (-1.0, 1.0) if scale == "unit" and limits[0] < 0 else (0.0, 1.0) if scale == "unit" else limits
    bar = colour_bar(say, holes=holes)
    if scale == "unit":
        names = {-1.0: say("−its largest"), 0.0: "0", 1.0: say("its largest")}
        bar |= {"tickvals": [value for value in names if value >= low]}
        bar |= {"ticktext": [name for value, name in names.items() if value >= low]}
    colours = make_colorscale(theme.SIGNED if low < 0 else theme.MAGNITUDE)
    marker = {"color": [low], "cmin": low, "cmax": high, "colorscale": colours, "showscale": True, "colorbar": bar}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip")
