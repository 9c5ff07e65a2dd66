"""The training runs that belong to one visitor: started here, running elsewhere, found again by the same browser.

They are kept in the session's state, which outlives a broken connection; a session-scoped resource would be dropped at
the first hiccup of the school's Wi-Fi. A page that is loaded anew has a new session and asks the engine instead.
"""

import time
from dataclasses import dataclass, field, replace

import streamlit as st

from resnet_core import (
    ENDED,
    EngineError,
    ResNetCoreError,
    RunHeader,
    RunRecord,
    RunResult,
    RunSpec,
    RunUpdate,
    get_engine,
)
from ui import attendance, board
from ui.visitor import owner

HEEDED = 0.5  # seconds that a click waits at most for the run to heed it
SHOWS = {"pause": ("paused", *ENDED), "resume": ("running", "queued", *ENDED), "stop": ENDED}
FOUND_AGAIN = "train"  # the page that a run is shown on after a reload; no other one trains


@dataclass
class Run:
    """One run as far as this visitor has seen it."""

    spec: RunSpec
    run_id: str
    update: RunUpdate
    records: list[RunRecord] = field(default_factory=list)
    header: RunHeader | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing new will come."""
        return self.update.state in ENDED

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return min(1.0, len(self.records) / (self.spec.training.steps * len(self.spec.networks)))

    def refresh(self) -> RunUpdate:
        """Fetch what is new. Asking also tells the engine that somebody still watches.

        A run that the engine no longer knows is lost; what was seen of it stays.
        """
        if self.ended:
            return self.update
        try:
            self.update = get_engine().poll(self.run_id, len(self.records))
        except EngineError as problem:
            self.update = replace(self.update, state="lost", error=problem.message, error_values=problem.values)
            return self.update
        self.records.extend(self.update.records)
        self.header = self.update.header or self.header
        board.publish(self)
        return self.update

    def result(self) -> RunResult | None:
        """All of it with its weights, fetched when it is asked for; None where it left none."""
        if not (self.ended and self.records):
            return None
        try:
            return _result(self.run_id)
        except ResNetCoreError:
            return None  # it left no weights; its records are here


@st.cache_resource(max_entries=8, show_spinner=False)
def _result(run_id: str) -> RunResult:
    """The weights of a few runs that somebody looks at, shared by all and never written to."""
    return get_engine().result(run_id)


def _runs() -> dict[str, Run]:
    """This visitor's latest run by the page that began it."""
    if "_runs" not in st.session_state:
        runs: dict[str, Run] = {}
        for run in get_engine().runs_of(owner())[-1:]:
            if isinstance(run.spec, RunSpec):
                runs[FOUND_AGAIN] = _watched(run.spec, run.run_id)
        st.session_state["_runs"] = runs
    return st.session_state["_runs"]


def _watched(spec: RunSpec, run_id: str) -> Run:
    attendance.watch(run_id)
    return Run(spec, run_id, RunUpdate(run_id, "queued", 0, ()))


def start(place: str, spec: RunSpec) -> None:
    """Begin a run for a page. A visitor has one run at a time: an earlier one, also of another page, is stopped.

    Raises:
        QueueFull: too many are waiting already.
    """
    run_id = get_engine().submit(spec, owner())
    _runs()[place] = _watched(spec, run_id)


def act(action: str, run_id: str) -> None:
    """Pause, resume or stop a run, and wait a moment until it shows, so that the page need not be drawn twice for it.

    Whether the engine still knows the run is for the next refresh to say.
    """
    engine, deadline = get_engine(), time.monotonic() + HEEDED
    try:
        getattr(engine, action)(run_id)
        while engine.poll(run_id, attendance.NOTHING_NEW).state not in SHOWS[action] and time.monotonic() < deadline:
            time.sleep(0.02)
    except EngineError:
        return


def current(place: str) -> Run | None:
    """The run that a page began last, if any."""
    return _runs().get(place)


def active() -> list[Run]:
    """The runs that have not ended, as far as this visitor knows."""
    return [run for run in _runs().values() if not run.ended]


def finished() -> dict[str, Run]:
    """The runs that ended with weights, by the page that began them."""
    for run in active():
        run.refresh()
    return {place: run for place, run in _runs().items() if run.result() is not None}
