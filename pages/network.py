"""A whole ResNet, from the picture to the answer."""

import streamlit as st

from ui import parts
from ui.lessons import network as lesson
from ui.parts import Part
from ui.sections import whole_network
from ui.text import say, show

st.title(say("The whole network"))
show("network/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "drawing": Part(say("The drawing"), whole_network.draw),
    }
)
