"""The class board that a visitor has joined: kept with the session and in the link of every page, fed by their runs."""

import logging
from typing import TYPE_CHECKING

import streamlit as st

from resnet_core import Board, ResNetCoreError, StoreError, get_boards
from ui import link
from ui.text import explain, say
from ui.visitor import owner

if TYPE_CHECKING:
    from ui.live import Run

log = logging.getLogger(__name__)

LONGEST_NICKNAME = 24  # characters
_JOINED, _NICKNAME, _DONE, _TROUBLE = "_board", "_nickname", "_board_runs", "_board_trouble"


def joined() -> str:
    """The code that the visitor came with or typed, as the address has it; empty for none."""
    return st.session_state.get(_JOINED, "")


def nickname() -> str:
    """What the visitor wants to be called; empty for nothing."""
    return st.session_state.get(_NICKNAME, "")


def join(code: str) -> Board:
    """Let this visitor's finished runs go to a board.

    Raises:
        StoreError: there is no such board.
    """
    board = get_boards().find(code)
    st.session_state[_JOINED] = board.code
    st.session_state.pop(_TROUBLE, None)
    link.write("board", board.code, default="")
    return board


def call_me(name: str) -> None:
    """Take over a nickname. Signs that cannot be printed, and what is too long, are left out."""
    printable = "".join(sign for sign in name if sign.isprintable())
    st.session_state[_NICKNAME] = printable.strip()[:LONGEST_NICKNAME].strip()
    link.write("nick", nickname(), default="")


def leave() -> None:
    """Let later runs stay where they are. What is on the board stays there."""
    for key in (_JOINED, _TROUBLE):
        st.session_state.pop(key, None)
    link.write("board", "", default="")


def recall() -> None:
    """On every page, before anything else: join as the address says, and write into it what the session knows."""
    asked = link.on_arrival("nick")
    if asked is not None or nickname():
        call_me(nickname() if asked is None else asked)
    if code := link.on_arrival("board") or joined():
        try:
            join(code)
        except StoreError as problem:
            leave()
            st.session_state[_TROUBLE] = problem


def remind() -> None:
    """Say where the visitor's runs go, and what kept one from going there."""
    if code := joined():
        st.caption(say("Your finished runs go to board **{code}**.").format(code=code))
        st.button(say("Leave the board"), key="leave_board", icon=":material/logout:", on_click=leave, type="tertiary")
    trouble = st.session_state.get(_TROUBLE)
    if trouble is not None:
        st.warning(explain(trouble), icon=":material/info:")


def publish(run: "Run") -> None:
    """Put a run that has finished on the board that the visitor has joined, once. Nothing that fails here is raised."""
    code = joined()
    known: set[tuple[str, str]] = st.session_state.setdefault(_DONE, set())
    if not code or run.update.state != "finished" or (code, run.run_id) in known:
        return
    known.add((code, run.run_id))
    try:
        if get_boards().add(code, run.run_id, run.spec, run.records, nickname(), owner()):
            st.toast(say("Your run is on board {code}.").format(code=code), icon=":material/check:")
    except ResNetCoreError as problem:
        st.session_state[_TROUBLE] = problem
    except Exception:
        log.exception("A run did not get onto a board")
