"""The question, one figure that answers it in part, and the way into the lessons."""

from functools import partial

import streamlit as st

from resnet_core import race
from ui import charts, figure, recordings, runner
from ui.boundary import boundary
from ui.places import page_link
from ui.source import show_source
from ui.text import say, show

st.title(say("Deeper should be better. Why was it worse?"))
show("start/intro")

recorded = recordings.recorded("two_by_two")
networks, steps = recorded.spec.networks, recorded.spec.training.steps

with boundary():
    runner.start_button("start", recorded.spec, say("Run it now"))
run = runner.watch("start")
live = run.records if run is not None and run.ended else []
shown = live or recorded.records

recordings.label(recorded)
figure.draw(
    partial(charts.two_by_two, networks, recorded.records, steps, live, say),
    key="two_by_two",
    alt=charts.two_by_two_alt(networks, shown, say),
    sentence=charts.two_by_two_verdict(networks, shown, say),
    table=charts.training_table(networks, shown, say),
    own=run.run_id if run is not None and live else "",
)
recordings.make_again(recorded)

st.subheader(say("Look closer"))
show("start/next")
for page, words in (
    ("train", say("Train live: plain and residual networks side by side, with their gradients")),
    ("gradients", say("Gradient flow: three switches and what each does to the first layers")),
    ("maps", say("Feature maps: follow a picture through every block")),
    ("cost", say("1x1 and cost: count every multiplication that a bottleneck saves")),
):
    page_link(page, words)
show_source(race)
