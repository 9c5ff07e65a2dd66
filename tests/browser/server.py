"""The app as a visitor meets it: a server process of its own, started and ended like any other."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
LOGS = ROOT / "artifacts" / "logs"
WITNESS = Path(__file__).parent / "witness"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One running app. `stop` ends it and returns the processes that outlived it."""

    def __init__(
        self, name, command=(sys.executable, "-m", "streamlit", "run", "app.py"), cwd=ROOT, port=None, **popen
    ):
        LOGS.mkdir(parents=True, exist_ok=True)
        name += os.environ.get("PYTEST_XDIST_WORKER", "")  # each test process has a server of the same name
        self.log = LOGS / f"{name}.log"
        self.journal = LOGS / f"{name}-outbound.log"
        self.journal.write_text("")
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        if port is None:
            command = [*command, f"--server.port={self.port}", "--server.address=127.0.0.1"]
            paths = os.pathsep.join(filter(None, [str(WITNESS), os.environ.get("PYTHONPATH")]))
            popen["env"] = {**os.environ, "PYTHONPATH": paths, "OUTBOUND_JOURNAL": str(self.journal)}
        with self.log.open("wb") as log:  # a pipe that nobody reads would fill up and stop the server
            self.process = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=subprocess.STDOUT, **popen)
        self.wait_for("/_stcore/health")

    def get(self, path):
        """Status and text of an address of the server. 0 while nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, path):
        """Ask until the answer is 200."""
        end = time.monotonic() + PATIENCE
        while self.get(path)[0] != 200:
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"{path} was not ready after {PATIENCE} s:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def family(self):
        """Every process that the server started, and theirs."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def stop(self):
        """End the server as a service manager would and return what is left of it a minute later."""
        family = self.family()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _, left = psutil.wait_procs(family, timeout=60)
        names = [f"{process.pid} {process.name()}" for process in left]
        for process in left:
            process.kill()
        return names
