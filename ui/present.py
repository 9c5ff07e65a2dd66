"""For the front of the room: large type, no sidebar, and arrow keys that turn a lesson's cards."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from ui import link
from ui.text import say

STYLE = Path(__file__).with_suffix(".css")
LARGER = 1.25  # times a figure's usual size: as wide without the sidebar as it was with it, at 1366 pixels
# Keys are heard once per page load; a drawing, a slider or a field that has the focus keeps its own arrow keys,
# and so does what scrolls sideways.
_KEYS = """
const OWN =
  "input, textarea, select, [role=slider], [role=radio], [role=tab], [contenteditable], .drawing, " +
  ".katex-display, pre, [data-testid=stTable]"
export default function () {
  if (window.resnetLabKeys) return
  window.resnetLabKeys = true
  document.addEventListener("keydown", (event) => {
    if (!document.querySelector(".st-key-end_presentation")) return
    if (event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].closest?.(OWN)) return
    const turn = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back" }[event.key]
    const button = turn && document.querySelector(`.st-key-card_${turn} button`)
    if (!button) return
    event.preventDefault()
    button.click()
  })
}
"""
_keys = component("resnet_lab_keys", html="<span hidden></span>", js=_KEYS)


def is_on() -> bool:
    """Whether the visitor presents."""
    return bool(st.session_state.get("presenting", st.query_params.get("present") == "1"))


def scale() -> float:
    """How many times its usual size a figure is drawn."""
    return LARGER if is_on() else 1.0


def offer() -> None:
    """A button in the sidebar that begins it."""
    _button(say("Present"), "present_to_all", "begin_presentation", begins=True)


def dress() -> None:
    """Make the page ready for the room, with a button that ends it. Nothing where nobody presents."""
    if is_on():
        _set(on=True)  # where a link asked for it: the next page's address will not
    link.write("present", "1" if is_on() else "", "")
    if not is_on():
        return
    st.html(STYLE)
    _keys(key="presentation_keys", height="content")
    _button(say("End presentation"), "close_fullscreen", "end_presentation", begins=False)


def _button(label: str, icon: str, key: str, *, begins: bool) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=key,
        on_click=_set,
        args=(begins,),
        width="stretch" if begins else "content",
    )


def _set(on: bool) -> None:
    st.session_state["presenting"] = on
