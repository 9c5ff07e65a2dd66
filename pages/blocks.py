"""Basic and bottleneck blocks at equal cost."""

import streamlit as st

from ui.sections import block_kinds
from ui.text import say, show

st.title(say("Basic and bottleneck"))
show("blocks/intro")
block_kinds.draw()
