"""The runs that this browser's trainings left: list them, compare them, open one, take one home or bring one in."""

import streamlit as st

from ui import kept_choice, kept_compare, kept_list, kept_runs, kept_view
from ui.text import say, show

st.title(say("My runs"))

if run_id := kept_view.asked():
    kept_view.view(run_id)
else:
    show("runs/intro")
    runs, chosen = kept_runs.mine(), kept_choice.chosen()
    kept_list.notices()
    if runs:
        kept_list.rows(runs, chosen)
    else:
        kept_list.nothing_yet()
    with st.expander(say("Import a run"), icon=":material/upload_file:"):
        kept_list.bring_in()
    if runs or chosen:
        kept_compare.compare(chosen)
    kept_list.room(runs)
