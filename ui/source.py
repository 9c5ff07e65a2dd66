"""The code on the screen is the code that ran."""

import inspect
from collections.abc import Callable

import streamlit as st

from ui.text import say


def show_source(*things: Callable[..., object]) -> None:
    """Print the source of functions, methods or classes behind a fold."""
    with st.expander(say("The code that ran"), icon=":material/code:"):
        for thing in things:
            st.code(inspect.getsource(thing), language="python")
