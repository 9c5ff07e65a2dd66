"""Train one to four networks side by side, and look inside while they learn."""

import streamlit as st

from resnet_core import TrainingRun
from ui import questions, runner
from ui.boundary import boundary
from ui.source import show_source
from ui.text import say, show

st.title(say("Train live"))
show("train/intro")

with boundary():  # a question that cannot be answered must not hide a run that is under way
    runner.start_button("train", questions.run(), say("Train"))

run = runner.watch("train")
if run is None:
    st.info(say("Press Train. Nothing here is recorded: what you will see is computed now."), icon=":material/info:")
elif run.ended and run.records:
    runner.results(run)

show_source(TrainingRun)
