"""Who may start a run at an idle worker, where several app servers share a scheduler.

Looking for an idle worker and giving it a run are two journeys to the scheduler, and another server could look in
between. So the scheduler itself, which does one thing at a time, notes who was told of which worker.
"""

import time
from typing import Any, NamedTuple

WARM_UP, MEASURE = "warm-up-", "measure-"  # tasks of ours that keep no worker from training
SECONDS = 2.0  # that others leave a claimed worker alone


class Found(NamedTuple):
    """What a look at the workers found."""

    present: list[str]  # addresses
    mine: list[str]  # idle, and claimed for the one who looked
    idle: int  # how many are idle, claimed or not


def claim(engine: str, wanted: int, dask_scheduler: Any) -> Found:  # noqa: ANN401 - only one file knows Dask
    """Run in the scheduler: look for idle workers and claim as many as are wanted.

    Args:
        engine: names the one who looks.
        wanted: how many of its runs wait.
        dask_scheduler: filled in by the scheduler.
    """
    claims: dict[str, tuple[str, float]] = dask_scheduler.__dict__.setdefault("resnet_lab_claims", {})
    now = time.monotonic()
    tasks = {address: [task.key for task in worker.processing] for address, worker in dask_scheduler.workers.items()}
    idle = [address for address, keys in tasks.items() if all(key.startswith((WARM_UP, MEASURE)) for key in keys)]
    for address in [address for address, (_, until) in claims.items() if until < now or address not in idle]:
        del claims[address]
    free = [address for address in idle if claims.get(address, (engine,))[0] == engine]
    mine = free[:wanted]
    claims.update(dict.fromkeys(mine, (engine, now + SECONDS)))
    return Found(list(tasks), mine, len(free))
