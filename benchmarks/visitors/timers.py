"""Parts of a page that redraw themselves: the app says how often, and the browser asks."""

import asyncio
import time
from collections.abc import Awaitable, Callable

ANSWERED = 1.0  # seconds after which a run that has not begun will not begin


class Timers:
    """One timer for each fragment. `ask` asks the app to run a fragment again."""

    def __init__(self, ask: Callable[[str], Awaitable[None]]) -> None:
        self._ask = ask
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._asked: dict[str, float] = {}  # when

    def waits_for(self, fragment: str) -> bool:
        """Whether a timer has asked for this fragment and its run has not begun. The app may drop what a timer asks."""
        return time.monotonic() - self._asked.get(fragment, -ANSWERED) < ANSWERED

    def begun(self, fragments: tuple[str, ...]) -> bool:
        """A run has begun: of some fragments, or of all. Returns whether a timer had asked for these fragments."""
        asked = [self._asked.pop(fragment, None) for fragment in fragments or tuple(self._asked)]
        return bool(fragments) and any(asked)

    def set(self, fragment: str, seconds: float) -> None:
        """Ask every so often. One that runs at this pace already goes on."""
        if fragment in self._timers and self._timers[fragment][0] == seconds:
            return
        self.stop(fragment)
        self._timers[fragment] = seconds, asyncio.create_task(self._tick(fragment, seconds))

    def stop(self, fragment: str) -> None:
        """Ask for this fragment no more."""
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()

    def stop_all(self) -> None:
        """Ask for nothing any more."""
        for fragment in list(self._timers):
            self.stop(fragment)
        self._asked.clear()

    async def _tick(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            self._asked[fragment] = time.monotonic()
            await self._ask(fragment)
