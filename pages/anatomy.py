"""One residual block: what goes in, what is added, what comes out."""

import streamlit as st

from ui import parts
from ui.lessons import anatomy as lesson
from ui.parts import Part
from ui.sections import block_anatomy
from ui.text import say, show

st.title(say("Anatomy of a residual block"))
show("anatomy/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "paths": Part(say("The two paths"), block_anatomy.draw),
    }
)
