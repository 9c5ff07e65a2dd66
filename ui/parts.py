"""A page in parts, of which one is drawn at a time: light to load, and each with an address of its own."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import streamlit as st

from ui import link, sheet
from ui.text import say


class Part(NamedTuple):
    """One part of a page."""

    name: str  # in the visitor's language
    draw: Callable[[], None]


def choose(parts: Mapping[str, Part]) -> None:
    """Let the visitor choose a part, `?part=key` in the address, and draw it. The first is the default."""
    names = {key: part.name for key, part in parts.items()}
    default = next(iter(parts))
    if link.shows_one_part() and (asked := st.query_params.get("part", default)) in parts:
        here = asked
    else:
        here = link.choose(st.pills, say("Part"), names, default, "part", leads=True)
    sheet.current().part = parts[here].name
    parts[here].draw()
