"""Follow one picture through every block of a network."""

import streamlit as st

from ui import parts
from ui.lessons import maps as lesson
from ui.parts import Part
from ui.sections import arithmetic, attributions, effective_field, filters, picture_maps, reasons
from ui.text import say, show

st.title(say("Inside a picture"))
show("maps/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "maps": Part(say("Maps"), picture_maps.draw),
        "arithmetic": Part(say("One pixel, by hand"), arithmetic.draw),
        "reasons": Part(say("What it looks at"), reasons.draw),
        "filters": Part(say("Filters and crops"), filters.draw),
        "field": Part(say("Receptive field"), effective_field.draw),
        "attributions": Part(say("Attributions"), attributions.draw),
    }
)
