"""An engine whose runs live in Dask workers: processes of this machine, or a cluster's. Only this file knows Dask.

Three of Dask's habits do not suit training and are worked around here; docs/decisions/0040 has the numbers.
It places tasks eagerly, so runs wait in our own queue and are handed over one per free worker. It runs a task again,
silently, when its worker dies, so that is forbidden and a second start is noticed. It cannot interrupt a task, so
commands are written into the worker's memory, where the training loop looks before every step.
"""

import logging
import multiprocessing.spawn
import uuid
from collections.abc import Awaitable
from functools import partial
from typing import Any, cast

import dask.config
from dask.system import CPU_COUNT
from distributed import Client, Future, KilledWorker, LocalCluster, get_worker
from tornado.ioloop import IOLoop

from resnet_core.engine import worker
from resnet_core.engine.desk import Desk
from resnet_core.engine.reports import Command, Loss
from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings
from resnet_core.errors import Sentence
from resnet_core.recipe import RunSpec

TIMEOUT = 5.0  # seconds for any answer of the scheduler
NICENESS = 10  # of the thread that trains
DASK_SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # a run whose worker died is not run again
    "distributed.scheduler.work-stealing": False,
    "distributed.admin.low-level-log-length": 100,  # events that the scheduler remembers
    "distributed.admin.tick.interval": "1 s",  # between checks of each event loop, usually 20 ms
    "distributed.worker.profile.enabled": False,  # Dask would sample the training thread 100 times a second
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.memory.target": False,  # Dask would pause and kill workers by its own measure
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,  # set, it more than halves torch's speed
}
WORKER_DIED = Sentence(
    "The process that trained this run died, perhaps for want of memory. What it had shown until then is kept. "
    "Start the run again when you like, or a smaller one."
)
CLUSTER_LOST = Sentence(
    "The connection to the workers was lost. What this run had shown until then is kept. "
    "Start it again when the workers are back."
)
_WARM_UP = "warm-up-"
_commands: dict[str, Command] = {}  # in a worker: what is wanted of the runs that it has

log = logging.getLogger(__name__)


class DaskEngine(Desk):
    """Runs training in the processes of a Dask cluster.

    Args:
        workers: processes to start on this machine; None for the settings' number. Not used with an address.
        address: of a scheduler that runs already, such as tcp://10.0.0.5:8786; None for the settings' one.
        settings: limits; None for the environment's.
        source: where records come from; None for real training. It must be importable in the workers.
        warm: whether new workers import torch before their first run.
    """

    def __init__(
        self,
        workers: int | None = None,
        address: str | None = None,
        *,
        settings: EngineSettings | None = None,
        source: worker.Source | None = None,
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
        self._futures: dict[str, Future] = {}
        self._warming: dict[str, Future] = {}
        super().__init__(settings)

    def _on_event(self, event: tuple[float, dict[str, bytes]]) -> None:
        self._post(event[1]["report"])

    def _places(self) -> tuple[int, list[str]]:
        client = self._connected()
        tasks = cast(dict[str, list[str]], client.sync(_processing, client, callback_timeout=TIMEOUT))
        if self._warm:
            self._warm_up(client, list(tasks))
        idle = [address for address, keys in tasks.items() if all(key.startswith(_WARM_UP) for key in keys)]
        return len(tasks), idle

    def _connected(self) -> Client:
        if self._client is not None and self._client.status in ("running", "connecting"):
            return self._client
        if self._client is not None:
            self._client.close(timeout=TIMEOUT)
        with dask.config.set(DASK_SETTINGS):
            if not self._address and self._cluster is None:
                self._cluster = _local_cluster(self._workers)
            self._client = Client(self._cluster or self._address, timeout=TIMEOUT, set_as_default=False)
        self._warming.clear()
        return self._client

    def _warm_up(self, client: Client, addresses: list[str]) -> None:
        for address in set(addresses) - set(self._warming):
            self._warming[address] = client.submit(
                worker.warm_up, NICENESS, key=_WARM_UP + uuid.uuid4().hex, workers=[address], pure=False
            )
        for address in set(self._warming) - set(addresses):
            self._warming.pop(address).release()

    def _launch(self, run: Run) -> None:
        assert self._client is not None
        self._client.subscribe_topic(self._topic, self._on_event)  # each time: a scheduler may have been started anew
        future = self._client.submit(
            _train,
            run.run_id,
            run.spec,
            self._topic,
            self._source,
            key=_key(run.run_id),
            workers=[run.place],
            allow_other_workers=True,
            retries=0,
            pure=False,
        )
        self._futures[run.run_id] = future
        future.add_done_callback(partial(self._on_done, run.run_id))

    def _on_done(self, run_id: str, future: Future) -> None:
        try:
            self._post(future.result(timeout=60))
        except KilledWorker:
            self._post(Loss(run_id, "lost", WORKER_DIED, {}))
        except Exception as problem:  # noqa: BLE001 - whatever Dask raises, the visitor must learn that the run is over
            gone = future.status in ("cancelled", "lost")
            text, state = (CLUSTER_LOST, "lost") if gone else (worker.UNEXPECTED, "failed")
            self._post(Loss(run_id, state, text, {"kind": type(problem).__name__}, log=repr(problem)))

    def _tell(self, run: Run) -> None:
        assert self._client is not None
        cast(IOLoop, self._client.loop).add_callback(_tell, self._client, run.place, run.run_id, run.wanted)

    def _let_go(self, run_id: str) -> None:
        # A result that is held would be computed again if its worker died; a task that is wanted no more stops.
        if future := self._futures.pop(run_id, None):
            future.release()

    def _shut(self) -> None:
        for future in [*self._futures.values(), *self._warming.values()]:
            future.release()
        if self._client is not None:
            self._client.close(timeout=TIMEOUT)
        if self._cluster is not None:
            self._cluster.close(timeout=TIMEOUT)


def _local_cluster(workers: int) -> LocalCluster:
    _spare_children_the_main_script()
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # there is no dashboard; None would take port 8787, in use or not
        memory_limit=0,
        silence_logs=logging.CRITICAL,
    )


async def _processing(client: Client) -> dict[str, list[str]]:
    """The keys of the tasks that each worker has."""
    return await cast(Any, client.scheduler).processing(workers=None)


async def _tell(client: Client, place: str, run_id: str, command: Command) -> None:
    try:
        await cast(Awaitable[object], client.run(_heed, run_id, command, workers=[place]))
    except Exception:
        log.info("A worker could not be reached; it is about to be reported as lost", exc_info=True)


def _key(run_id: str) -> str:
    return f"train-{run_id}"


def _train(run_id: str, spec: RunSpec, topic: str, source: worker.Source | None) -> bytes:
    """Run in a worker: one run, from its first step to its end."""
    worker.be_modest(NICENESS)
    here = get_worker()

    def send(report: bytes) -> None:
        here.log_event(topic, {"report": report})

    def command() -> Command:
        # Nobody waits for the result any more: the app has gone. Dask tells the worker, but does not end the task.
        task = here.state.tasks.get(_key(run_id))
        return "stop" if task is None or task.state == "cancelled" else _commands.get(run_id, "go")

    _commands[run_id] = "go"
    try:
        return worker.train(run_id, spec, send, command, source, here.address)
    finally:
        _commands.pop(run_id, None)


def _heed(run_id: str, command: Command) -> None:
    """Run in a worker: note what is wanted of one of its runs."""
    if run_id in _commands:
        _commands[run_id] = command


def _spare_children_the_main_script() -> None:
    """Keep worker processes from executing the server's main script again, as a spawned process usually does."""
    prepare = multiprocessing.spawn.get_preparation_data
    if getattr(prepare, "spares_workers", False):
        return

    def prepare_without_main(name: str) -> dict[str, Any]:
        data = prepare(name)
        if name.startswith("Dask Worker"):
            data.pop("init_main_from_name", None)
            data.pop("init_main_from_path", None)
        return data

    prepare_without_main.spares_workers = True  # pyright: ignore[reportFunctionMemberAccess]
    multiprocessing.spawn.get_preparation_data = prepare_without_main
