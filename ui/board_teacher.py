"""Open a board or join one; and what the one who opened it may do with it."""

import streamlit as st

from resnet_core import Board, BoardEntry, get_boards
from ui import board, board_file, board_task, charts
from ui.boundary import boundary
from ui.charts.board_points import error_of
from ui.charts.labels import percent
from ui.kept_words import plain
from ui.text import say
from ui.visitor import owner

_ASKED = "_board_asked"  # which of the things that cannot be undone was asked for


def door() -> None:
    """For those who are at no board: type a code, or open a board of one's own."""
    one, two = st.columns([2, 3], gap="large")
    with one:
        st.header(say("Join a board"))
        _join()
    with two:
        st.header(say("Open a board"))
        _open()
        _own()


def is_mine(opened: Board) -> bool:
    """Whether this browser opened the board."""
    return opened.owner == owner()


def manage(opened: Board) -> None:
    """What a teacher may do: take the numbers home, take entries off, clear, close."""

    @st.fragment
    def panel() -> None:
        with (
            st.expander(say("Manage this board"), icon=":material/settings:", key="board_manage", on_change="rerun"),
            boundary(),
        ):
            _panel(opened)

    panel()


def _panel(opened: Board) -> None:
    entries = get_boards().entries(opened.code)
    st.caption(say("The class trains: {task}").format(task=plain(board_task.in_words(opened.task))))
    _remove(opened, entries)
    with st.container(horizontal=True):
        st.download_button(
            say("Download as CSV"),
            lambda: board_file.table(get_boards().entries(opened.code)),
            file_name=f"board-{opened.code}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(say("Clear the board"), key="clear", icon=":material/mop:", on_click=_ask, args=("clear",))
        st.button(say("Close the board"), key="close", icon=":material/delete:", on_click=_ask, args=("close",))
    _confirm(opened, len(entries))


def _remove(opened: Board, entries: tuple[BoardEntry, ...]) -> None:
    if not entries:
        return
    one, two = st.columns([4, 1], vertical_alignment="bottom")
    with one:
        number = st.selectbox(
            say("One network"), range(len(entries)), format_func=lambda number: _name(entries[number]), index=None,
            key="entry", placeholder=say("Choose one"),
        )  # fmt: skip
    with two:
        if st.button(say("Take it off"), key="take_off", disabled=number is None) and number is not None:
            entry = entries[number]
            get_boards().remove(opened.code, owner(), entry.run_id, entry.network)
            st.rerun()


def _name(entry: BoardEntry) -> str:
    label = charts.network_labels([entry.config], say)[0]
    error = say("diverged") if entry.summary.diverged else percent(error_of(entry, "training"))
    parts = [entry.nickname, label, say("seed {seed}").format(seed=entry.spec.training.seed), error]
    return " · ".join(filter(None, parts))


def _confirm(opened: Board, count: int) -> None:
    asked = st.session_state.get(_ASKED)
    if asked is None:
        return
    if asked == "clear":
        words = say("All {count} networks will be gone from this board for good. The students keep their runs.")
        st.warning(words.format(count=count), icon=":material/mop:")
        label = say("Clear it for good")
    else:
        words = say("The code {code} will stop working and everything on the board will be gone for good.")
        st.warning(words.format(code=opened.code), icon=":material/delete:")
        label = say("Close it for good")
    with st.container(horizontal=True):
        if st.button(label, key="sure", type="primary"):
            _do(opened, asked)
        st.button(say("Keep it"), key="not_sure", on_click=_ask, args=(None,))


def _do(opened: Board, asked: str) -> None:
    _ask(None)
    if asked == "clear":
        get_boards().clear(opened.code, owner())
    else:
        get_boards().close_board(opened.code, owner())
        board.leave()
    st.rerun()


def _ask(what: str | None) -> None:
    st.session_state[_ASKED] = what


def _join() -> None:
    with st.form("join_board"):
        code = st.text_input(say("Code"), max_chars=12, key="code", autocomplete="off")
        name = st.text_input(say("Nickname (optional)"), board.nickname(), board.LONGEST_NICKNAME, key="join_name")
        if st.form_submit_button(say("Join"), icon=":material/login:"):
            with boundary():
                board.join(code)
                board.call_me(name)
                st.rerun()


def _open() -> None:
    with st.form("open_board"), boundary():
        title = st.text_input(say("Title"), max_chars=60, key="title", placeholder=say("Such as the name of the class"))
        with st.expander(say("What the class trains"), icon=":material/tune:", key="class_trains"):
            task = board_task.ask()
        if st.form_submit_button(say("Open a board"), icon=":material/add:"):
            board.join(get_boards().open(owner(), title, task).code)
            st.rerun()


def _own() -> None:
    for known in get_boards().boards_of(owner()):
        words = say("{title} ({code})").format(title=plain(known.title), code=known.code)
        st.button(words, key=f"again_{known.code}", on_click=_again, args=(known.code,), type="tertiary")


def _again(code: str) -> None:
    with boundary():
        board.join(code)
