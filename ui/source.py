"""The code on the screen is the code that ran."""

import inspect
from collections.abc import Callable
from functools import cache
from threading import Lock

import streamlit as st

from ui.text import say

_turn = Lock()  # Python 3.11's parser, which looks for a class, fails when two threads use it at once


@cache
def _source(thing: Callable[..., object]) -> str:
    with _turn:
        return inspect.getsource(thing)


def show_source(*things: Callable[..., object]) -> None:
    """Print the source of functions, methods or classes behind a fold."""
    with st.expander(say("The code that ran"), icon=":material/code:"):
        for thing in things:
            st.code(_source(thing), language="python")
