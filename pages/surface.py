"""The loss around a trained network, in one and two dimensions."""

import streamlit as st

from ui import parts
from ui.lessons import surface as lesson
from ui.parts import Part
from ui.sections import loss_surface
from ui.text import say, show

st.title(say("The loss surface"))
show("surface/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "slice": Part(say("Slices and lines"), loss_surface.draw),
    }
)
