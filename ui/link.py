"""Choices in the page's address.

Streamlit's own `bind="query-params"` writes the label that the visitor reads, so a link made in Korean would mean
nothing in English. Sliders, switches and numbers have no such label and use it; choices among words use this file,
which writes the option itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

Word = TypeVar("Word")  # a Literal of words
Number = TypeVar("Number", int, float)

KEEP: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}  # in the address, and on every page


def choose(
    widget: Callable[..., Any], label: str, names: Mapping[Word, str], default: Word, key: str, help: str | None = None
) -> Word:
    """Ask with `widget` (st.segmented_control or st.selectbox) and keep the answer in the address as `?key=option`.

    `names` are the options and what the visitor reads. An option that does not exist is ignored. The default is left
    out of the address.
    """
    options = tuple(names)
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in options else default
    settings = {} if widget is st.selectbox else {"required": True, "wrap": True}
    value = widget(
        label, options, format_func=names.__getitem__, key=key, persist_state="session", help=help, **settings
    )
    write(key, str(value), str(default))
    return value


def step(label: str, options: Sequence[Number], default: Number, key: str, help: str | None = None) -> Number:
    """Ask for one of a few numbers with a slider."""
    value: Any = st.select_slider(label, options, default, key=key, help=help, **KEEP)
    return value


def write(key: str, value: str, default: str | None) -> None:
    """Put `?key=value` into the address, or take it out where it is the default."""
    if value != default:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]
