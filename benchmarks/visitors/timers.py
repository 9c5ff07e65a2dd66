"""Parts of a page that redraw themselves: the app says how often, and the browser asks."""

import asyncio
from collections.abc import Awaitable, Callable


class Timers:
    """One timer for each fragment. `ask` asks the app to run a fragment again."""

    def __init__(self, ask: Callable[[str], Awaitable[None]]) -> None:
        self._ask = ask
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._asked: set[str] = set()

    def waits_for(self, fragment: str) -> bool:
        """Whether a timer has asked for this fragment and its run has not begun."""
        return fragment in self._asked

    def begun(self, fragments: tuple[str, ...]) -> bool:
        """A run has begun: of some fragments, or of all. Returns whether a timer had asked for these fragments."""
        asked = bool(self._asked & set(fragments))
        self._asked -= set(fragments) if fragments else self._asked
        return asked

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
            self._asked.add(fragment)
            await self._ask(fragment)
