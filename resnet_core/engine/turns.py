"""Who makes room when others wait, and how long the waiting will take."""

import statistics
from collections.abc import Iterable, Sequence

from resnet_core.engine.runs import Run
from resnet_core.engine.waits import expected_wait

NEARLY_DONE = 0.1  # of a turn: a run that needs no more than this to its end may finish


def who_may_leave(active: Iterable[Run], turn: float) -> list[Run]:
    """The runs that have to make room when others wait: first those that are paused, then those with the longest turn.

    Args:
        active: runs that have a worker.
        turn: seconds that a run may train before it makes room.
    """
    asked = [run for run in active if run.attempt and run.header and not run.leaving and run.wanted != "stop"]
    return sorted(filter(lambda run: _must_leave(run, turn), asked), key=lambda run: (not _rests(run), -run.turn))


def wait_for_turn(
    position: int, places: int, active: Sequence[Run], durations: Sequence[float], turn: float
) -> float | None:
    """Seconds until the run at `position` (1 is next) gets a worker, when nobody keeps one for more than a turn.

    Args:
        position: 1 for the next run.
        places: workers.
        active: runs that have a worker.
        durations: seconds that earlier runs took.
        turn: seconds that a run may train before it makes room.

    Returns None where nothing is known.
    """
    estimates = durations or [run.seconds + run.remaining for run in active if run.remaining is not None]
    typical = min(statistics.median(estimates), turn) if estimates else None
    return expected_wait(position, places, [_remaining(run, turn, typical) for run in active], typical)


def _rests(run: Run) -> bool:
    return run.state == "paused" and run.wanted == "pause"


def _must_leave(run: Run, turn: float) -> bool:
    if _rests(run):
        return True
    nearly_done = run.remaining is not None and run.remaining <= NEARLY_DONE * turn
    return run.state == "running" and run.turn >= turn and not nearly_done


def _remaining(run: Run, turn: float, typical: float | None) -> float | None:
    if run.leaving or _rests(run):
        return 0.0
    known = typical if run.remaining is None else run.remaining
    return None if known is None else min(known, max(0.0, turn - run.turn))
