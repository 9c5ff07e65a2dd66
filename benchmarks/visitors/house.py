"""The server that the visitors visit: a process of its own, its workers, and what both take up."""

import os
import re
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
_PLACE = re.compile(r'File "(.*)", line (\d+)')
WORKER = "spawn_main"  # in the command line of a process that multiprocessing has started, as Dask's workers are


class House:
    """A running app in a home of its own. `close` ends it and returns what is left of it."""

    def __init__(self, home: Path, settings: dict[str, str], script: str = "app.py", ready: str = "/readyz") -> None:
        self.log = home / "server.log"
        self.port = _free_port()
        command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={self.port}"]
        environment = {**os.environ, "RESNET_LAB_HOME": str(home / "kept"), **settings}
        with self.log.open("wb") as log:
            self.process = psutil.Popen(
                [*command, "--server.address=127.0.0.1"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self._wait("/_stcore/health", 60)
        self._wait(ready, 90)

    def workers(self) -> list[psutil.Process]:
        """The processes that train; none where the app trains in a thread of its own."""
        found = []
        for child in self.process.children(recursive=True):
            try:
                if any(WORKER in word for word in child.cmdline()):
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found

    def kill_a_worker(self) -> int | None:
        """kill -9 the worker that is busiest at the moment, and give its process id."""
        before = {worker.pid: seconds(worker) for worker in self.workers()}
        time.sleep(0.3)
        workers = sorted(self.workers(), key=lambda worker: seconds(worker) - before.get(worker.pid, 0.0))
        if not workers:
            return None
        workers[-1].send_signal(signal.SIGKILL)
        return workers[-1].pid

    def troubles(self) -> list[str]:
        """Every traceback in the log: the last line of code that it names, and the error."""
        text = self.log.read_text(errors="replace")
        found = re.findall(r"Traceback \(most recent call last\):\n((?:[ \t].*\n|\n)*)(.*)", text)
        return [" ".join([*(_PLACE.findall(frames) or [("?", "?")])[-1], error]) for frames, error in found]

    def close(self) -> list[str]:
        """End the server as a service manager would, and name the processes that are left 10 s later."""
        family = self.process.children(recursive=True) if self.process.is_running() else []
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except psutil.TimeoutExpired:
            self.process.kill()
        _, left = psutil.wait_procs(family, timeout=10)
        names = [f"{process.pid} {process.name()}" for process in left if process.status() != psutil.STATUS_ZOMBIE]
        for process in left:
            process.kill()
        return names

    def _wait(self, path: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10):
                    return
            except OSError:
                time.sleep(0.1)
        self.close()
        raise TimeoutError(f"{path} did not answer:\n{self.log.read_text()[-3000:]}")


def seconds(process: psutil.Process) -> float:
    """CPU time of a process so far."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
