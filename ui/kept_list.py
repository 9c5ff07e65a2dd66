"""The visitor's kept runs, newest first, a few at a time, and the way in for runs from elsewhere."""

from collections.abc import Sequence

import streamlit as st

from resnet_core import KeptRun, get_store
from ui import kept_actions, kept_choice, kept_words
from ui.boundary import boundary
from ui.places import page_link
from ui.text import say
from ui.visitor import owner

ROWS = 6  # on a page of the list
MEGABYTES = 20  # of an uploaded run, at most
_ROUND = "kept_import_round"


def rows(runs: Sequence[KeptRun], chosen: Sequence[str]) -> None:
    """Draw the list. A ticked run is compared."""
    for kept in _page(runs):
        with st.container(border=True, key=f"kept_{kept.run_id}", gap="xsmall"):
            _row(kept, kept.run_id in chosen)
            kept_actions.confirm(kept)


def nothing_yet() -> None:
    """What to do when there is no run."""
    st.info(
        say("No run of this browser is kept here yet. Runs that you train appear by themselves when they end."),
        icon=":material/info:",
    )
    page_link("train", say("Train live"))


def notices() -> None:
    """What the visitor should know about the store: damaged runs, and a store that does not last."""
    store = get_store()
    if damaged := len(store.problems(owner())):
        words = say("Runs of yours that cannot be read and are left out of the list: {count}.")
        st.warning(words.format(count=damaged), icon=":material/info:")
    if store.fleeting:
        words = say("This server has no folder to keep runs in: they are gone when it ends. Download what you need.")
        st.warning(words, icon=":material/info:")


def room(runs: Sequence[KeptRun]) -> None:
    """How much is kept, how much can be, and what the store has to say."""
    settings = get_store().settings
    words = say(
        "Runs: {count}, {size} in all. They lie on this server and nowhere else; this browser knows them by a cookie. "
        "The server keeps a run for {days} days, and {quota} of all visitors' runs together; the oldest go first."
    )
    size = kept_words.megabytes(sum(kept.size for kept in runs))
    quota = kept_words.megabytes(settings.quota_mb * 1e6)
    st.caption(words.format(count=len(runs), size=size, days=f"{settings.keep_days:g}", quota=quota))


def bring_in() -> None:
    """Ask for the file of a run that was taken home, here or on another server."""
    number = st.session_state.setdefault(_ROUND, 0)
    upload = st.file_uploader(
        say("A run that was downloaded here or from another server (.zip)"),
        type="zip",
        key=f"import_{number}",
        max_upload_size=MEGABYTES,
    )
    if upload is None:
        return
    st.session_state[_ROUND] = number + 1  # a file is read once, whatever comes of it
    with boundary():
        kept = get_store().unpack(upload.getvalue(), owner())
        words = say("Imported: {name}")
        st.toast(words.format(name=kept_words.plain(kept_words.name(kept))), icon=":material/check:")
        st.rerun()


def _page(runs: Sequence[KeptRun]) -> Sequence[KeptRun]:
    if len(runs) <= ROWS:
        return runs
    pages = -(-len(runs) // ROWS)
    number = min(st.pagination(pages, key=f"kept_page_of_{pages}"), pages)
    return runs[ROWS * (number - 1) : ROWS * number]


def _row(kept: KeptRun, picked: bool) -> None:
    key = f"pick_{kept.run_id}"
    st.session_state[key] = picked
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"**{kept_words.plain(kept_words.name(kept))}**"
        st.checkbox(label, key=key, on_change=kept_choice.toggle, args=(kept.run_id,), width="stretch")
        page_link("runs", say("Open"), icon=":material/open_in_full:", run=kept.run_id)
        fold = f"more_{kept.run_id}_{kept_actions.times_renamed()}"
        with st.popover(say("More"), key=fold, icon=":material/more_vert:"):
            kept_actions.actions(kept)
    st.markdown(kept_words.errors(kept))
    st.caption(kept_words.details(kept))
