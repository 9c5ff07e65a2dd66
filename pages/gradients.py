"""What a shortcut does for the gradient that reaches each layer."""

import streamlit as st

from ui import parts
from ui.lessons import gradients as lesson
from ui.parts import Part
from ui.sections import (
    gradient_flow,
    gradient_growth,
    gradient_parts,
    gradient_paths,
    gradient_table,
    shattered,
    three_switches,
)
from ui.text import say, show

st.title(say("Why gradients survive"))
show("gradients/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "profile": Part(say("Profile"), gradient_flow.draw),
        "table": Part(say("Skip × BatchNorm × init"), gradient_table.draw),
        "trained": Part(say("The same, trained"), three_switches.draw),
        "growth": Part(say("Growth per layer"), gradient_growth.draw),
        "formula": Part(say("The formula, measured"), gradient_parts.draw),
        "paths": Part(say("Paths"), gradient_paths.draw),
        "shattered": Part(say("Shattered gradients"), shattered.draw),
    }
)
