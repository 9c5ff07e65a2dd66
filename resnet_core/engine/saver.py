"""When a worker saves a run, so that another worker can go on from there."""

import pickle
import time
from collections.abc import Callable
from typing import Protocol

from resnet_core.engine.reports import Save

FIRST_AFTER = 1.0  # seconds of training
EVERY = 5.0  # seconds of training, or more:
SHARE = 0.01  # of the time that saving may take


class Saveable(Protocol):
    """A run that stands between two steps."""

    def checkpoint(self) -> bytes:
        """All that decides the steps to come."""
        ...

    def weights(self) -> tuple[bytes, ...]:
        """The networks as they are now, as safetensors."""
        ...


class Saver:
    """Saves a run now and then, the more rarely the longer it takes.

    Args:
        keep: takes the number of records before a save, and the pickled Save.
        seconds: that the run had trained when this worker took over.
    """

    def __init__(self, keep: Callable[[int, bytes], None], seconds: float = 0.0) -> None:
        self._keep = keep
        self._due = seconds + FIRST_AFTER

    def save_if_due(self, training: Saveable, records: int, seconds: float) -> bool:
        """Save the run if the last time was long enough ago. Returns whether it was."""
        if seconds < self._due:
            return False
        begin = time.perf_counter()
        self._keep(records, packed(training, records, seconds))
        self._due = seconds + max(EVERY, (time.perf_counter() - begin) / SHARE)
        return True


def packed(training: Saveable, records: int, seconds: float) -> bytes:
    """A pickled Save of a run that has shown `records` records in `seconds`."""
    return pickle.dumps(Save(records, seconds, training.checkpoint(), training.weights()))
