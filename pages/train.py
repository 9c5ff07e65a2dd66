"""Train one to four networks side by side, and look inside while they learn."""

import streamlit as st

from resnet_core import TrainingRun
from ui import questions, recordings, runner
from ui.boundary import boundary
from ui.sections import recorded_run
from ui.source import show_source
from ui.text import say, show

st.title(say("Train live"))
show("train/intro")

spec = None
with boundary():  # a question that cannot be answered must not hide a run that is under way
    spec = questions.run()
    runner.start_button("train", spec, say("Train"))

run = runner.watch("train")
kept = recordings.of(spec if run is None else run.spec)
if run is None:
    st.info(say("Press Train: then all of it is computed now."), icon=":material/info:")
    if kept is not None:
        st.header(say("What to expect"))
        recorded_run.draw(kept)
elif run.ended and run.records:
    runner.results(run)
    if kept is not None:
        st.header(say("Now, and when it was recorded"))
        recorded_run.draw(kept, run.records, run.run_id)

show_source(TrainingRun)
