"""What a worker process has at hand for its runs: the newest order and save of each, and saves that are sent to it.

A run lives in a thread; orders are written and saves are read by the thread that talks to the network. Each value is
replaced as a whole, so neither has to wait for the other.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from resnet_core.engine.reports import FIRST_ORDER, Order

PIECE = 4_000_000  # bytes of a save that travel at once
LEFT_ALONE = 120.0  # seconds after which a parcel that nobody opened is thrown away


@dataclass(slots=True, eq=False)
class Tray:
    """Of one start of a run."""

    order: Order = field(default=FIRST_ORDER)
    save: tuple[int, bytes] | None = None  # (records before it, pickled Save)

    def keep(self, records: int, save: bytes) -> None:
        """Put a save where it can be fetched."""
        self.save = records, save


@dataclass(slots=True, eq=False)
class Parcel:
    """A save on its way to a run that is to go on from it."""

    content: bytearray = field(default_factory=bytearray)
    complete: threading.Event = field(default_factory=threading.Event)
    touched: float = field(default_factory=time.monotonic)


trays: dict[str, Tray] = {}  # by Run.key: the runs that this process trains
_parcels: dict[str, Parcel] = {}
_lock = threading.Lock()


def heed(key: str, order: Order) -> bool:
    """Note an order, unless a newer one is known. Returns whether the run is here."""
    tray = trays.get(key)
    if tray is None:
        return False
    if order.number > tray.order.number:
        tray.order = order
    return True


def piece_of_save(key: str, records: int, offset: int) -> tuple[int, bytes] | None:
    """The length of a save and a piece of it; None where the run is not here or holds another save by now."""
    tray = trays.get(key)
    if tray is None or tray.save is None or tray.save[0] != records:
        return None
    save = tray.save[1]
    return len(save), save[offset : offset + PIECE]


def receive(key: str, offset: int, piece: bytes, length: int) -> None:
    """Take a piece of a save that the run called `key` is to go on from."""
    parcel = _parcel(key)
    if offset == len(parcel.content):
        parcel.content += piece
    if len(parcel.content) == length:
        parcel.complete.set()


def open_parcel(key: str, wanted: Callable[[], bool], seconds: float) -> bytes:
    """Wait for a save that was sent here.

    Raises:
        TimeoutError: it has not come within `seconds`, or is not `wanted` any more.
    """
    parcel, deadline = _parcel(key), time.monotonic() + seconds
    try:
        while not parcel.complete.wait(0.1):
            if time.monotonic() > deadline or not wanted():
                raise TimeoutError("the save that this run was to go on from has not come")
        return bytes(parcel.content)
    finally:
        _parcels.pop(key, None)


def _parcel(key: str) -> Parcel:
    with _lock:
        old = time.monotonic() - LEFT_ALONE
        for left in [name for name, parcel in _parcels.items() if parcel.touched < old]:
            del _parcels[left]
        parcel = _parcels.setdefault(key, Parcel())
        parcel.touched = time.monotonic()
        return parcel
