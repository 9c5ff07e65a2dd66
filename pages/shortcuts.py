"""What goes around a block, and the 1x1 convolution that makes shapes fit."""

import streamlit as st

from ui import parts
from ui.lessons import shortcuts as lesson
from ui.parts import Part
from ui.sections import costs, pixel_mixing, shortcut_kinds, shortcut_options
from ui.text import say, show

st.title(say("Shortcuts and 1x1"))
show("shortcuts/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "shortcut_options": Part(say("Options A, B, C"), shortcut_options.draw),
        "shortcut_kinds": Part(say("Other shortcuts"), shortcut_kinds.draw),
        "pixels": Part(say("A 1×1 on a picture"), pixel_mixing.draw),
        "count": Part(say("What a 1×1 saves"), costs.draw),
    }
)
