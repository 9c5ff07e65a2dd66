"""What is left of a trained network when blocks are taken out."""

import streamlit as st

from ui import parts
from ui.lessons import lesions as lesson
from ui.parts import Part
from ui.sections import lesions
from ui.text import say, show

st.title(say("Cut it apart"))
show("lesions/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "cuts": Part(say("Cutting"), lesions.draw),
    }
)
