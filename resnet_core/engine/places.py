"""What the desk needs of the places where runs live. A new kind of engine fills in these methods and nothing else."""

import abc
import threading
from collections import deque

from resnet_core.engine.reports import Message, Order
from resnet_core.engine.runs import Run
from resnet_core.engine.spool import Spool


class Places(abc.ABC):
    """Workers, as the desk sees them. The keeper's thread alone calls these methods, but for `_post`."""

    def __init__(self) -> None:
        self._spool = Spool()
        self._inbox: deque[bytes | Message] = deque()
        self._wake = threading.Event()

    def _post(self, message: bytes | Message) -> None:
        """Take a pickled report or a message, in any thread, without waiting."""
        self._inbox.append(message)
        self._wake.set()

    @abc.abstractmethod
    def _count(self, wanted: int) -> None:
        """Ask which workers there are, and for so many that are idle. The answer goes to `_post`, always.

        Gets hold of the workers first, where that has not been done or they were lost; only that may take a while.
        """

    @abc.abstractmethod
    def _launch(self, run: Run) -> None:
        """Start a run at run.place, from its save where the spool has one. What comes of it goes to `_post`."""

    @abc.abstractmethod
    def _tell(self, run: Run, order: Order) -> None:
        """Send an order to the worker. Whether it arrived goes to `_post`, always."""

    @abc.abstractmethod
    def _fetch(self, run: Run, records: int) -> None:
        """Bring the worker's save after so many records to the spool, as a part. What comes of it goes to `_post`."""

    @abc.abstractmethod
    def _kill(self, run: Run) -> None:
        """End the process that trains a run, which does not listen any more."""

    @abc.abstractmethod
    def _let_go(self, key: str) -> None:
        """Free what a start of a run still holds. Its worker may be at work yet, if the run was lost."""

    @abc.abstractmethod
    def _shut(self) -> None:
        """Let go of the workers, leaving no process behind."""
