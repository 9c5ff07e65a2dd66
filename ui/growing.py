"""A part of a page that is there at once and fills up as its numbers come in."""

from collections.abc import Callable

import streamlit as st

from ui.boundary import boundary

LOOK = 0.7  # seconds between two looks for more


def growing(draw: Callable[[], None], complete: Callable[[], bool]) -> None:
    """Draw a part of the page, and again every now and then until it is complete."""
    going = not complete()

    @st.fragment(run_every=LOOK if going else None)
    def part() -> None:
        with boundary():
            if going and complete():
                st.rerun()  # once more, whole: without the timer
            draw()

    part()
