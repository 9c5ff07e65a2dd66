"""A cluster and app servers as docs/deploy/ starts them: the units' own commands, on this machine and other ports."""

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster

from resnet_core.engine.spawning import spare_workers_the_main_script
from tests.browser.server import free_port
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "docs" / "deploy"
OWNER = Path(__file__).with_name("engine_owner.py")


@contextlib.contextmanager
def foreign_cluster(workers):
    """A cluster that is not ours: with Dask's own settings it would run a task three times more if its worker died."""
    spare_workers_the_main_script()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MALLOC_TRIM_THRESHOLD_", "65536")  # its nannies set it for good; so it is taken out again
        with LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster:
            yield cluster


def directives(unit, name):
    """What a unit of systemd says after `name=`, line by line."""
    return re.findall(rf"^{name}=(.+)$", (UNITS / unit).read_text(encoding="utf-8"), re.M)


def command(unit, changes):
    """The words that a unit starts, with other addresses and this Python."""
    words = shlex.split(directives(unit, "ExecStart")[0])
    assert words[0] == "/opt/resnet-lab/.venv/bin/python"
    return [sys.executable, *(changes.get(word, word) for word in words[1:])]


def environment(unit, **more):
    """What a unit sets in the environment, on top of the test's own."""
    pairs = [pair.partition("=") for line in directives(unit, "Environment") for pair in shlex.split(line)]
    ours = {name: value.replace("/opt/resnet-lab", str(ROOT)) for name, _, value in pairs}
    return {**os.environ, **ours, **more}


def start(words, log, env):
    """A process in the repository's folder whose words go to a file."""
    with log.open("wb") as out:
        return subprocess.Popen(words, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)


def end(process):
    """End a process as systemd does, and return what is left of its family after a minute."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, left = psutil.wait_procs(family, timeout=PATIENCE)
    names = [f"{one.pid} {one.name()}" for one in left if one.status() != psutil.STATUS_ZOMBIE]
    for one in left:
        one.kill()
    return names


@contextlib.contextmanager
def cluster(folder):
    """A scheduler and two workers, as (address, the process whose children train). Nothing is left of them."""
    port = str(free_port())
    address = f"tcp://127.0.0.1:{port}"
    words = command("resnet-lab-scheduler.service", {"10.0.0.5": "127.0.0.1", "8786": port})
    scheduler = start(words, folder / "scheduler.log", environment("resnet-lab-scheduler.service"))
    # the unit's own ports may be taken on this machine
    changes = {"tcp://10.0.0.5:8786": address, "10.0.0.6": "127.0.0.1", "9000:9015": "0", "9100:9115": "0"}
    words = command("resnet-lab-workers.service", {**changes, "4": "2", "/tmp": str(folder)})
    workers = start(words, folder / "workers.log", environment("resnet-lab-workers.service"))
    try:
        yield address, psutil.Process(workers.pid)
    finally:
        left = end(workers) + end(scheduler)
    assert left == []


class AppServer:
    """A process that owns an engine, as a server does, and does what it is told line by line."""

    def __init__(self, log, **env):
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(OWNER)],
                cwd=ROOT,
                env={**os.environ, "RESNET_LAB_GRACE": "300", **env},  # the test looks at one server after the other
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                text=True,
            )

    def ask(self, *words):
        """Say some words and hear the answer."""
        self.say(*words)
        return self.hear()

    def say(self, *words):
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())
