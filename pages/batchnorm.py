"""What batch normalisation does, and what is disputed about it."""

import streamlit as st

from ui import parts
from ui.lessons import batchnorm as lesson
from ui.parts import Part
from ui.sections import covariate_shift, norm_activations, norm_batches, norm_rates
from ui.text import say, show

st.title(say("BatchNorm"))
show("batchnorm/intro")
parts.choose(
    {
        "lesson": Part(say("Lesson"), lesson.draw),
        "norm_activations": Part(say("Activations"), norm_activations.draw),
        "norm_rates": Part(say("Learning rates"), norm_rates.draw),
        "norm_batches": Part(say("Batches and statistics"), norm_batches.draw),
        "covariate_shift": Part(say("Shift or smoothness?"), covariate_shift.draw),
    }
)
