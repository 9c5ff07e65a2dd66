"""How every figure reaches the page: the picture, its result in a sentence, and its numbers as a table."""

import hashlib
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from resnet_core import ConvCost
from ui import present, sheet
from ui.charts import CONFIG, Figure
from ui.charts.enlarged import enlarged
from ui.charts.theme import inked
from ui.components import drawing
from ui.text import language, say

INK = {"light": "#3A4653", "dark": "#C3CCD6"}  # text of a figure: more than 7:1 on the page's background


def draw(
    figure: Figure | Callable[[], Figure],
    key: str,
    alt: str,
    sentence: str = "",
    table: Sequence[dict[str, object]] = (),
    own: str = "",
    kept: str = "",
) -> None:
    """Draw a Plotly figure with words for those who cannot see it and numbers for those who want to check.

    Args:
        figure: itself, or a partial of what draws it, whose arguments can be pickled. The latter is drawn once for all
            who ask for the same, since drawing takes ten times as long as sending.
        alt: says what the figure shows, for screen readers.
        sentence: what follows from the numbers, computed from the same record as the figure.
        table: the numbers, one dict per row.
        own: what a visitor's own figure shows, by a name that is never given again. It is kept for that visitor alone.
        kept: what a figure for everyone shows, by a name that says all of it, where its arguments are too many to look
            through at each rerun.
    """
    ink = INK[st.context.theme.type or "light"]
    scale = present.scale()
    if callable(figure) and own:
        figure = _drawn_for_one(own, key, language(), ink, scale, figure)
    elif callable(figure) and kept:
        figure = _drawn(f"{kept} {key} {language()}", ink, scale, figure)
    elif callable(figure):
        figure = _drawn(hashlib.sha256(pickle.dumps((figure, language()))).hexdigest(), ink, scale, figure)
    else:
        figure = _dressed(figure, ink, scale)
    st.plotly_chart(figure, key=key, alt=alt, config=CONFIG, theme="streamlit", width="stretch")
    sheet.add(sheet.Drawn(figure, alt))
    tell(sentence, table)


@st.cache_resource(max_entries=200, show_spinner=False)
def _drawn(digest: str, ink: str, scale: float, _make: Callable[[], Figure]) -> Figure:
    """A figure for everyone, never changed once it is here."""
    return _dressed(_make(), ink, scale)


@st.cache_resource(scope="session", max_entries=12, show_spinner=False)
def _drawn_for_one(name: str, key: str, lang: str, ink: str, scale: float, _make: Callable[[], Figure]) -> Figure:
    return _dressed(_make(), ink, scale)


def _dressed(figure: Figure, ink: str, scale: float) -> Figure:
    """For the visitor's ground, and for the front of the room."""
    figure = inked(figure, ink)
    return figure if scale == 1 else enlarged(figure, scale)


def tell(sentence: str = "", table: Sequence[dict[str, object]] = ()) -> None:
    """The result in words, and its numbers behind a fold."""
    sheet.add(sheet.Told(sentence, table))
    if sentence:
        st.markdown(f"**{sentence}**")
    if table:
        with st.expander(say("The numbers"), icon=":material/table:"):
            st.dataframe(list(table), hide_index=True, width="stretch")


def note(words: str) -> None:
    """What is to be known beside a figure, in small type."""
    sheet.add(sheet.Noted(words))
    st.caption(words)


def words(sentence: str) -> None:
    """A sentence from the numbers that stands beside the result."""
    sheet.add(sheet.Noted(sentence))
    st.markdown(sentence)


def picture(pixels: NDArray[np.uint8], words: str = "", *, alt: str) -> None:
    """A picture, (H, W, 3), with what stands under it and what it shows."""
    sheet.add(sheet.Pictured(pixels, words or alt))
    st.image(pixels, words or None, width="stretch", alt=alt)


def network(data: dict[str, Any], *, key: str, block: str, cut: drawing.Cut = (), can_cut: bool = False) -> str:
    """The network drawing. See ui/components/drawing."""
    sheet.add(sheet.Network(data))
    return drawing.drawing(data, key=key, block=block, cut=cut, can_cut=can_cut)


def picker(data: dict[str, Any], *, key: str, block: str, picks: Sequence[str], pick: Callable[[str], None]) -> None:
    """The network drawing as a choice among its blocks. See ui/components/drawing."""
    sheet.add(sheet.Network(data))
    drawing.picker(data, key=key, block=block, picks=picks, pick=pick)


def formula(direct: ConvCost, chain: Sequence[ConvCost]) -> None:
    """Every factor of every multiplication, and the sum."""
    sheet.add(sheet.Noted(_plain((direct,))))
    sheet.add(sheet.Noted(_plain(chain)))
    st.latex(rf"{_factors(direct)} = {direct.macs:,}".replace(",", "{,}"))
    terms = r" \\ &+ ".join(f"{_factors(cost)} = {cost.macs:,}".replace(",", "{,}") for cost in chain)
    total = f"{sum(cost.macs for cost in chain):,}".replace(",", "{,}")
    st.latex(rf"\begin{{aligned}} &{terms} \\ &= {total} \end{{aligned}}")


def _plain(costs: Sequence[ConvCost]) -> str:
    terms = " + ".join(_factors(cost).replace(r" \cdot ", " · ") for cost in costs)
    return f"{terms} = {sum(cost.macs for cost in costs):,}"


def _factors(cost: ConvCost) -> str:
    """Height, width, kernel twice, channels in, channels out."""
    numbers = (cost.height, cost.width, cost.kernel, cost.kernel, cost.in_channels, cost.out_channels)
    return r" \cdot ".join(map(str, numbers))
