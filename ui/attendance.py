"""Asks about the runs of visitors whose browser is connected but silent.

A browser slows the timers of a tab that is not looked at, after five minutes to one a minute, so the page alone could
not keep its run, or its place in the queue, for a student who reads something else meanwhile. As long as the
connection stands, the server asks in the tab's place; when it breaks, the engine's grace begins.
"""

import threading

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from resnet_core import ENDED, EngineError, get_engine

SECONDS = 5.0  # between two rounds; the engine's grace is 20
NOTHING_NEW = 2**31  # a number of records that no run has, so that none is read

_lock = threading.Lock()
_watching: dict[str, set[str]] = {}  # run ids by session


def watch(run_id: str) -> None:
    """This session's browser shows a run."""
    context = get_script_run_ctx()
    if context is not None:
        with _lock:
            _watching.setdefault(context.session_id, set()).add(run_id)


def leave(run_id: str) -> None:
    """This session's browser shows a run no more."""
    context = get_script_run_ctx()
    if context is not None:
        with _lock:
            _watching.get(context.session_id, set()).discard(run_id)


def keep(closed: threading.Event) -> None:
    """Go round until the server closes. For a thread of its own."""
    while not closed.wait(SECONDS):
        go_round()


def go_round() -> None:
    """Ask once about every run of a connected session, and forget those that have ended."""
    if not exists():
        return
    with _lock:
        watching = {session: tuple(runs) for session, runs in _watching.items()}
    for session, runs in watching.items():
        ended = {run_id for run_id in runs if get_instance().is_active_session(session) and _has_ended(run_id)}
        with _lock:
            _watching[session] -= ended
            if not _watching[session]:
                del _watching[session]


def _has_ended(run_id: str) -> bool:
    try:
        return get_engine().poll(run_id, NOTHING_NEW).state in ENDED
    except EngineError:
        return True
