"""What a page draws and asks in one run, kept by reference, so that a report of the page can say the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st

from resnet_core import RunSpec
from ui.charts import Figure

_SHEET, _LASTING = "_sheet", "_lasting_piece"


class Drawn(NamedTuple):
    """A figure, and what it shows."""

    figure: Figure
    alt: str


class Told(NamedTuple):
    """What follows from the numbers, and the numbers."""

    sentence: str
    table: Sequence[dict[str, object]] = ()


class Noted(NamedTuple):
    """What a page says beside a figure: under which conditions it holds, or that it is recorded."""

    words: str


class Judged(NamedTuple):
    """A prediction beside what the numbers bear out."""

    words: str


class Pictured(NamedTuple):
    """A picture, (H, W, 3) of uint8, and what it is."""

    pixels: Any
    words: str


class Network(NamedTuple):
    """The data of a network drawing, see ui/charts/network_plan.py."""

    data: dict[str, Any]


class Asked(NamedTuple):
    """An experiment of the catalogue and its question; the command only where the answer is a recorded one."""

    name: str
    question: object
    command: str = ""


class Recorded(NamedTuple):
    """The spec of a recorded run, and the command that makes it again."""

    spec: RunSpec
    command: str


class Trained(NamedTuple):
    """A run that has ended."""

    spec: RunSpec
    state: str
    steps: int  # that its networks made


@dataclass(slots=True)
class Piece:
    """What one fragment draws: replaced whole when the fragment is drawn again."""

    entries: "list[Entry]" = field(default_factory=list)


Entry = Drawn | Told | Noted | Judged | Pictured | Network | Asked | Recorded | Trained | Piece


@dataclass(slots=True)
class Sheet:
    """One page in one run."""

    title: str = ""
    part: str = ""  # of the page, or the name of what is open there
    predicted: str = ""
    settings: dict[str, tuple[str, object]] = field(default_factory=dict)  # by widget: label, and what it shows
    files: bool = False  # whether a visitor brought one along; it is in no link
    entries: list[Entry] = field(default_factory=list)
    person: str = ""
    answers: tuple[str, ...] = ()
    _pieces: dict[str, Piece] = field(default_factory=dict)
    _group: str = ""
    _open: list[list[Entry]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Put something at the end, or at the end of the piece that is being drawn."""
        (self._open[-1] if self._open else self.entries).append(entry)

    @contextmanager
    def piece(self, name: str) -> Iterator[Piece]:
        """What is drawn inside stands at one place, and takes the place of what this piece held before.

        A fragment that was interrupted leaves its piece as it was.
        """
        if name not in self._pieces:
            self._pieces[name] = Piece()
            self.add(self._pieces[name])
        depth, fresh = len(self._open), list[Entry]()
        self._open.append(fresh)
        try:
            yield self._pieces[name]
            self._pieces[name].entries = fresh
        finally:
            del self._open[depth:]

    def flat(self) -> list[Entry]:
        """Everything in the order of the page, pieces opened."""
        return list(_opened(self.entries))


def begin(title: str) -> Sheet:
    """A page is about to be drawn from its top."""
    st.session_state[_SHEET] = Sheet(title)
    return st.session_state[_SHEET]


def current() -> Sheet:
    """The sheet of the page that is drawn, also while a fragment of it is drawn again."""
    return st.session_state[_SHEET] if _SHEET in st.session_state else begin("")


def add(entry: Entry) -> None:
    """Note what the page has just drawn."""
    current().add(entry)


def ask(key: str, label: str, shown: object) -> None:
    """Note what a control is called and what it shows."""
    page = current()
    page.settings[key] = (f"{page._group}: {label}" if page._group else label, shown)


@contextmanager
def group(name: str) -> Iterator[None]:
    """Controls that a page has several times over, once for each thing that it sets up."""
    page = current()
    page._group, before = name, page._group
    try:
        yield
    finally:
        page._group = before


def bring(key: str, label: str, filename: str) -> None:
    """Note a file that a visitor brought along."""
    ask(key, label, filename)
    current().files = True


@contextmanager
def lasting(name: str) -> Iterator[None]:
    """A piece that the cards after it may `recall`. One per visitor: the next takes its place."""
    with current().piece(name) as piece:
        st.session_state[_LASTING] = (name, piece)
        yield


def recall(name: str) -> None:
    """Put what the visitor saw on an earlier card of the same page, if they did."""
    known, piece = st.session_state.get(_LASTING, ("", None))
    if known == name:
        add(piece)


def _opened(entries: Sequence[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if isinstance(entry, Piece):
            yield from _opened(entry.entries)
        else:
            yield entry
