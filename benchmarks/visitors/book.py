"""The book of runs, kept by those who pressed Train: what became of each, as their screens told them.

Nothing here asks the app. A run that no screen explains is unaccounted for.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from benchmarks.visitors.screen import Screen

Fate = Literal[
    "completed",
    "completed after restart",
    "stopped by visitor",
    "ended by leaving",
    "ended by limit",
    "lost",
    "running at the end",
    "unaccounted",
]
ERROR, WARNING = 1, 2  # tones of an alert
STOPPED, LEFT, QUEUED = "Stopped after", "Nobody watched", "Waiting"  # how the app's sentences begin
LIMIT = "as long as one may"  # it has trained
RESTARTED = ("died", "connection to the workers")  # what befell the worker of a run that goes on all the same


class Sight(NamedTuple):
    """What the page for training says about its run."""

    state: Literal["none", "queued", "active", "finished", "stopped", "left", "limit", "lost"]
    told: str = ""  # what befell it

    @property
    def ended(self) -> bool:
        """Whether nothing new will come."""
        return self.state not in ("none", "queued", "active")


def look(screen: Screen, place: str = "train") -> Sight:
    """Read the run's state off the page. The panel that shows it redraws itself, so it is a fragment."""
    alerts = [thing for thing in screen.of_kind("alert") if thing.fragment]
    told = " ".join(thing.text for thing in alerts)
    if any(thing.key == f"stop_{place}" for thing in screen.of_kind("button")):
        queued = any(text.startswith(QUEUED) for text in screen.texts("progress"))
        return Sight("queued" if queued else "active", told)
    if any(thing.text.startswith(STOPPED) for thing in alerts):
        return Sight("left" if LEFT in told else "limit" if LIMIT in told else "stopped", told)
    if any(thing.tone == WARNING for thing in alerts):
        return Sight("lost", told)
    if any(thing.key.startswith(f"monitor_{place}_") for thing in screen.of_kind("bidi_component")):
        return Sight("finished", told)
    return Sight("none")


def refused(screen: Screen) -> bool:
    """Whether the page says why it does not begin the run: the queue is full, or the workers are out of reach."""
    return any(thing.tone == WARNING for thing in screen.of_kind("alert") if not thing.fragment)


@dataclass
class Entry:
    """One run."""

    visitor: int
    begun: float
    last: Sight = field(default=Sight("none"))
    told: str = ""
    told_at: float = 0.0
    stop_pressed: bool = False
    fate: Fate | None = None


class Book:
    """All runs of a lesson."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.refused = 0
        self._open: dict[int, Entry] = {}

    def begin(self, visitor: int) -> None:
        """A visitor has begun a run. One that was still going on is stopped by that."""
        if earlier := self._open.get(visitor):
            earlier.fate = "stopped by visitor"
        self._open[visitor] = Entry(visitor, time.perf_counter())
        self.entries.append(self._open[visitor])

    def press_stop(self, visitor: int) -> None:
        """A visitor presses Stop."""
        if entry := self._open.get(visitor):
            entry.stop_pressed = True

    def see(self, visitor: int, sight: Sight) -> None:
        """A visitor sees what has become of the run so far."""
        entry = self._open.get(visitor)
        if entry is None:
            return
        entry.last = sight
        if sight.told and not entry.told_at and _says_so(sight):
            entry.told, entry.told_at = sight.told, time.perf_counter()
        if sight.ended:
            entry.fate = _fate(entry, sight)
            del self._open[visitor]

    def close(self, found: set[int]) -> None:
        """The lesson is over: `found` are the visitors who have looked for their run a last time."""
        for visitor, entry in self._open.items():
            going_on = visitor in found and entry.last.state in ("queued", "active")
            entry.fate = "running at the end" if going_on else "unaccounted"
        self._open.clear()

    def count(self, fate: Fate) -> int:
        """How many runs came to this."""
        return Counter(entry.fate for entry in self.entries)[fate]

    def has_open(self, visitor: int) -> bool:
        """Whether this visitor does not know yet how the last run ended."""
        return visitor in self._open


def _says_so(sight: Sight) -> bool:
    """Whether the page tells that the run's worker is no more."""
    return sight.state == "lost" or any(words in sight.told for words in RESTARTED)


def _fate(entry: Entry, sight: Sight) -> Fate:
    match sight.state:
        case "finished":
            return "completed after restart" if entry.told else "completed"
        case "left":
            return "ended by leaving"
        case "limit":
            return "ended by limit"
        case "lost":
            return "lost"
        case "stopped" if entry.stop_pressed:
            return "stopped by visitor"
        case _:
            return "unaccounted"
