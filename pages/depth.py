"""Why deeper plain networks are worse, also on the pictures that they learn from."""

import streamlit as st

from ui import parts
from ui.lessons import depth as lesson
from ui.parts import Part
from ui.sections import construction, degradation, identity, recorded_depths
from ui.text import say, show

st.title(say("Why depth fails"))
show("depth/intro")
here = {
    "lesson": Part(say("Lesson"), lesson.draw),
    "degradation": Part(say("Degradation"), degradation.draw),
    "construction": Part(say("The construction"), construction.draw),
    "identity": Part(say("Learning the identity"), identity.draw),
}
if recorded_depths.found():
    here["recorded"] = Part(say("On CIFAR-10, recorded"), recorded_depths.draw)
parts.choose(here)
