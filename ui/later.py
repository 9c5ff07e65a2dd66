"""Numbers that come in after the page is there: a look now and then, and the page once more when they have come."""

from collections.abc import Callable

import streamlit as st

from ui.boundary import boundary

LOOK = 0.7  # seconds between two looks


def when_over(waiting: Callable[[], bool]) -> None:
    """Draw the page once more as soon as `waiting` says no. Draws nothing itself, so that a look costs little."""

    @st.fragment(run_every=LOOK)
    def look() -> None:
        with boundary():
            if not waiting():
                st.rerun()

    look()
