"""What is left of a trained network when blocks are taken out."""

import streamlit as st

from ui.sections import lesions
from ui.text import say, show

st.title(say("Cut it apart"))
show("lesions/intro")
lesions.draw()
