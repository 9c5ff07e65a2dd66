"""Basic and bottleneck blocks at equal cost."""

import streamlit as st

from ui import parts
from ui.lessons import blocks as lesson
from ui.parts import Part
from ui.sections import block_kinds, bottleneck_time
from ui.text import say, show

st.title(say("Basic and bottleneck"))
show("blocks/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "contest": Part(say("Cost and contest"), block_kinds.draw),
        "time": Part(say("Counted and measured"), bottleneck_time.draw),
    }
)
