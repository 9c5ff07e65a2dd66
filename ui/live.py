"""The training runs that belong to one visitor: started here, running elsewhere, kept until the visitor leaves.

They are kept in the session's state, which outlives a broken connection; a session-scoped resource would be dropped at
the first hiccup of the school's Wi-Fi.
"""

import uuid
from dataclasses import dataclass, field, replace

import streamlit as st

from resnet_core import ENDED, EngineError, RunHeader, RunRecord, RunResult, RunSpec, RunUpdate, get_engine


@dataclass
class Run:
    """One run as far as this visitor has seen it."""

    spec: RunSpec
    run_id: str
    update: RunUpdate
    records: list[RunRecord] = field(default_factory=list)
    header: RunHeader | None = None
    result: RunResult | None = None

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
        if self.update.state in ("finished", "stopped") and self.records:
            self._fetch_result()
        return self.update

    def _fetch_result(self) -> None:
        try:
            self.result = get_engine().result(self.run_id)
        except EngineError:
            self.result = None  # it left no weights; its records are here


@dataclass
class _Desk:
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    runs: dict[str, Run] = field(default_factory=dict)


def _desk() -> _Desk:
    return st.session_state.setdefault("_desk", _Desk())


def start(place: str, spec: RunSpec) -> None:
    """Begin a run for a page. A visitor has one run at a time: an earlier one, also of another page, is stopped.

    Raises:
        QueueFull: too many are waiting already.
    """
    desk = _desk()
    run_id = get_engine().submit(spec, desk.owner)
    desk.runs[place] = Run(spec, run_id, RunUpdate(run_id, "queued", 0, ()))


def act(action: str, run_id: str) -> None:
    """Pause, resume or stop a run. Whether the engine still knows it is for the next refresh to say."""
    try:
        getattr(get_engine(), action)(run_id)
    except EngineError:
        return


def current(place: str) -> Run | None:
    """The run that a page began last, if any."""
    return _desk().runs.get(place)


def active() -> list[Run]:
    """The runs that have not ended, as far as this visitor knows."""
    return [run for run in _desk().runs.values() if not run.ended]


def finished() -> dict[str, Run]:
    """The runs whose weights are at hand, by the page that began them."""
    for run in active():
        run.refresh()
    return {place: run for place, run in _desk().runs.items() if run.result is not None}
