"""Answers that take a while, worked out in the processes that train. The whole class shares them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from resnet_core import get_engine


class Answers:
    """Questions that are under way or answered. Any thread may ask; whoever asks the same gets the same answer.

    Args:
        places: how many are worked out at a time; the others wait, first come first served.
        most: how many are kept. The one goes that nobody has asked for longest.
    """

    def __init__(self, places: int, most: int) -> None:
        self._pool = ThreadPoolExecutor(places, thread_name_prefix="answers")
        self._lock = Lock()
        self._most = most
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def ask(self, function: Callable[..., Any], *arguments: Hashable, edition: Hashable = None) -> Future[Any]:
        """The answer, now or later. `function` must be importable in a worker; what failed is tried again.

        Another `edition` is worked out anew.
        """
        key = function, arguments, edition
        with self._lock:
            answer = self._kept.pop(key, None)
            if answer is None or (answer.done() and answer.exception()):
                answer = self._pool.submit(get_engine().measure, function, *arguments)
            self._kept[key] = answer
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return answer

    def has(self, function: Callable[..., Any], *arguments: Hashable, edition: Hashable = None) -> bool:
        """Whether this has been asked and has come to an end, be it an error. Asks nothing."""
        with self._lock:
            answer = self._kept.get((function, arguments, edition))
        return answer is not None and answer.done()

    @property
    def busy(self) -> bool:
        """Whether somebody waits for one."""
        with self._lock:
            return not all(answer.done() for answer in self._kept.values())
