"""A class board as it hangs on the wall: its code, how many take part, the figure, and what follows from it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from resnet_core import Board, BoardEntry, get_boards
from ui import charts, figure, link, sheet
from ui.boundary import boundary
from ui.charts.board_points import Quantity
from ui.charts.board_recipes import Recipe, left_out, recipe_label, recipes, usual_recipe
from ui.text import language, say

REFRESH = 3.0  # seconds between two looks at the board
HEIGHT = 440  # pixels: with the code above it, a projector of 768 lines shows all of the figure
_DRAWN = "_board_drawn"


class _Drawn(NamedTuple):
    """What was drawn last, so that it is computed only when something has changed."""

    entries: tuple[BoardEntry, ...]
    asked: tuple[str, ...]
    figure: charts.Figure
    alt: str
    sentence: str
    table: list[dict[str, object]]


def wall(board: Board) -> None:
    """Draw the board and keep it up to date as long as the page is open."""
    names: dict[Quantity, str] = {"training": say("Training error"), "test": say("Test error")}
    above = st.container()
    with st.container():
        quantity = link.choose(st.segmented_control, say("Error"), names, "training", "error")

    @st.fragment(run_every=REFRESH)
    def panel() -> None:
        with boundary(), sheet.current().piece("board"):
            _panel(board, quantity)

    with above:
        panel()


def invite(board: Board) -> None:
    """The link that joins a board."""
    st.code(join_link(board.code), language=None, wrap_lines=True)


def warn_of_localhost(board: Board) -> None:
    """Say so where the link works on this computer only."""
    if re.match(r"https?://(localhost|127\.)", join_link(board.code)):
        st.caption(say("Only this computer knows the address in the link: give others its name in the network."))


def join_link(code: str) -> str:
    """The whole address that joins a board, as far as this browser knows it. To be asked for on the board's page."""
    return f"{st.context.url or '/board'}?board={code}"


def _panel(board: Board, quantity: Quantity) -> None:
    entries = get_boards().entries(board.code)
    _counts(board, entries)
    recipe = _recipe(entries, board)
    shown = [entry for entry in entries if recipe is not None and recipe.holds(entry)]
    drawn = _drawn(entries, shown, recipe, quantity)
    figure.draw(drawn.figure, "board_chart", drawn.alt, drawn.sentence, drawn.table)
    if recipe is not None:
        st.caption(recipe_label(entries, recipe, say))
    if missing := recipe and left_out(entries, recipe, say):
        st.caption(missing)


def _counts(board: Board, entries: Sequence[BoardEntry]) -> None:
    students = len({entry.student for entry in entries})
    with st.container(horizontal=True, key="board_counts", gap="medium"):
        with st.container(key="board_code", width="content"):
            st.metric(say("Code"), board.code, width="content")
        st.metric(say("Students"), students, width="content")
        st.metric(say("Runs"), len({entry.run_id for entry in entries}), width="content")


def _recipe(entries: Sequence[BoardEntry], board: Board) -> Recipe | None:
    known = {recipe.key: recipe for recipe in recipes(entries)}
    usual = usual_recipe(entries, board.task)
    if len(known) < 2 or usual is None:
        return usual
    names = {key: recipe_label(entries, recipe, say) for key, recipe in known.items()}
    chosen = st.selectbox(
        say("Recipe"), [usual.key, *(key for key in known if key != usual.key)], format_func=names.__getitem__
    )
    return known[chosen]


def _drawn(
    entries: tuple[BoardEntry, ...], shown: Sequence[BoardEntry], recipe: Recipe | None, quantity: Quantity
) -> _Drawn:
    asked = (recipe.key if recipe else "", quantity, language())
    last: _Drawn | None = st.session_state.get(_DRAWN)
    if last is None or last.entries is not entries or last.asked != asked:
        last = _Drawn(
            entries,
            asked,
            charts.board_chart(shown, quantity, say, HEIGHT),
            charts.board_alt(shown, quantity, say),
            charts.board_verdict(shown, quantity, say),
            charts.board_table(shown, quantity, say),
        )
        st.session_state[_DRAWN] = last
    return last
