"""Answers that take a while, worked out in the processes that train. The whole class shares them."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from resnet_core import get_engine

WANTED = 3.0  # seconds after the last question that a waiting one counts as wanted
FAILED = 10.0  # seconds that a failure is the answer before it is tried again


class Unwanted(Exception):
    """Its turn came when nobody waited for it any more."""


@dataclass(slots=True, eq=False)
class _Question:
    answer: Future[Any] = field(default_factory=Future)
    wanted: float = 0.0  # when it was asked last
    failed: float | None = None  # when

    @property
    def answered(self) -> bool:
        return self.answer.done() and self.failed is None


class Answers:
    """Questions that are under way or answered. Any thread may ask; whoever asks the same gets the same answer.

    Who waits asks again and again, since one whose turn comes when nobody has asked for a while is left out.

    Args:
        places: how many are worked out at a time; the others wait, first come first served.
        most: how many are kept. The one goes that nobody has asked for longest.
        clock: gives seconds.
    """

    def __init__(self, places: int, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = ThreadPoolExecutor(places, thread_name_prefix="answers")
        self._lock = Lock()
        self._most, self._clock = most, clock
        self._kept: OrderedDict[Hashable, _Question] = OrderedDict()

    def ask(self, function: Callable[..., Any], *arguments: Hashable, edition: Hashable = None) -> Future[Any]:
        """The answer, now or later. `function` must be importable in a worker; what failed is tried again later.

        Another `edition` is worked out anew.
        """
        key, measure = (function, arguments, edition), get_engine().measure
        with self._lock:
            question = self._kept.pop(key, None)
            if question is None or (question.failed is not None and self._clock() > question.failed + FAILED):
                question = _Question()
                self._pool.submit(self._work, key, question, measure)
            question.wanted = self._clock()
            self._kept[key] = question
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return question.answer

    def has(self, function: Callable[..., Any], *arguments: Hashable, edition: Hashable = None) -> bool:
        """Whether this has been asked and answered. Asks nothing."""
        with self._lock:
            question = self._kept.get((function, arguments, edition))
        return question is not None and question.answered

    def failed(self, function: Callable[..., Any], *arguments: Hashable, edition: Hashable = None) -> bool:
        """Whether this has been asked, has failed, and is not to be tried again yet. Asks nothing."""
        with self._lock:
            question = self._kept.get((function, arguments, edition))
            return question is not None and question.failed is not None and self._clock() <= question.failed + FAILED

    @property
    def busy(self) -> bool:
        """Whether somebody waits for one."""
        with self._lock:
            return any(not question.answer.done() for question in self._kept.values())

    def _work(self, key: Hashable, question: _Question, measure: Callable[..., Any]) -> None:
        with self._lock:
            if self._clock() > question.wanted + WANTED:
                if self._kept.get(key) is question:
                    del self._kept[key]
                question.answer.set_exception(Unwanted())
                return
        function, arguments, _ = key  # pyright: ignore[reportGeneralTypeIssues] - ask made it
        try:
            question.answer.set_result(measure(function, *arguments))
        except Exception as problem:  # noqa: BLE001 - whoever reads the answer is told
            question.failed = self._clock()
            question.answer.set_exception(problem)
