"""Where training runs live: submit, watch, pause, stop. This room knows nothing of Streamlit.

Importing it costs nothing: Dask and torch are loaded when the engine is first asked for.
"""

import atexit
import os
import threading
import time
from typing import TYPE_CHECKING

from resnet_core.errors import EngineError

if TYPE_CHECKING:
    from resnet_core.engine.jobs import Engine

_lock = threading.Lock()
_engine: "Engine | None" = None


def get_engine() -> "Engine":
    """The engine of this process, started if it is not there yet. It is ready for runs at once: they wait for it.

    RESNET_LAB_ENGINE chooses "dask" (worker processes; the default) or "inline" (a thread of this process).

    Raises:
        EngineError: a RESNET_LAB_ variable of the engine has a value that is not allowed.
        StoreError: one of the store, which keeps the runs that ended.
    """
    global _engine  # noqa: PLW0603 - one per process is the point
    with _lock:
        if _engine is None:
            _engine = _make_engine(os.environ.get("RESNET_LAB_ENGINE", "") or "dask")
            atexit.register(close_engine)
        return _engine


def warm_up(seconds: float = 60.0) -> bool:
    """Start the engine and wait until it has workers, `seconds` at most. Returns whether it has.

    Raises:
        EngineError: see get_engine.
    """
    engine = get_engine()
    deadline = time.monotonic() + seconds
    while not engine.ready() and time.monotonic() < deadline:
        time.sleep(0.05)
    return engine.ready()


def close_engine() -> None:
    """End the engine of this process and its runs, leaving no process behind. Does nothing where there is none."""
    global _engine
    with _lock:
        engine, _engine = _engine, None
    if engine is not None:
        atexit.unregister(close_engine)
        engine.close()


def _make_engine(kind: str) -> "Engine":
    from resnet_core.engine.settings import EngineSettings
    from resnet_core.store import get_store

    settings = EngineSettings.from_environment()
    if kind not in ("dask", "inline"):
        raise EngineError("RESNET_LAB_ENGINE is {kind!r}. It must be 'dask' or 'inline'.", kind=kind)
    archive = get_store()
    if kind == "inline":
        from resnet_core.engine.inline_engine import InlineEngine

        return InlineEngine(settings=settings, archive=archive)
    from resnet_core.engine.dask_engine import DaskEngine

    return DaskEngine(settings=settings, archive=archive)
