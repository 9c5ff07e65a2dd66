"""How long a waiting run will have to wait."""

import heapq
from collections.abc import Sequence


def expected_wait(position: int, places: int, remaining: Sequence[float | None], typical: float | None) -> float | None:
    """Seconds until the run at `position` (1 is next) starts, if runs take whichever place is free first.

    Args:
        position: 1 for the next run.
        places: workers.
        remaining: seconds that each running run still needs; None where it has not shown its speed yet.
        typical: seconds that a run takes; None where nothing is known.

    Returns None where nothing is known.
    """
    if len(remaining) < places:
        remaining = [*remaining, *[0.0] * (places - len(remaining))]
    known = [typical if left is None else max(0.0, left) for left in remaining]
    if not known or None in known or (position > 1 and typical is None):
        return None
    free = [left for left in known if left is not None]
    heapq.heapify(free)
    for _ in range(position - 1):
        heapq.heapreplace(free, free[0] + (typical or 0.0))
    return free[0]
