r"""Formulas in the colours of their parts: `\branch{F(x)} + \shortcut{x} = \total{y}`.

KaTeX gets `\textcolor`, with the shade that can be read on the visitor's ground.
"""

import re

import streamlit as st

from ui.charts.roles import ROLES, Scheme, letters

_DISPLAYED = re.compile(r"^\$\$(.+)\$\$$", re.MULTILINE)
_ROLE = re.compile(rf"\\({'|'.join(ROLES)})(?![A-Za-z])")


def typeset(text: str, scheme: Scheme) -> str:
    """A Markdown text in which the macros of roles have become colours, and formulas that have a line are displayed.

    Between `$$` on one line Markdown takes a formula for part of a sentence, with fractions as small as that asks.
    """
    text = _DISPLAYED.sub(r"$$\n\1\n$$", text)
    return _ROLE.sub(lambda macro: rf"\textcolor{{{letters(macro[1], scheme)}}}", text)


def scheme() -> Scheme:
    """Whether the visitor reads on a light or on a dark ground."""
    return "dark" if st.context.theme.type == "dark" else "light"
