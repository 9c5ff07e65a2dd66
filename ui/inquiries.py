"""Experiments that take a while, as the class shares them: whoever asks what somebody asked before has its answer.

Nothing of Streamlit's session is kept here. A page looks at an inquiry as long as it shows it, and the looking keeps
it alive in the engine's queue.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

from resnet_core import ENDED, EngineError, Inquiry, RunUpdate, get_engine
from resnet_core.catalogue import experiment

NOTHING = 2**31  # a number of records that no run has
MOST = 256  # answers that are kept; the one goes that nobody has looked at longest


@dataclass(slots=True, eq=False)
class Asked:
    """What became of a question."""

    update: RunUpdate

    @property
    def ended(self) -> bool:
        """Whether nothing new will come."""
        return self.update.state in ENDED

    @property
    def answered(self) -> bool:
        """Whether the whole answer is there."""
        return self.update.state == "finished"

    @property
    def done(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self.update.progress.done if self.update.progress else 0.0

    @property
    def record(self) -> object:
        """What is known by now; None where that is nothing."""
        return self.update.progress.record if self.update.progress else None


_asked: OrderedDict[tuple[str, object], Asked] = OrderedDict()
_lock = Lock()


def find(name: str, question: object) -> Asked | None:
    """What became of a question that somebody asked; None where nobody did. Looking keeps it going."""
    with _lock:
        asked = _asked.get((name, question))
        if asked is not None:
            _asked.move_to_end((name, question))
    if asked is not None and not asked.ended:
        try:
            asked.update = get_engine().poll(asked.update.run_id, NOTHING)
        except EngineError as problem:
            asked.update = replace(asked.update, state="lost", error=problem.message, error_values=problem.values)
    return asked


def begin(name: str, question: object) -> Asked:
    """Ask, unless somebody has asked already and it goes well.

    Raises:
        QueueFull: too many wait already.
    """
    known = find(name, question)
    if known is not None and (known.answered or not known.ended):
        return known
    owner = "inquiry " + hashlib.sha256(f"{name} {question!r}".encode()).hexdigest()  # everybody's
    run_id = get_engine().submit(Inquiry(experiment(name).function, question), owner)
    asked = Asked(RunUpdate(run_id, "queued", 0, ()))
    with _lock:
        _asked[name, question] = asked
        while len(_asked) > MOST:
            _asked.popitem(last=False)
    return asked


def forget_all() -> None:
    """Drop every answer: the engine that worked on them has gone."""
    with _lock:
        _asked.clear()
