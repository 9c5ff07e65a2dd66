"""The training runs that belong to one visitor: started here, running elsewhere, kept until the visitor leaves."""

import uuid
from dataclasses import dataclass, field

import streamlit as st

from resnet_core import (
    ENDED,
    RunHeader,
    RunRecord,
    RunResult,
    RunSpec,
    RunUpdate,
    get_engine,
)


@dataclass
class Run:
    """One run as far as this visitor has seen it."""

    spec: RunSpec
    run_id: str
    update: RunUpdate | None = None
    records: list[RunRecord] = field(default_factory=list)
    header: RunHeader | None = None
    result: RunResult | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing new will come."""
        return self.update is not None and self.update.state in ENDED

    def refresh(self) -> RunUpdate:
        """Fetch what is new. Asking also tells the engine that somebody still watches.

        Raises:
            EngineError: the engine no longer knows the run.
        """
        if self.update is not None and self.ended:
            return self.update
        self.update = get_engine().poll(self.run_id, len(self.records))
        self.records.extend(self.update.records)
        self.header = self.update.header or self.header
        if self.update.state in ("finished", "stopped"):
            self.result = get_engine().result(self.run_id)
        return self.update


@dataclass
class _Desk:
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    runs: dict[str, Run] = field(default_factory=dict)


@st.cache_resource(scope="session", show_spinner=False)
def _desk() -> _Desk:
    return _Desk()


def start(place: str, spec: RunSpec) -> None:
    """Begin a run for a page. A visitor has one run at a time: an earlier one, also of another page, is stopped.

    Raises:
        QueueFull: too many are waiting already.
    """
    desk = _desk()
    run_id = get_engine().submit(spec, desk.owner)
    desk.runs[place] = Run(spec, run_id)


def current(place: str) -> Run | None:
    """The run that a page began last, if any."""
    return _desk().runs.get(place)


def finished() -> dict[str, Run]:
    """The runs whose weights are at hand, by the page that began them."""
    return {place: run for place, run in _desk().runs.items() if run.result is not None}
