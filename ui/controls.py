"""Every widget whose value means something. This is the one place that names widget keys.

Each is bound to the page's address, so that a teacher can hand out a link to exactly this set-up. Streamlit drops what
is not among the options and leaves a default value out of the address.
"""

from typing import get_args

import streamlit as st

from ui import link
from ui.languages import NAMES, Language
from ui.text import language, say


def choose_language() -> None:
    """Ask for the language. It follows the browser until the visitor chooses, and then stays in the link."""
    st.session_state.setdefault("lang", language())
    lang = st.segmented_control(
        say("Language"),
        get_args(Language),
        format_func=lambda lang: NAMES[lang],
        key="lang",
        required=True,
        persist_state="session",
        on_change=_remember_language,
        label_visibility="collapsed",
    )
    if st.session_state.get("lang_chosen") or "lang" in st.query_params:
        link.write("lang", lang, default=None)


def _remember_language() -> None:
    st.session_state["lang_chosen"] = True
