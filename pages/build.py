"""Build a network of your own, switch by switch."""

import streamlit as st

from ui.sections import own_network
from ui.text import say, show

st.title(say("Build your own"))
show("build/intro")
own_network.draw()
