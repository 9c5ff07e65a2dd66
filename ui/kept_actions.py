"""What an owner can do with a kept run: name it, take it home, delete it. Anybody can take one home."""

import streamlit as st

from resnet_core import KeptRun, get_store
from ui import kept_choice, kept_runs, kept_words
from ui.boundary import boundary
from ui.text import say

LONGEST_NAME = 80  # characters
_DELETING, _RENAMED = "kept_deleting", "kept_renamed"


def actions(kept: KeptRun) -> None:
    """Draw what the visitor may do with a run."""
    if kept_runs.is_mine(kept):
        _rename(kept)
    with st.container(horizontal=True):
        _download(kept)
        if kept_runs.is_mine(kept):
            st.button(
                say("Delete"),
                key=f"delete_{kept.run_id}",
                icon=":material/delete:",
                on_click=_ask,
                args=(kept.run_id,),
            )


def confirm(kept: KeptRun) -> None:
    """After Delete was pressed, ask once more."""
    if st.session_state.get(_DELETING) != kept.run_id:
        return
    words = say("“{name}” will be gone for good: its curves, its numbers and its weights. This cannot be undone.")
    st.warning(words.format(name=kept_words.plain(kept_words.name(kept))), icon=":material/delete:")
    with st.container(horizontal=True):
        if st.button(say("Delete for good"), key=f"sure_{kept.run_id}", type="primary"):
            _delete(kept)
        st.button(say("Keep it"), key=f"keep_{kept.run_id}", on_click=_ask, args=("",))


def _rename(kept: KeptRun) -> None:
    with st.form(f"rename_{kept.run_id}", border=False):
        new = st.text_input(say("Name"), kept.name, LONGEST_NAME, placeholder=kept_words.name(kept))
        if st.form_submit_button(say("Rename"), icon=":material/edit:"):
            with boundary():
                get_store().rename(kept.run_id, kept.owner, new.strip())
                st.session_state[_RENAMED] = times_renamed() + 1
                st.rerun()


def times_renamed() -> int:
    """How often this visitor has given a run a name. A fold that is named by it closes when one is given."""
    return st.session_state.get(_RENAMED, 0)


def _download(kept: KeptRun) -> None:
    st.download_button(
        say("Download"),
        lambda: get_store().pack(kept.run_id),
        file_name=f"resnet-lab-{kept.run_id[:8]}.zip",
        mime="application/zip",
        key=f"download_{kept.run_id}",
        icon=":material/download:",
        on_click="ignore",
        help=say("Settings, numbers as CSV and JSON, weights as safetensors."),
    )


def _ask(run_id: str) -> None:
    st.session_state[_DELETING] = run_id


def _delete(kept: KeptRun) -> None:
    _ask("")
    with boundary():
        get_store().delete(kept.run_id, kept.owner)
        kept_choice.drop(kept.run_id)
        if "run" in st.query_params:
            del st.query_params["run"]
        st.toast(say("Deleted."), icon=":material/delete:")
        st.rerun()
