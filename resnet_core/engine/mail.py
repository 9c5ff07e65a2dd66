"""What travels between this machine and the workers that have a run: orders there, saves back."""

from collections.abc import Callable, Collection, Mapping

from resnet_core.engine.reports import Delivery, Fetched, Loss, Order
from resnet_core.engine.runs import Run
from resnet_core.engine.sentences import WORKER_DIED, WORKER_REPLACED

TELL_AGAIN = 0.2  # seconds after an order did not arrive
PATIENCE = 5.0  # seconds that a worker gets to heed a stop
PATIENCE_AT_START = 30.0  # the same while it loads torch and the pictures


class Mail:
    """The post book of the active runs. Not safe for several threads: the desk holds a lock around it."""

    def __init__(self, active: Mapping[str, Run], clock: Callable[[], float]) -> None:
        self._active = active
        self._clock = clock

    def untold(self) -> list[tuple[Run, Order]]:
        """Orders to be sent: one at a time to each worker, the newest, until it has arrived."""
        orders = []
        for run in self._active.values():
            if run.command != run.order.command:
                run.order = Order(run.order.number + 1, run.command)
            if run.attempt and run.told < run.order.number and not run.telling and run.next_try <= self._clock():
                run.telling = True
                orders.append((run, run.order))
        return orders

    def delivered(self, delivery: Delivery) -> None:
        """Write down whether an order arrived."""
        if run := self._find(delivery):
            run.telling = False
            if delivery.heard:
                run.told = max(run.told, delivery.number)
            else:
                run.next_try = self._clock() + TELL_AGAIN

    def to_fetch(self) -> list[tuple[Run, int]]:
        """Runs whose worker holds a newer save than this machine, and how many records came before it."""
        newer = []
        for run in self._active.values():
            have = -1 if run.saved is None else run.saved
            if run.attempt and not run.fetching and run.offered is not None and run.offered > have:
                run.fetching = True
                newer.append((run, run.offered))
        return newer

    def fetched(self, fetched: Fetched) -> bool:
        """Write down that a save has come to this machine, or has not. Returns whether it is of use."""
        run = self._find(fetched)
        if run is None:
            return False
        run.fetching = False
        if fetched.records is None:
            run.offered = None  # until the worker speaks of one again
        else:
            run.saved = fetched.records
        return fetched.records is not None

    def out_of_reach(self, places: Collection[str]) -> list[Loss]:
        """What to say of the runs whose workers are not among those that there are."""
        return [
            Loss(run.run_id, run.start, "lost", WORKER_DIED, {}, WORKER_REPLACED)
            for run in self._active.values()
            if run.place not in places
        ]

    def stubborn(self) -> list[Run]:
        """Runs whose workers have not heeded a stop for long. They are named again after as long."""
        runs = []
        for run in self._active.values():
            patience = PATIENCE if run.header else PATIENCE_AT_START
            if run.attempt and run.stop_since is not None and run.stop_since <= self._clock() - patience:
                run.stop_since = self._clock()
                runs.append(run)
        return runs

    def _find(self, slip: Delivery | Fetched) -> Run | None:
        run = self._active.get(slip.run_id)
        return run if run is not None and run.start == slip.start else None
