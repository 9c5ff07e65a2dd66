"""The loss around a trained network, in one and two dimensions."""

import streamlit as st

from ui.sections import loss_surface
from ui.text import say, show

st.title(say("The loss surface"))
show("surface/intro")
loss_surface.draw()
