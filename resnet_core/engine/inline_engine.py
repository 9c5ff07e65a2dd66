"""An engine whose runs live in threads of this process: for tests, notebooks, and where processes cannot be started."""

import sys
import threading
from collections.abc import Callable
from typing import Any

from resnet_core.engine import tray, worker
from resnet_core.engine.desk import CLOSING, Desk
from resnet_core.engine.jobs import Archive
from resnet_core.engine.reports import Command, Delivery, Fetched, Order, Roster
from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings


class InlineEngine(Desk):
    """Runs training in daemon threads. Training competes with everything else in the process."""

    def __init__(
        self,
        workers: int = 1,
        *,
        settings: EngineSettings | None = None,
        source: worker.Source | None = None,
        archive: Archive | None = None,
    ) -> None:
        self._names = [f"thread {number}" for number in range(workers)]
        self._source = source
        self._threads: dict[str, threading.Thread] = {}
        super().__init__(settings or EngineSettings(), archive)

    def measure(self, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        """See Engine.measure."""
        return function(*arguments)

    def _count(self, wanted: int) -> None:
        busy = {place for place, thread in self._threads.items() if thread.is_alive()}
        idle = [name for name in self._names if name not in busy]
        self._post(Roster(self._names, idle, len(idle)))

    def _launch(self, run: Run) -> None:
        here = tray.trays[run.key] = tray.Tray()
        save = b"".join(self._spool.pieces(run.run_id)) if self._spool.size(run.run_id) else None
        arguments = (run, run.key, run.start, run.place, here, save)
        thread = threading.Thread(target=self._train, args=arguments, name=f"training in {run.place}", daemon=True)
        self._threads[run.place] = thread
        thread.start()

    def _train(self, run: Run, key: str, start: int, place: str, here: tray.Tray, save: bytes | None) -> None:
        def command() -> Command:
            return here.order.command

        self._post(
            worker.train(
                run.run_id,
                run.spec,
                self._post,
                command,
                self._source,
                place,
                start=start,
                keep=here.keep,
                save=save,
            )
        )
        del tray.trays[key]

    def _tell(self, run: Run, order: Order) -> None:
        self._post(Delivery(run.run_id, run.start, order.number, tray.heed(run.key, order)))

    def _fetch(self, run: Run, records: int) -> None:
        here = tray.trays.get(run.key)
        held = here.save if here else None
        if held and held[0] == records:
            with self._spool.part(run.key) as part:
                part.write(held[1])
        self._post(Fetched(run.run_id, run.start, records if held and held[0] == records else None))

    def _kill(self, run: Run) -> None:
        pass  # a thread cannot be ended

    def _let_go(self, key: str) -> None:
        tray.heed(key, Order(sys.maxsize, "stop"))  # the thread of a lost run may be at work yet

    def _shut(self) -> None:
        for thread in self._threads.values():
            thread.join(CLOSING)
