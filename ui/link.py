"""Choices in the page's address.

Streamlit's own `bind="query-params"` writes the label that the visitor reads, so a link made in Korean would mean
nothing in English. Sliders, switches and numbers have no such label and use it; choices among words use this file,
which writes the option itself.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T", bound=str)


def choose(
    widget: Callable[..., Any], label: str, options: Sequence[T], default: T, key: str, **settings: object
) -> T:
    """Ask with `widget` (st.segmented_control, st.selectbox, ...) and keep the answer in the address as `?key=option`.

    An option that does not exist is ignored. The default is left out of the address.
    """
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in options else default
    if widget is not st.selectbox:
        settings["required"] = True
    value = widget(label, options, key=key, persist_state="session", **settings)
    write(key, value, default)
    return value


def write(key: str, value: str, default: str | None) -> None:
    """Put `?key=value` into the address, or take it out where it is the default."""
    if value != default:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]
