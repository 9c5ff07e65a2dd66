"""What goes around a block: the options of the papers, and what else was tried."""

import streamlit as st

from ui import parts
from ui.lessons import shortcuts as lesson
from ui.parts import Part
from ui.sections import shortcut_kinds, shortcut_options
from ui.text import say, show

st.title(say("Shortcuts"))
show("shortcuts/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "shortcut_options": Part(say("Options A, B, C"), shortcut_options.draw),
        "shortcut_kinds": Part(say("Other shortcuts"), shortcut_kinds.draw),
    }
)
