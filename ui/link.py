"""Choices in the page's address.

Streamlit's own `bind="query-params"` writes the label that the visitor reads, so a link made in Korean would mean
nothing in English; and on the next page a widget with the same key begins at its default again. Switches and sliders
that belong to one page have neither trouble and use it; choices among words, and whatever several pages ask, use this
file, which writes the option itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from ui import sheet

Word = TypeVar("Word")  # a Literal of words
Number = TypeVar("Number", int, float)
Value = TypeVar("Value")

LOCKED, ONLY = "locked", "only"  # in the address: settings cannot be changed, the other parts of the page are hidden


def keep(*, allowed: bool = True) -> dict[str, Any]:
    """For widgets that Streamlit itself keeps in the address, and when one comes back. Locked with all others."""
    return {"bind": "query-params", "persist_state": "session", "disabled": is_locked() or not allowed}


def ask(widget: Callable[..., Any], label: str, *details: Any, key: str, allowed: bool = True, **more: Any) -> Any:  # noqa: ANN401
    """Ask with a widget that Streamlit itself keeps in the address: a switch, a slider or a field of numbers."""
    value = widget(label, *details, key=key, **more, **keep(allowed=allowed))
    if allowed:
        sheet.ask(key, label, value)
    return value


def is_locked() -> bool:
    """Whether a teacher's link forbids to change what is set on this page."""
    return st.query_params.get(LOCKED) == "1"


def shows_one_part() -> bool:
    """Whether a teacher's link hides the other parts of this page."""
    return st.query_params.get(ONLY) == "1"


def choose(
    widget: Callable[..., Any],
    label: str,
    names: Mapping[Word, str],
    default: Word,
    key: str,
    help: str | None = None,
    *,
    leads: bool = False,
) -> Word:
    """Ask with `widget`, one of Streamlit's for choices, and keep the answer in the address as `?key=option`.

    `names` are the options and what the visitor reads. An option that does not exist is ignored. The default is left
    out of the address. What `leads` through a page sets nothing, so no teacher's link locks it.
    """
    options = tuple(names)
    _recall(key, options, default)
    settings: dict[str, Any] = {} if widget is st.selectbox else {"required": True, "wrap": True}
    settings["disabled"] = is_locked() and not leads
    value = widget(
        label, options, format_func=names.__getitem__, key=key, persist_state="session", help=help, **settings
    )
    write(key, str(value), str(default))
    if not leads:
        sheet.ask(key, label, names[value])
    return value


def step(label: str, options: Sequence[Number], default: Number, key: str, help: str | None = None) -> Number:
    """Ask for one of a few numbers with a slider."""
    _recall(key, options, default)
    value: Any = st.select_slider(label, options, key=key, persist_state="session", help=help, disabled=is_locked())
    write(key, str(value), str(default))
    sheet.ask(key, label, value)
    return value


def whole_number(label: str, allowed: range, default: int, key: str) -> int:
    """Ask for a whole number in a field."""
    _recall(key, allowed, default)
    settings: dict[str, Any] = {"persist_state": "session", "disabled": is_locked()}
    value = int(st.number_input(label, allowed[0], allowed[-1], key=key, **settings))
    write(key, str(value), str(default))
    sheet.ask(key, label, value)
    return value


def slider(label: str, low: int, high: int, default: int, key: str) -> int:
    """Ask for a whole number whose bounds depend on another answer, keeping what was chosen within them."""
    known = st.session_state.get(key)
    nearest = min(max(int(known), low), high) if isinstance(known, int | float) else default
    _recall(key, range(low, high + 1), nearest)
    value = st.slider(label, low, high, key=key, persist_state="session", disabled=is_locked())
    write(key, str(value), str(default))
    sheet.ask(key, label, value)
    return value


def kept(key: str, options: Sequence[str], default: str) -> str:
    """What was chosen without a widget of Streamlit's: by a click on a drawing, which sets it in the session."""
    _recall(key, options, default)
    value: str = st.session_state[key]
    write(key, value, default)
    return value


def enter(page: str) -> None:
    """Say which page is about to be drawn, so that its widgets can take over what another page's were set to."""
    if st.session_state.get("page") != page:
        st.session_state["asked_on"] = {}  # a link to the page counts for more than what was chosen on it before
    st.session_state["page"] = page


def is_on(page: str) -> bool:
    """Whether this is the page that is drawn."""
    return st.session_state.get("page") == page


def on_arrival(key: str) -> str | None:
    """What the address says when the visitor comes to a page, None from then on.

    Afterwards the visitor's clicks count: the address that a browser sends along can lie behind them.
    """
    return st.query_params.get(key) if _first_time(key) else None


def write(key: str, value: str, default: str | None) -> None:
    """Put `?key=value` into the address, or take it out where it is the default."""
    if value != default:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def restate() -> None:
    """Have the browser show what was asked: a page that links to itself asks for something and leaves the address."""
    st.query_params.update({})


def _recall(key: str, options: Sequence[Value], default: Value) -> None:
    """Before a page asks for the first time: what the address says, else what the visitor chose on another page."""
    known = st.session_state.get(key)
    offered: dict[str, Sequence[object]] = st.session_state.setdefault("offered", {})
    same, offered[key] = offered.get(key) == options, options
    if not _first_time(key) and known in options:
        if not same:  # a new widget to Streamlit, which would begin with what was chosen before the last page change
            st.session_state[key] = known
        return
    asked = st.query_params.get(key)
    usual = known if known in options else default
    st.session_state[key] = next((option for option in options if str(option) == asked), usual)


def _first_time(key: str) -> bool:
    """Whether this page asks for the first time since the visitor came to it."""
    asked_on: dict[str, str] = st.session_state.setdefault("asked_on", {})
    page = st.session_state.get("page", "")
    before, asked_on[key] = asked_on.get(key), page
    return before != page
