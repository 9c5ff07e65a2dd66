"""The question, one figure that answers it in part, and the way into the lessons."""

import streamlit as st

from resnet_core import race
from ui import recordings
from ui.places import page_link
from ui.sections import recorded_run
from ui.source import show_source
from ui.text import say, show

st.title(say("Deeper should be better. Why was it worse?"))
show("start/intro")

recorded = recordings.recorded("two_by_two")
recorded_run.four("start", recorded)
recordings.make_again(recorded)

st.header(say("Look closer"))
show("start/next")
for page, words in (
    ("depth", say("Why depth fails: begin with the first of twelve lessons")),
    ("network", say("The whole network: open each block, cut each shortcut")),
    ("gradients", say("Why gradients survive: three switches and what each does to the first layers")),
    ("maps", say("Inside a picture: follow your own picture through every block")),
    ("train", say("Train live: plain and residual networks side by side, with their gradients")),
):
    page_link(page, words)
show_source(race)
