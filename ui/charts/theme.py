"""Colour, line and type for every chart. A colour is chosen by what it means, never by taste.

Text and grid colours are left to the page (Streamlit's plotly theme sets them for light and for dark), backgrounds are
transparent, and no colour of a line depends on the theme.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go
from plotly.colors import diverging, hex_to_rgb, sequential

from resnet_core import ResNetConfig
from ui.charts.sketch import Sketch, figure_of, merge

Figure = go.Figure  # what every chart returns

PLAIN = "#D55E00"  # vermilion, a network without shortcuts
RESIDUAL = "#0072B2"  # blue, a network with shortcuts; the pair is Okabe and Ito's, apart for every kind of eye
QUIET = "#8A8F98"  # what is there for comparison: floor, chance, reference lines; 3:1 on white and on black
BAR = "#009E73"  # a quantity that belongs to neither kind of network
SECOND_BAR = "#CC79A7"  # its second part
MAGNITUDE = sequential.Cividis  # zero or more: norms, activations after a ReLU
SIGNED = diverging.PRGn  # around zero, purple below and green above; always drawn with zero in the middle
ZERO = "#000000"  # exactly zero, on a logarithmic scale
NOT_FINITE = "#CC79A7"  # overflowed: infinite or not a number
# Words in the colour of a line need 4.5:1, which no colour has on both grounds: on a light one, on a dark one.
LETTERS = {
    RESIDUAL: ("#0072B2", "#4FA6E3"),
    BAR: ("#005F45", "#4BE3AC"),
    SECOND_BAR: ("#B03A7C", "#E08ABB"),
}
FONT_SIZE = 16  # pixels; readable from the back row at 1366x768
AXIS: dict[str, Any] = {
    "fixedrange": True,
    "automargin": True,
    "zeroline": False,
    "tickfont": {"size": FONT_SIZE},
    "title": {"font": {"size": FONT_SIZE}, "standoff": 16},
}
SMALLEST_GAP = 22  # pixels between two lines of text

# For st.plotly_chart(config=...): no buttons but "save as picture", no logo.
CONFIG: dict[str, Any] = {"displaylogo": False, "modeBarButtons": [["toImage"]], "scrollZoom": False}

_TINTS = {PLAIN: (PLAIN, "#F2A15F", "#8C3D00", "#FFC899"), RESIDUAL: (RESIDUAL, "#64B5E6", "#004A75", "#A8D5F2")}

_CLEAR_TINTS = 3  # of these, the ones that stand out on white as well


class LineStyle(NamedTuple):
    """How a network's line looks: hue for the shortcuts, dash for BatchNorm, tint and width for the rest."""

    colour: str
    dash: str  # "solid" with BatchNorm, "dash" without
    width: float  # pixels


def network_style(config: ResNetConfig) -> LineStyle:
    """The line of a network that is alone in its kind."""
    colour = PLAIN if config.is_plain else RESIDUAL
    return LineStyle(colour, "solid" if config.norm == "batch" else "dash", 3.5)


def network_styles(configs: Sequence[ResNetConfig]) -> list[LineStyle]:
    """The lines of networks that share a figure: where kinds repeat, the deepest keeps the full colour."""
    kinds: defaultdict[LineStyle, list[int]] = defaultdict(list)
    for index, config in enumerate(configs):
        kinds[network_style(config)].append(index)
    styles = [network_style(config) for config in configs]
    for style, members in kinds.items():
        members.sort(key=lambda index: -configs[index].layers)
        tints = _TINTS[style.colour]
        for rank, index in enumerate(members):
            styles[index] = style._replace(colour=tints[rank % len(tints)], width=style.width if rank == 0 else 2.5)
    return styles


class RunMark(NamedTuple):
    """What tells a run's lines from another's where colour is spoken for by the networks."""

    glyph: str  # in text
    symbol: str  # the same in a figure


RUN_MARKS = tuple(
    RunMark(glyph, symbol)
    for glyph, symbol in zip(
        "●■◆▲▼★",
        ("circle", "square", "diamond", "triangle-up", "triangle-down", "star"),
        strict=True,
    )
)


def run_style(networks: Sequence[ResNetConfig], index: int, run: int, *, thin: bool = False) -> LineStyle:
    """The line of one network of one of several runs: hue and dash by kind, shade by run, width by depth in its run."""
    style = network_style(networks[index])
    deepest = max(config.layers for config in networks)
    tints = _TINTS[style.colour][:_CLEAR_TINTS]
    width = style.width if networks[index].layers == deepest else 2.0
    return style._replace(colour=tints[run % len(tints)], width=1.5 if thin else width)


def see_through(colour: str, opacity: float) -> str:
    """A hex colour with an opacity, as CSS writes it."""
    red, green, blue = hex_to_rgb(colour)
    return f"rgba({red},{green},{blue},{opacity})"


def frame(height: int, *, right: int = 16, top: int = 16) -> dict[str, Any]:
    """A layout in the house's manner. `height`, `right` and `top` are in pixels."""
    return {
        "height": height,
        "margin": {"l": 8, "r": right, "t": top, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": FONT_SIZE},
        "hoverlabel": {"font": {"size": FONT_SIZE}},
        "showlegend": False,
        "dragmode": False,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": FONT_SIZE}},
    }


def blank(height: int, *, right: int = 16, top: int = 16) -> Sketch:
    """An empty figure in the house's manner. `height`, `right` and `top` are in pixels."""
    return Sketch(**frame(height, right=right, top=top))


def finish(sketch: Sketch) -> go.Figure:
    """Give the axes their type size, room for their numbers, and no zoom."""
    sketch.update_xaxes(showgrid=False, **AXIS).update_yaxes(**AXIS)
    for note in sketch.layout.get("annotations", ()):
        merge(note, {"font": {"size": FONT_SIZE}})
    return sketch.figure()


def inked(figure: go.Figure, ink: str) -> go.Figure:
    """The same figure with its text in one colour, and words in the colour of a line in its shade for that ground.

    A figure is for everyone: the given one is left as it is.
    """
    spec = figure.to_dict()
    on_dark = sum(hex_to_rgb(ink)) > 3 * 128
    for note in spec["layout"].get("annotations", ()):
        note["text"] = _relettered(note.get("text", ""), on_dark=on_dark)
    merge(spec["layout"], {"font": {"color": ink}})
    words = {"tickfont": {"color": ink}, "title": {"font": {"color": ink}}}
    for name, axis in spec["layout"].items():
        if name[1:5] == "axis":  # xaxis, xaxis2, ...
            merge(axis, words)
        elif name.startswith("coloraxis"):
            merge(axis, {"colorbar": words})
    return figure_of(spec)


def _relettered(words: str, *, on_dark: bool) -> str:
    for line, shades in LETTERS.items():
        for colour in (line, *shades):
            words = words.replace(f"color:{colour}", f"color:{shades[on_dark]}")
    return words


def repeated(labels: Sequence[str]) -> set[str]:
    """The labels that occur more than once."""
    return {label for label, count in Counter(labels).items() if count > 1}
