"""Direct labels: a line's name at its end, moved apart where lines end close together."""

import html
from collections.abc import Sequence
from typing import NamedTuple

from ui.charts.sketch import Sketch
from ui.charts.theme import FONT_SIZE, SMALLEST_GAP, LineStyle

_MARKS = {"solid": "━", "dash": "╍"}


class LineEnd(NamedTuple):
    """A line that wants its name written beside its end."""

    at: float  # height of the end, from 0 at the bottom of the axes to 1 at the top
    label: str
    style: LineStyle


def margin(labels: Sequence[str]) -> int:
    """Pixels that the labels need at the right of the axes."""
    lines = [line for label in labels for line in (f"━ {_broken(label)[0]}", *_broken(label)[1:])]
    widths = [sum(1.0 if ord(sign) > 0x1100 else 0.58 for sign in line) for line in lines]
    return 12 + int(FONT_SIZE * max(widths, default=1))


def write(figure: Sketch, ends: Sequence[LineEnd], plot_height: int) -> None:
    """Add the labels at the right of the axes. `plot_height` is that of the axes in pixels."""
    blocks = [_written(end) for end in ends]
    heights = [SMALLEST_GAP * len(block) / plot_height for block in blocks]
    for end, block, at in zip(ends, blocks, spread([end.at for end in ends], heights), strict=True):
        figure.add_annotation(
            text="<br>".join(block), name=end.label, x=1, xref="paper", xanchor="left", xshift=6,
            y=at, yref="paper", yanchor="middle", align="left", showarrow=False,
        )  # fmt: skip


def spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places near the wanted ones, inside 0..1 if there is room, at which blocks of these heights do not overlap."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    places = list(wanted)
    below = 0.0
    for index in order:
        places[index] = max(places[index], below + heights[index] / 2)
        below = places[index] + heights[index] / 2
    above = 1.0
    for index in reversed(order):
        places[index] = min(places[index], above - heights[index] / 2)
        above = places[index] - heights[index] / 2
    return places


def _written(end: LineEnd) -> list[str]:
    first, *rest = map(html.escape, _broken(end.label))
    mark = f'<span style="color:{end.style.colour}"><b>{_MARKS.get(end.style.dash, "━")}</b></span>'
    return [f"{mark} {first}", *rest]


def _broken(label: str) -> list[str]:
    return label.replace(" + ", "\n+ ").replace(", ", ",\n").split("\n")
