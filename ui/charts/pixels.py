"""Charts of a picture on its way through 1x1 convolutions: the picture, its channels, and one pixel's product."""

from functools import cache
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import make_colorscale, sample_colorscale, unlabel_rgb

from resnet_core.records.pixels import PixelMix
from ui.charts import theme
from ui.charts.labels import Say, plain_number
from ui.charts.map_values import value_range
from ui.charts.png import data_uri, indexed_uri
from ui.charts.sketch import Sketch

_UNIT = 100  # pixels of height for the side of a small tile
_ABOVE = 76  # pixels for the colour bar
_WIDTH = 3.16  # of a sheet, in sides of a small tile: three of them and two gaps
_GAP = 0.08
_TITLE = 0.3  # height of the words above a tile, in sides of a small tile
_SHADES = 256


class Tile(NamedTuple):
    """Where one picture stands on a sheet. Down is positive, as in pictures."""

    left: float
    top: float
    side: float
    name: str


def channel_sheet(record: PixelMix, step: int, pixel: tuple[int, int], say: Say = str) -> go.Figure:
    """The picture before the first convolution (step 0) or what convolution `step` puts out.

    Three channels are shown as a colour picture with values below 0 black and above 1 full, and one by one below it;
    any other number one by one. A ring marks the pixel (across, down).
    """
    maps = record.maps[step]
    tiles = sheet_tiles(len(maps), step, say)
    bottom = max(tile.top + tile.side for tile in tiles)
    figure = theme.blank(_ABOVE + 8 + round(_UNIT * bottom), top=_ABOVE)
    if len(maps) == 3:
        _draw_colours(figure, maps, tiles[0])
    for one, tile in zip(maps, tiles[-len(maps) :], strict=True):
        _draw_map(figure, one, tile, *shown_range(maps))
    _draw_ring(figure, tiles, pixel, maps.shape[1], maps)
    _draw_bar(figure, *shown_range(maps), say)
    for tile in tiles:
        figure.add_annotation(
            text=tile.name, x=tile.left, y=tile.top, xanchor="left", yanchor="bottom", showarrow=False, borderpad=0
        )
    figure.update_xaxes(visible=False, range=[0, _WIDTH], constrain="domain")
    figure.update_yaxes(visible=False, range=[bottom, 0], scaleanchor="x", constrain="domain", constraintoward="top")
    return theme.finish(figure)


def sheet_tiles(channels: int, step: int, say: Say = str) -> list[Tile]:
    """Where everything stands: with three channels the colour picture on top and the channels in a row below it."""
    names = [say("red"), say("green"), say("blue")] if step == 0 else [str(number + 1) for number in range(channels)]
    columns = {1: 1, 2: 2, 3: 3}.get(channels, 4)
    side = (_WIDTH - (columns - 1) * _GAP) / columns
    tiles, top = [], _TITLE
    if channels == 3:
        tiles.append(Tile(0, top, _WIDTH, say("the picture") if step == 0 else say("as a picture")))
        top += _WIDTH + _TITLE
    for place, name in enumerate(names):
        row, column = divmod(place, columns)
        tiles.append(Tile(column * (side + _GAP), top + row * (side + _TITLE), side, name))
    return tiles


def shown_range(maps: NDArray[np.float32]) -> tuple[float, float]:
    """The values of a sheet's colours: 0 to 1 at least, and as far below 0 as above where there are negative ones."""
    low, high = value_range(maps)
    high = max(1.0, high)
    return (-max(-low, high), max(-low, high)) if low < 0 else (0.0, high)


def pixel_formulas(record: PixelMix, pixel: tuple[int, int]) -> list[str]:
    """The product at one pixel (across, down), in LaTeX, one line per convolution: matrix times channels."""
    across, down = pixel
    lines = []
    for matrix, before, after in zip(record.matrices, record.maps[:-1], record.maps[1:], strict=True):
        product = _latex(matrix) + _latex(before[:, down, across, None])
        if record.relu:
            product = rf"\max\!\left(0,\; {product}\right)"
        lines.append(rf"{product} = {_latex(after[:, down, across, None])}")
    return lines


def sheet_alt(record: PixelMix, step: int, say: Say = str) -> str:
    """A sheet in words: how many channels, how large, between which values."""
    maps = record.maps[step]
    words = (
        say("A photograph and its {channels} channels, {height} by {width} pixels, values from {low} to {high}.")
        if step == 0
        else say(
            "The {channels} channels after a 1x1 convolution, {height} by {width} pixels, values from {low} to {high}."
        )
    )
    return words.format(
        channels=len(maps),
        height=maps.shape[1],
        width=maps.shape[2],
        low=plain_number(float(maps.min())),
        high=plain_number(float(maps.max())),
    )


def _latex(numbers: NDArray[np.float32]) -> str:
    rows = r" \\ ".join(" & ".join(f"{float(number):.2f}" for number in row) for row in numbers)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}".replace("-0.00", "0.00")


def _draw_colours(figure: Sketch, maps: NDArray[np.float32], tile: Tile) -> None:
    colours = (255 * np.clip(maps, 0, 1)).round().astype(np.uint8).transpose(1, 2, 0)
    opaque = np.full((*colours.shape[:2], 1), 255, np.uint8)
    _place(figure, data_uri(np.concatenate([colours, opaque], axis=2)), tile, maps.shape[1])


def _draw_map(figure: Sketch, one: NDArray[np.float32], tile: Tile, low: float, high: float) -> None:
    shades = ((_SHADES - 1) * (one - low) / (high - low)).round().clip(0, _SHADES - 1).astype(np.uint8)
    _place(figure, indexed_uri(shades, _colours(signed=low < 0)), tile, len(one))


def _place(figure: Sketch, source: str, tile: Tile, pixels: int) -> None:
    step = tile.side / pixels  # a pixel's place is its middle
    figure.add_image(source=source, x0=tile.left + step / 2, y0=tile.top + step / 2, dx=step, dy=step, hoverinfo="skip")


def _draw_ring(
    figure: Sketch, tiles: list[Tile], pixel: tuple[int, int], pixels: int, maps: NDArray[np.float32]
) -> None:
    across, down = pixel
    ring = {
        "x": [tile.left + tile.side * (across + 0.5) / pixels for tile in tiles],
        "y": [tile.top + tile.side * (down + 0.5) / pixels for tile in tiles],
        "mode": "markers",
    }
    values = maps[:, down, across]
    named = [", ".join(plain_number(float(value)) for value in values)] * (len(tiles) - len(values))
    text = [*named, *(plain_number(float(value)) for value in values)]
    clear = theme.see_through("#000000", 0)
    figure.add_scatter(
        **ring, hoverinfo="skip", marker={"size": 17, "color": clear, "line": {"width": 2, "color": "#000000"}}
    )
    figure.add_scatter(
        **ring, text=text, meta="pixel", hovertemplate="<b>%{text}</b><extra></extra>",
        marker={"size": 13, "color": clear, "line": {"width": 3, "color": "#FFFFFF"}},
    )  # fmt: skip


def _draw_bar(figure: Sketch, low: float, high: float, say: Say) -> None:
    """A colour bar needs a trace with colours: one that shows nothing else."""
    bar = {
        "orientation": "h", "y": 1.0, "yanchor": "bottom", "len": 0.9, "thickness": 12, "nticks": 5,
        "tickfont": {"size": theme.FONT_SIZE},
        "title": {"text": say("value of a channel"), "side": "top", "font": {"size": theme.FONT_SIZE}},
    }  # fmt: skip
    scale = make_colorscale(theme.SIGNED if low < 0 else theme.MAGNITUDE)
    marker = {"color": [low], "cmin": low, "cmax": high, "colorscale": scale, "showscale": True, "colorbar": bar}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip")


@cache
def _colours(*, signed: bool) -> NDArray[np.uint8]:
    scale = theme.SIGNED if signed else theme.MAGNITUDE
    rgb = [
        unlabel_rgb(colour) for colour in sample_colorscale(scale, [index / (_SHADES - 1) for index in range(_SHADES)])
    ]
    return np.array([(*colour, 255) for colour in rgb]).round().astype(np.uint8)
