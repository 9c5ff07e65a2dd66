"""Ended runs and class boards, kept on this server's disk. Nothing of it leaves the server.

Everything lies below one folder: RESNET_LAB_HOME, or .resnet-lab in the home folder of whoever runs the server.
"""

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resnet_core.store.boards import Boards
    from resnet_core.store.runs import RunStore

_lock = threading.Lock()
_store: "RunStore | None" = None
_boards: "Boards | None" = None


def get_store() -> "RunStore":
    """The store of this process, opened at the first call.

    Raises:
        StoreError: a RESNET_LAB_ variable has a value that is not allowed.
    """
    global _store  # noqa: PLW0603 - one per process is the point
    with _lock:
        if _store is None:
            from resnet_core.store.runs import RunStore
            from resnet_core.store.settings import StoreSettings

            _store = RunStore(StoreSettings.from_environment())
        return _store


def get_boards() -> "Boards":
    """The class boards of this server, opened at the first call.

    Raises:
        StoreError: a RESNET_LAB_ variable has a value that is not allowed.
    """
    global _boards  # noqa: PLW0603 - one per process is the point
    with _lock:
        if _boards is None:
            from resnet_core.store.boards import Boards
            from resnet_core.store.settings import StoreSettings

            _boards = Boards(StoreSettings.from_environment())
        return _boards


def close_store() -> None:
    """Close the store and the boards of this process. The next call opens them again."""
    global _store, _boards
    with _lock:
        store, _store = _store, None
        boards, _boards = _boards, None
    for opened in (store, boards):
        if opened is not None:
            opened.close()
