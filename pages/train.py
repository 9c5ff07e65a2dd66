"""Train one to four networks side by side, and look inside while they learn."""

import streamlit as st

from resnet_core import TrainingRun
from ui import charts, figure, questions, runner
from ui.source import show_source
from ui.text import say, show

st.title(say("Train live"))
show("train/intro")

spec = questions.run()
runner.start_button("train", spec, say("Train"))
run = runner.watch("train")

if run is None:
    st.info(say("Press Train. Nothing here is recorded: what you will see is computed now."), icon=":material/info:")
elif run.ended and run.records:
    networks, records = run.spec.networks, run.records
    figure.tell(charts.training_verdict(networks, records, say), charts.training_table(networks, records, say))
    runner.download(run)

show_source(TrainingRun)
