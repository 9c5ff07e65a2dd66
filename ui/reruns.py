"""Lets a page's last words reach the browser before a part of the page is drawn again.

A script that has ended hands its last messages to the server's event loop. If a fragment asks to be drawn again before
the loop has come to them, Streamlit 1.67 starts a new runner and throws away what is left of the old one, its end
included: the page stays half drawn until the next click. On a server whose loop is 40 ms late that befell 2 of 60
clicks. See docs/decisions/0046.
"""

import time

from streamlit.runtime import exists, get_instance
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import RerunData

SOON = 0.01  # seconds
LATE = 0.3  # seconds that a field's words may come after the click that left it

_create = AppSession._create_scriptrunner


def deliver_first() -> None:
    """Have every session wait with a fragment until the run before it has been delivered."""
    AppSession._create_scriptrunner = _create_when_delivered


def wait_until_drawn(session_id: str, seconds: float) -> None:
    """Wait, in a thread of one's own, until all that a visitor has typed or clicked has been drawn.

    A field sends its words when it is left, by a click on a button for example. The click can be heard a little before.
    """
    time.sleep(LATE)
    session = get_instance().get_app_session(session_id) if exists() else None
    end = time.monotonic() + seconds
    while session is not None and session._scriptrunner is not None and time.monotonic() < end:
        time.sleep(SOON)


def _create_when_delivered(self: AppSession, initial_rerun_data: RerunData) -> None:
    """Called when no runner takes requests. Where there still is one, its last messages are on their way."""
    if self._scriptrunner is None or not initial_rerun_data.fragment_id:
        _create(self, initial_rerun_data)
    elif not initial_rerun_data.is_auto_rerun:  # a timer comes again by itself
        self._event_loop.call_later(SOON, _request, self, initial_rerun_data)


def _request(session: AppSession, data: RerunData) -> None:
    if session._state == AppSessionState.SHUTDOWN_REQUESTED:
        return
    if session._scriptrunner is None or not session._scriptrunner.request_rerun(data):
        session._create_scriptrunner(data)
