"""Lets a page's last words reach the browser before a part of the page is drawn again.

A script that has ended hands its last messages to the server's event loop. If a fragment asks to be drawn again before
the loop has come to them, Streamlit 1.67 starts a new runner and throws away what is left of the old one, its end
included: the page stays half drawn until the next click. On a server whose loop is 40 ms late that befell 2 of 60
clicks. See docs/decisions/0046.
"""

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

SOON = 0.01  # seconds

_request = AppSession.request_rerun


def deliver_first() -> None:
    """Have every session wait with a fragment until the run before it has been delivered."""
    AppSession.request_rerun = _request_when_delivered


def _request_when_delivered(self: AppSession, client_state: ClientState | None) -> None:
    if not (client_state and client_state.fragment_id and _has_ended(self._scriptrunner)):
        _request(self, client_state)
    elif not client_state.is_auto_rerun:  # a timer comes again by itself
        self._event_loop.call_later(SOON, self.request_rerun, client_state)


def _has_ended(runner: ScriptRunner | None) -> bool:
    """Whether a runner takes no more requests. Its session forgets it once its messages are delivered."""
    return runner is not None and runner._requests._state is ScriptRequestType.STOP
