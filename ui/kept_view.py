"""One kept run, opened: what it was, what came of it, and how to have it again."""

import streamlit as st

from resnet_core import KeptRun, train_command
from ui import charts, kept_actions, kept_runs, kept_words, link, runner, sheet
from ui.again import train_again
from ui.boundary import boundary
from ui.places import page_link
from ui.text import say

_SHOWN = "kept_shown"


def asked() -> str:
    """The id of the run that the address asks for; empty where it asks for none."""
    run_id = st.query_params.get("run", "")
    if st.session_state.get(_SHOWN, "") != run_id:
        st.session_state[_SHOWN] = run_id
        link.restate()
    return run_id


def view(run_id: str) -> None:
    """Draw a run as it stood when it ended, or say that there is none."""
    page_link("runs", say("All my runs"), icon=":material/arrow_back:")
    kept = kept_runs.find(run_id)
    if kept is None:
        words = say("There is no such run on this server. It was deleted, or made room for newer ones.")
        st.warning(words, icon=":material/info:")
        return
    st.header(kept_words.plain(kept_words.name(kept)))
    sheet.current().part = kept_words.name(kept)
    sheet.add(sheet.Noted(kept_words.details(kept)))
    st.caption(kept_words.details(kept))
    if not kept_runs.is_mine(kept):
        st.caption(say("Somebody else's run: you can look at it and take it home."))
    with boundary():
        run = kept_runs.reopen(kept)
        runner.show("kept", run)
        if run.records:
            runner.results(run)
    _settings(kept)
    _again(kept)
    kept_actions.actions(kept)
    kept_actions.confirm(kept)


def _settings(kept: KeptRun) -> None:
    with st.expander(say("Every setting of this run"), icon=":material/tune:"):
        recipe = charts.recipe_settings(kept.spec, say)
        rows = [{say("Setting"): setting, say("Value"): value} for setting, value in recipe.items()]
        st.dataframe(charts.settings_table(kept.spec.networks, say), hide_index=True, width="stretch")
        st.dataframe(rows, hide_index=True, width="stretch")


def _again(kept: KeptRun) -> None:
    with st.expander(say("Have this run again: link, settings, command"), icon=":material/replay:"):
        st.markdown(say("This link shows the run to everybody who can reach this server, as long as it is kept:"))
        st.code(f"{st.context.url or ''}?run={kept.run_id}", language=None, wrap_lines=True)
        settings = train_again(kept.spec)
        if settings is None:
            st.markdown(say("The controls of Train live cannot ask for all of these settings; the command below can."))
        else:
            page_link("train", say("Train again with these settings"), icon=":material/play_circle:", **settings)
        if kept.spec.data.name == "folder":
            st.caption(say("It learned from somebody's own pictures, which are not kept: bring them again."))
        st.markdown(say("The same in a terminal, in the folder of this program:"))
        st.code(train_command(kept.spec), language="bash", wrap_lines=True)
        if "--spec" in train_command(kept.spec):
            st.caption(say("The file is in the zip that you get from Download."))
