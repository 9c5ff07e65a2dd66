"""What the figures about BatchNorm share: names and lines of the networks, and panels one above the other."""

from collections.abc import Sequence
from typing import Any

from ui.charts import theme
from ui.charts.labels import Say
from ui.charts.sketch import Sketch

NONE, BATCH, NOISY = range(3)  # the networks, in the order of the records
_TINTS = {theme.PLAIN: "#F2A15F", theme.RESIDUAL: "#64B5E6"}
_TITLE = 36  # pixels above each panel
_BELOW = 62  # for the axis of the steps


def norm_label(kind: int, say: Say = str) -> str:
    """A network by its normalisation alone."""
    return (say("without BN"), say("with BN"), say("BN + noise"))[kind]


def norm_style(kind: int, plain: bool) -> theme.LineStyle:
    """The house's line: dashed without BatchNorm, solid with it; paler where noise is added."""
    colour = theme.PLAIN if plain else theme.RESIDUAL
    if kind == NOISY:
        return theme.LineStyle(_TINTS[colour], "solid", 2.5)
    return theme.LineStyle(colour, "solid" if kind else "dash", 3.5)


def panels(titles: Sequence[str], panel: int, x_title: str, *, right: int = 16) -> Sketch:
    """Empty panels one above the other with one horizontal axis; their vertical axes are y, y2, y3 and so on.

    `panel` is the height of one, and `right` the space beside all, in pixels.
    """
    count = len(titles)
    inner = count * (panel + _TITLE)
    figure = theme.blank(inner + _BELOW + 16, right=right)
    for place, title in enumerate(titles):
        top = 1 - (place * (panel + _TITLE) + _TITLE) / inner
        low = 0.0 if place == count - 1 else top - panel / inner
        figure.update_layout(**{axis_name(place): {"domain": [low, top], "anchor": "x"}})
        figure.add_annotation(
            text=f"<b>{title}</b>", x=0, xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom",
            showarrow=False,
        )  # fmt: skip
    return figure.update_xaxes(title_text=x_title, anchor="y" if count == 1 else f"y{count}")


def axis_name(place: int) -> str:
    """What the layout calls a panel's vertical axis."""
    return "yaxis" if place == 0 else f"yaxis{place + 1}"


def axis_of(place: int) -> str:
    """What a trace calls it."""
    return "y" if place == 0 else f"y{place + 1}"


def set_axes(figure: Sketch, count: int, **settings: Any) -> None:  # noqa: ANN401 - as Plotly takes them
    """Give every panel's vertical axis the house's look and the same settings."""
    for place in range(count):
        figure.update_layout(**{axis_name(place): dict(theme.AXIS)})
        figure.update_layout(**{axis_name(place): settings})
