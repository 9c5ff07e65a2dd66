"""An engine whose runs live in Dask workers: processes of this machine, or a cluster's. Only this file knows Dask.

Three of Dask's habits do not suit training and are worked around here; docs/decisions/0040 has the numbers.
It places tasks eagerly, so runs wait in our own queue and are handed over one per free worker. It runs a task again,
silently, when its worker dies, so that is forbidden and a second start is noticed. It cannot interrupt a task, so
commands are written into the worker's memory, where the training loop looks before every step.
"""

import asyncio
import logging
import os
import signal
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from copy import deepcopy
from functools import partial
from typing import Any, cast

import dask.config
from dask.system import CPU_COUNT
from distributed import Client, Future, KilledWorker, LocalCluster, get_worker
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError
from tornado.ioloop import IOLoop

from resnet_core.engine import claims, measuring, tray, worker
from resnet_core.engine.carrier import Address, Carrier
from resnet_core.engine.dask_settings import DASK_SETTINGS, LASTING_SETTINGS
from resnet_core.engine.desk import Desk
from resnet_core.engine.jobs import Archive, Job
from resnet_core.engine.reports import Command, Loss, Order, Roster
from resnet_core.engine.runs import Run
from resnet_core.engine.sentences import CLUSTER_AWAITED, CLUSTER_LOST, WORKER_DIED, WORKER_REPLACED
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.spawning import spare_workers_the_main_script

TIMEOUT = 5.0  # seconds for any answer of the scheduler
TASK = "train-{}"  # what Dask calls a start of a run, by its key
SAVE_ARRIVES = 30.0  # seconds that a worker waits for the save of a run that is to go on

log = logging.getLogger(__name__)


class DaskEngine(Desk):
    """Runs training in the processes of a Dask cluster.

    Args:
        workers: processes to start on this machine; None for the settings' number. Not used with an address.
        address: of a scheduler that runs already, such as tcp://10.0.0.5:8786; None for the settings' one.
        settings: limits; None for the environment's.
        source: where records come from; None for real training. It must be importable in the workers.
        archive: where ended runs are kept; None for nowhere.
        warm: whether new workers import torch before their first run.
    """

    def __init__(
        self,
        workers: int | None = None,
        address: str | None = None,
        *,
        settings: EngineSettings | None = None,
        source: worker.Source | None = None,
        archive: Archive | None = None,
        warm: bool = True,
    ) -> None:
        settings = settings or EngineSettings.from_environment()
        self._address = settings.scheduler if address is None else address
        self._workers = workers or settings.workers or min(2, CPU_COUNT)
        self._source = source
        self._warm = warm
        self._topic = f"resnet-lab-{uuid.uuid4().hex}"
        self._cluster: LocalCluster | None = None
        self._client: Client | None = None
        self._carrier: Carrier
        self._futures: dict[str, Future] = {}
        self._warming: dict[str, Future] = {}
        self._present: list[str] = []
        super().__init__(settings, archive)

    def measure(self, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        """See Engine.measure."""

        def begin() -> Future:
            assert self._client is not None
            key = claims.MEASURE + uuid.uuid4().hex
            return self._client.submit(worker.measure, function, arguments, key=key, retries=0, pure=False)

        lost = (KilledWorker, CancelledError, ClosedClientError, CommClosedError)
        return measuring.wait_for(begin, self.ready, self._closed.is_set, lost)

    def _on_event(self, event: tuple[float, dict[str, bytes]]) -> None:
        self._post(event[1]["report"])

    def _count(self, wanted: int) -> None:
        client = self._connected()
        if self._warm:
            self._warm_up(client, self._present)
        self._in_loop(self._call_roll, client, wanted)

    async def _call_roll(self, client: Client, wanted: int) -> None:
        try:
            answer = cast(Awaitable[claims.Found], client.run_on_scheduler(claims.claim, self._topic, wanted))
            found = await asyncio.wait_for(answer, TIMEOUT)
        except Exception as problem:  # noqa: BLE001 - the keeper waits for an answer
            self._post(Roster([], [], 0, repr(problem)))
            return
        self._present = found.present
        self._post(Roster(*found))

    def _connected(self) -> Client:
        if self._client is not None and self._client.status in ("running", "connecting"):
            return self._client
        if self._client is not None:
            self._client.close(timeout=TIMEOUT)
        with dask.config.set(deepcopy(DASK_SETTINGS)):  # Dask adds to lists that it is given
            if not self._address and self._cluster is None:
                self._cluster = _local_cluster(self._workers)
            self._client = Client(self._cluster or self._address, timeout=TIMEOUT, set_as_default=False)
        self._carrier = Carrier(self._ask, self._spool, self._post)
        self._warming.clear()
        return self._client

    def _warm_up(self, client: Client, addresses: list[str]) -> None:
        for address in set(addresses) - set(self._warming):
            key = claims.WARM_UP + uuid.uuid4().hex
            self._warming[address] = client.submit(
                worker.warm_up, self._settings.niceness, key=key, workers=[address], pure=False
            )
            self._warming[address].add_done_callback(Future.release)
        for address in set(self._warming) - set(addresses):
            self._warming.pop(address).release()

    def _launch(self, run: Run) -> None:
        assert self._client is not None
        self._client.subscribe_topic(self._topic, self._on_event)  # each time: a scheduler may have been started anew
        saved = self._spool.size(run.run_id)
        future = self._client.submit(
            _train, run.run_id, run.start, run.spec, self._topic, self._source, bool(saved), self._settings.niceness,
            key=TASK.format(run.key), workers=[run.place], allow_other_workers=True,
            priority=10,  # before measurements
            retries=0, pure=False,
        )  # fmt: skip
        self._futures[run.key] = future
        future.add_done_callback(partial(self._on_done, run.run_id, run.start))
        if saved:
            self._in_loop(self._carrier.send_save, Address.of(run), saved)

    def _on_done(self, run_id: str, start: int, future: Future) -> None:
        try:
            self._post(future.result(timeout=60))
        except (KilledWorker, TimeoutError):
            self._post(Loss(run_id, start, "lost", WORKER_DIED, {}, WORKER_REPLACED))
        except Exception as problem:  # noqa: BLE001 - whatever Dask raises, the visitor must learn that the run is over
            if future.status in ("cancelled", "lost"):
                self._post(Loss(run_id, start, "lost", CLUSTER_LOST, {}, CLUSTER_AWAITED, repr(problem)))
            else:
                values: dict[str, object] = {"kind": type(problem).__name__}
                self._post(Loss(run_id, start, "failed", worker.UNEXPECTED, values, log=repr(problem)))

    def _tell(self, run: Run, order: Order) -> None:
        self._in_loop(self._carrier.send_order, Address.of(run), order)

    def _fetch(self, run: Run, records: int) -> None:
        self._in_loop(self._carrier.fetch_save, Address.of(run), records)

    async def _ask(self, place: str, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        """What a function returns that is called in a worker beside its training."""
        assert self._client is not None
        answers = cast(Awaitable[dict[str, Any]], self._client.run(function, *arguments, workers=[place]))
        return (await asyncio.wait_for(answers, TIMEOUT))[place]

    def _in_loop(self, function: Callable[..., Awaitable[None]], *arguments: object) -> None:
        assert self._client is not None
        cast(IOLoop, self._client.loop).add_callback(function, *arguments)

    def _kill(self, run: Run) -> None:
        if self._cluster is None:
            self._in_loop(self._restart_worker, run.place)
            return
        for nanny in self._cluster.workers.values():
            if nanny.worker_address == run.place and nanny.pid == run.pid:
                os.kill(run.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    async def _restart_worker(self, place: str) -> None:
        assert self._client is not None
        try:
            await cast(Awaitable[object], self._client.restart_workers([place], timeout=TIMEOUT))
        except Exception:
            log.info("A worker that does not listen could not be restarted", exc_info=True)

    def _let_go(self, key: str) -> None:
        # A result that is held would be computed again if its worker died; a task that is wanted no more stops.
        if future := self._futures.pop(key, None):
            future.release()

    def _shut(self) -> None:
        for future in [*self._futures.values(), *self._warming.values()]:
            future.release()
        if self._client is not None:
            self._client.close(timeout=TIMEOUT)
        if self._cluster is not None:
            self._cluster.close(timeout=TIMEOUT)


def _local_cluster(workers: int) -> LocalCluster:
    spare_workers_the_main_script()
    dask.config.set(LASTING_SETTINGS)
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=2,  # one trains, the other measures; both have one core
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # there is no dashboard; None would take port 8787, in use or not
        memory_limit=0,
        silence_logs=logging.CRITICAL,
    )


def _train(
    run_id: str, start: int, spec: Job, topic: str, source: worker.Source | None, saved: bool, niceness: int
) -> bytes:
    """Run in a worker: one run, from its first step or from a save that is sent here, to its end."""
    key, node = f"{run_id}-{start}", get_worker()
    here = tray.trays[key] = tray.Tray()

    def send(report: bytes) -> None:
        node.log_event(topic, {"report": report})

    def wanted() -> bool:
        # Nobody waits for the result any more: the app has gone. Dask tells the worker, but does not end the task.
        task = node.state.tasks.get(TASK.format(key))
        return task is not None and task.state != "cancelled"

    def command() -> Command:
        return here.order.command if wanted() else "stop"

    try:
        save = tray.open_parcel(key, wanted, SAVE_ARRIVES) if saved else None
        train = partial(worker.train, start=start, keep=here.keep, save=save)
        return worker.modestly(niceness, train, run_id, spec, send, command, source, node.address)
    finally:
        tray.trays.pop(key, None)
