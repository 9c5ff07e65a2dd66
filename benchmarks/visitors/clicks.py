"""How long the app takes to answer a click."""

import asyncio
import time
from typing import NamedTuple

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

REDRAWN = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Click(NamedTuple):
    """How long the app took to answer."""

    kind: str
    at: float  # time.perf_counter() when it was sent
    first: float  # seconds until the first element came
    done: float  # seconds until the script had ended
    answered: bool


class Awaited:
    """The answer to a click: the run of the script, or of the click's fragment, that begins after it."""

    def __init__(self, fragment: str) -> None:
        self.first = 0.0  # time.perf_counter() when the first element came; 0 before
        self.finished: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._fragment = fragment
        self._run = ""

    def begin(self, run: str, fragments: tuple[str, ...]) -> None:
        """A run has begun. One of the whole script answers what was asked of a fragment as well.

        It also takes the place of an earlier one that has not ended, of which the server then says no more.
        """
        if not fragments or (not self._run and self._fragment in fragments):
            self._run = run

    def drawn(self, run: str) -> None:
        """A run has drawn something."""
        if run == self._run and not self.first:
            self.first = time.perf_counter()

    def finish(self, run: str, status: int) -> None:
        """A run has ended. Where it ended for the sake of another one, that one is the answer."""
        if run != self._run:
            return
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self._run = ""
        else:
            self.end(answered=status in REDRAWN)

    def end(self, *, answered: bool) -> None:
        """Wait no longer."""
        if not self.finished.done():
            self.finished.set_result(answered)
