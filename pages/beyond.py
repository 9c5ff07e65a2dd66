"""What was built on residual blocks: ResNeXt, wide networks, feature pyramids."""

import streamlit as st

from ui import parts
from ui.lessons import beyond as lesson
from ui.parts import Part
from ui.sections import cardinality, pyramid
from ui.text import say, show

st.title(say("Beyond ResNet"))
show("beyond/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "cardinality": Part(say("ResNeXt and wide"), cardinality.draw),
        "pyramid": Part(say("Feature pyramid"), pyramid.draw),
    }
)
