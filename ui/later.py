"""Numbers that come in after the page is there: a look now and then, and the page once more when they have come."""

from collections.abc import Callable

import streamlit as st

LOOK = 0.7  # seconds between two looks


def when_complete(complete: Callable[[], bool]) -> None:
    """Draw the page once more as soon as `complete` says yes. Draws nothing itself, so that a look costs nothing."""
    if complete():
        return

    @st.fragment(run_every=LOOK)
    def look() -> None:
        if complete():
            st.rerun()

    look()
