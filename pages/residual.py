"""What it means to learn F(x) = H(x) - x, and how small F is."""

import streamlit as st

from ui import parts
from ui.lessons import residual as lesson
from ui.parts import Part
from ui.sections import preconditioning, responses
from ui.text import say, show

st.title(say("Learning the difference"))
show("residual/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "responses": Part(say("How small is F?"), responses.draw),
        "preconditioning": Part(say("Preconditioning"), preconditioning.draw),
    }
)
