"""Feature maps as pictures: every channel of a layer, or a block's two paths and their sum."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sample_colorscale, unlabel_rgb

from resnet_core.records import BlockAnatomy, LayerMaps
from ui.charts import theme
from ui.charts.labels import Say, layer_label, plain_number
from ui.charts.png import data_uri

Scale = Literal["unit", "layer", "network"]
_SIDE = 800  # pixels, about, of the wider side of a montage's picture


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
    """
    maps = layer.maps[:most].astype(float)
    low, high = limits if scale == "network" and limits else map_limits([layer])
    shades = np.stack([_shade(one, *_range(one)) for one in maps]) if scale == "unit" else _shade(maps, low, high)
    columns = columns or math.ceil(math.sqrt(len(maps)))
    rows = math.ceil(len(maps) / columns)
    picture = _tiled(shades, columns, rows, signed=low < 0)
    height, width, _ = picture.shape
    figure = theme.blank(min(620, 110 + 500 * height // width), top=84)
    figure.add_image(source=data_uri(picture), hoverinfo="skip")
    _add_hover(figure, maps, (columns, rows), (width, height), say)
    _add_bar(figure, (low, high), scale, say)
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain")
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x", constrain="domain", constraintoward="top")
    return figure


def map_limits(layers: Sequence[LayerMaps]) -> tuple[float, float]:
    """The range that all these maps share: from 0 up, or as far below zero as above where there are negative values."""
    low = min((float(layer.maps.min(initial=0.0)) for layer in layers), default=0.0)
    high = max((float(layer.maps.max(initial=0.0)) for layer in layers), default=0.0)
    return _balanced(low, high)


def maps_alt(layer: LayerMaps, say: Say = str, *, most: int = 64) -> str:
    """A montage in words: how many maps, their size, how much of them is zero."""
    words = say(
        "{shown} of {channels} feature maps of {layer}, {height} by {width} pixels each; values from {low} to {high}, "
        "{zero} of them exactly zero."
    )
    channels, height, width = layer.maps.shape
    return words.format(
        shown=min(most, channels),
        channels=channels,
        layer=layer_label(layer.name, say),
        height=height,
        width=width,
        low=plain_number(float(layer.maps.min())),
        high=plain_number(float(layer.maps.max())),
        zero=f"{100 * float((layer.maps == 0).mean()):.0f}%",
    )


def anatomy(block: BlockAnatomy, channel: int = 0, say: Say = str) -> go.Figure:
    """x, F(x) and their sum for one channel, on one scale with zero in the middle. A plain block has F(x) only."""
    parts = _parts(block, channel, say)
    limit = max((float(np.abs(values).max(initial=0.0)) for _, values in parts), default=0.0) or 1.0
    figure = theme.blank(420, top=120)
    for index, (title, values) in enumerate(parts, start=1):
        axis = "" if index == 1 else str(index)
        figure.add_heatmap(
            z=values,
            coloraxis="coloraxis",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
            name=title,
            hovertemplate=f"{title}<br><b>%{{z:.3g}}</b><extra></extra>",
        )
        _place_panel(figure, axis, index - 1, len(parts), values.shape)
        figure.add_annotation(
            text=f"<b>{title}</b>", x=_centre(index - 1, len(parts)), y=1, xref="paper", xanchor="center", yref="paper",
            yanchor="bottom", showarrow=False, font_size=18,
        )  # fmt: skip
    figure.update_layout(
        coloraxis={"colorscale": theme.SIGNED, "cmin": -limit, "cmax": limit, "colorbar": _bar(say, 0.16)}
    )
    return figure


def anatomy_alt(block: BlockAnatomy, channel: int = 0, say: Say = str) -> str:
    """The three pictures in words: the range of each."""
    words = say("{part} from {low} to {high}")
    ranges = [
        words.format(part=title, low=plain_number(float(values.min())), high=plain_number(float(values.max())))
        for title, values in _parts(block, channel, say)
    ]
    start = say("{block}, channel {channel}:").format(block=layer_label(block.name, say), channel=channel + 1)
    return f"{start} " + "; ".join(ranges) + "."


def _parts(block: BlockAnatomy, channel: int, say: Say) -> list[tuple[str, NDArray[np.float32]]]:
    if block.shortcut is None:
        return [(say("F(x), no shortcut"), block.branch[channel])]
    same = block.x.shape == block.shortcut.shape and np.array_equal(block.x, block.shortcut)
    first = "x" if same else say("shortcut(x)")
    return [
        (first, block.shortcut[channel]),
        ("F(x)", block.branch[channel]),
        (f"{first} + F(x)", block.total[channel]),
    ]


def _place_panel(figure: go.Figure, axis: str, index: int, count: int, shape: tuple[int, ...]) -> None:
    width = 0.94 / count
    start = _centre(index, count) - width / 2
    common = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.update_layout(
        {
            f"xaxis{axis}": common | {"domain": [start, start + width], "anchor": f"y{axis}"},
            f"yaxis{axis}": common
            | {
                "range": [shape[0] - 0.5, -0.5],
                "constraintoward": "top",
                "scaleanchor": f"x{axis}",
                "anchor": f"x{axis}",
            },
        }
    )


def _centre(index: int, count: int) -> float:
    return (index + 0.5) / count


def _shade(maps: NDArray[np.float64], low: float, high: float) -> NDArray[np.uint8]:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (maps - low) / (high - low)
    return (255 * np.clip(np.nan_to_num(share), 0, 1)).round().astype(np.uint8)


def _range(one: NDArray[np.float64]) -> tuple[float, float]:
    return _balanced(min(float(one.min()), 0.0), max(float(one.max()), 0.0))


def _balanced(low: float, high: float) -> tuple[float, float]:
    if low < 0:
        high = max(-low, high)
        low = -high
    return low, high if high > low else low + 1.0


def _tiled(shades: NDArray[np.uint8], columns: int, rows: int, *, signed: bool) -> NDArray[np.uint8]:
    """Every map enlarged by a whole number, in rows, with see-through gaps."""
    _, height, width = shades.shape
    factor = max(1, _SIDE // (columns * (width + 1)))
    gap = max(2, round(0.06 * width * factor))
    table = _colours(theme.SIGNED if signed else theme.MAGNITUDE)
    canvas = np.zeros((rows * (height * factor + gap) - gap, columns * (width * factor + gap) - gap, 4), np.uint8)
    for index, one in enumerate(shades):
        row, column = divmod(index, columns)
        top, left = row * (height * factor + gap), column * (width * factor + gap)
        tile = table[np.kron(one, np.ones((factor, factor), np.uint8))]
        canvas[top : top + height * factor, left : left + width * factor] = tile
    return canvas


def _colours(scale: Sequence[str]) -> NDArray[np.uint8]:
    rgb = [unlabel_rgb(colour) for colour in sample_colorscale(list(scale), [index / 255 for index in range(256)])]
    return np.array([(*colour, 255) for colour in rgb]).round().astype(np.uint8)


def _add_hover(
    figure: go.Figure, maps: NDArray[np.float64], grid: tuple[int, int], size: tuple[int, int], say: Say
) -> None:
    columns, rows = grid
    words = say("channel {channel}<br>from {low} to {high}")
    figure.add_scatter(
        x=[(index % columns + 0.5) * size[0] / columns for index in range(len(maps))],
        y=[(index // columns + 0.5) * size[1] / rows for index in range(len(maps))],
        mode="markers",
        marker={"size": 30, "opacity": 0},
        text=[
            words.format(channel=index + 1, low=plain_number(float(one.min())), high=plain_number(float(one.max())))
            for index, one in enumerate(maps)
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _add_bar(figure: go.Figure, limits: tuple[float, float], scale: Scale, say: Say) -> None:
    """A colour bar needs a trace with colours: one that shows nothing else."""
    low, high = (-1.0, 1.0) if scale == "unit" and limits[0] < 0 else (0.0, 1.0) if scale == "unit" else limits
    bar = _bar(say)
    if scale == "unit":
        names = {-1.0: say("−its largest"), 0.0: "0", 1.0: say("its largest")}
        bar |= {"tickvals": [value for value in names if value >= low]}
        bar |= {"ticktext": [name for value, name in names.items() if value >= low]}
    colours = theme.SIGNED if low < 0 else theme.MAGNITUDE
    marker = {"color": [low], "cmin": low, "cmax": high, "colorscale": colours, "showscale": True, "colorbar": bar}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip")


def _bar(say: Say, above: float = 0.0) -> dict[str, object]:
    return {
        "orientation": "h",
        "y": 1.0 + above,
        "yanchor": "bottom",
        "len": 0.8,
        "thickness": 14,
        "nticks": 5,
        "tickfont": {"size": theme.FONT_SIZE},
        "title": {"text": say("activation"), "side": "top", "font": {"size": theme.FONT_SIZE}},
    }
