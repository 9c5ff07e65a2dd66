"""An engine whose runs live in threads of this process: for tests, notebooks, and where processes cannot be started."""

import threading
from functools import partial

from resnet_core.engine import worker
from resnet_core.engine.desk import CLOSING, Desk
from resnet_core.engine.runs import Run
from resnet_core.engine.settings import EngineSettings


class InlineEngine(Desk):
    """Runs training in daemon threads. Training competes with everything else in the process."""

    def __init__(
        self, workers: int = 1, *, settings: EngineSettings | None = None, source: worker.Source | None = None
    ) -> None:
        self._names = [f"thread {number}" for number in range(workers)]
        self._source = source
        self._threads: dict[str, threading.Thread] = {}
        super().__init__(settings or EngineSettings())

    def _places(self) -> tuple[int, list[str]]:
        busy = {place for place, thread in self._threads.items() if thread.is_alive()}
        return len(self._names), [name for name in self._names if name not in busy]

    def _launch(self, run: Run) -> None:
        thread = threading.Thread(target=self._train, args=(run,), name=f"training in {run.place}", daemon=True)
        self._threads[run.place] = thread
        thread.start()

    def _train(self, run: Run) -> None:
        command = partial(getattr, run, "wanted")
        self._post(worker.train(run.run_id, run.spec, self._post, command, self._source, run.place))

    def _tell(self, run: Run) -> None:
        pass  # the thread reads run.wanted itself

    def _let_go(self, run_id: str) -> None:
        pass

    def _shut(self) -> None:
        for thread in self._threads.values():
            thread.join(CLOSING)
