"""A short computation where runs live, beside their training: how it is waited for."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from resnet_core.errors import EngineError

READY = 60.0  # seconds to wait for the first worker
PATIENCE = 180.0  # seconds to wait for a value
TRIES = 2


class Pending(Protocol):
    """A value that is being computed."""

    def result(self, timeout: float) -> Any:  # noqa: ANN401
        """Wait for it."""
        ...

    def release(self) -> None:
        """Hold it no longer."""
        ...


def wait_for(
    begin: Callable[[], Pending],
    ready: Callable[[], bool],
    closed: Callable[[], bool],
    lost: tuple[type[BaseException], ...],
) -> Any:  # noqa: ANN401
    """The value of what `begin` begins, begun again once if its process dies.

    Args:
        begin: hands the computation to a worker.
        ready: whether there are workers.
        closed: whether there will be none any more.
        lost: what is raised when a worker dies or cannot be reached.

    Raises:
        EngineError: there is no worker, or too many died, or it takes too long.
    """
    deadline = time.monotonic() + READY
    while not ready():
        if closed():
            raise EngineError("The server is shutting down. Measure again when it is back.")
        if time.monotonic() > deadline:
            raise EngineError("The processes that measure cannot be reached at the moment. Try again in a minute.")
        time.sleep(0.05)
    for _ in range(TRIES):
        pending = None
        try:
            pending = begin()
            return pending.result(timeout=PATIENCE)
        except TimeoutError:
            break
        except lost:
            if closed():
                break
        finally:
            if pending is not None:
                pending.release()
    raise EngineError(
        "The measurement did not come to an end: its process died, or the machine is too busy. Try it with a smaller "
        "network."
    )
