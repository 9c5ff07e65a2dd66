"""What only an engine of processes has to survive: a killed worker, a killed server, a foreign cluster."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import dask.config
import psutil
import pytest
from distributed import Client

from resnet_core import EngineError
from resnet_core.engine import tray
from resnet_core.engine.dask_engine import DaskEngine
from resnet_core.engine.sentences import STARTED_OVER, WORKER_DIED
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.spool import PREFIX, Spool
from tests.core.cluster import foreign_cluster
from tests.core.engine_stand_in import open_run, spec
from tests.waiting import PATIENCE, until, until_records, wait_for

LONG = spec(steps=100_000)
SERVER = Path(__file__).with_name("engine_server.py")
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def has_ended(pid):
    """Whether the process is gone, or waits only for its parent to notice."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module")
def engine():
    engine = DaskEngine(
        workers=2,
        address="",
        settings=EngineSettings(grace=60.0, max_steps=100_000, niceness=0),
        source=open_run,
        warm=False,
    )
    yield engine
    engine.close()


def test_a_worker_that_is_long_in_coming_back_is_not_given_up():
    """On a busy machine a new process needs longer than Dask waits; here Dask waits far less than any process needs."""
    with dask.config.set({"distributed.deploy.lost-worker-timeout": "10 ms"}):
        engine = DaskEngine(workers=1, address="", settings=EngineSettings(niceness=0), source=open_run, warm=False)
        try:
            first = engine.submit(spec(steps=10), "ann")
            until(engine, first, "finished")
            os.kill(engine._ledger.find(first).pid, KILL)
            until(engine, engine.submit(spec(steps=10), "ann"), "finished")
        finally:
            engine.close()


def test_a_killed_worker_ends_its_run_with_a_reason_and_leaves_the_other_alone(engine):
    victim, other = engine.submit(LONG, "ann"), engine.submit(LONG, "bob")
    before = until_records(engine, victim, 1)
    until_records(engine, other, 1)
    os.kill(engine._ledger.find(victim).pid, KILL)
    update = until(engine, victim, "lost")
    assert len(update.records) >= len(before.records)
    assert str(EngineError(update.error, **update.error_values)).startswith("The process that trained this run died")
    with pytest.raises(EngineError, match="left no weights"):
        engine.result(victim)
    count = len(engine.poll(other).records)
    assert until_records(engine, other, count + 1).state == "running"
    engine.stop(other)
    until(engine, other, "stopped")


def test_the_pool_is_whole_again_after_a_worker_was_killed(engine):
    victim = engine.submit(LONG, "ann")
    until_records(engine, victim, 1)
    os.kill(engine._ledger.find(victim).pid, KILL)
    until(engine, victim, "lost")
    both = [engine.submit(LONG, owner) for owner in ("ann", "bob")]
    for run_id in both:
        until_records(engine, run_id, 1)
    assert len({engine._ledger.find(run_id).pid for run_id in both}) == 2
    for run_id in both:
        engine.stop(run_id)
        until(engine, run_id, "stopped")


def test_everything_listens_on_this_machine_only(engine):
    until_records(engine, engine.submit(LONG, "ann"), 1)
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    addresses = {
        connection.laddr.ip
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


@pytest.mark.slow
@pytest.mark.parametrize("end", ["close", "SIGTERM", "SIGKILL"])
def test_the_server_leaves_no_process_and_no_saves_and_its_script_runs_once(end, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    server = subprocess.Popen(
        [sys.executable, str(SERVER), str(tmp_path / "executions")],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        children = [int(pid) for pid in server.stdout.readline().split()]
        assert len(children) >= 1
        if end == "close":
            server.stdin.write("close\n")
            server.stdin.flush()
        else:
            server.send_signal(getattr(signal, end))
        server.wait(PATIENCE)
        wait_for(lambda: all(has_ended(pid) for pid in children))
        complaints = server.stderr.read()
    if end != "close":  # then the next server clears away what this one could not
        Spool(temporary).close()
    assert list(temporary.glob(f"{PREFIX}*")) == []
    assert (tmp_path / "executions").read_text() == "executed\n"
    # after a kill Python's resource tracker cleans up behind its parent, and says so
    assert "Traceback" not in complaints if end != "close" else complaints == ""


@pytest.fixture(scope="module")
def cluster():
    """A cluster that is not ours: with Dask's own settings it would run a task three times more if its worker died."""
    with foreign_cluster(2) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_run_on_a_foreign_cluster_is_never_started_over(cluster):
    engine = DaskEngine(
        address=cluster.scheduler_address,
        settings=EngineSettings(grace=60.0, max_steps=100_000, niceness=0),
        source=open_run,
        warm=False,
    )
    try:
        run_id = engine.submit(LONG, "ann")
        until_records(engine, run_id, 1)
        os.kill(engine._ledger.find(run_id).pid, KILL)
        update = until(engine, run_id, "lost")
        assert [record.record.step for record in update.records] == list(range(1, len(update.records) + 1))
        # whichever was seen first: that its worker had gone, or that Dask gave it to another one
        assert update.error in (WORKER_DIED, STARTED_OVER)
        with Client(cluster, set_as_default=False) as client:
            wait_for(lambda: not any(client.run(runs_here).values()))
    finally:
        engine.close()


@pytest.mark.slow
def test_a_foreign_cluster_stops_training_when_the_server_is_killed(cluster, tmp_path):
    environment = {**os.environ, "RESNET_LAB_SCHEDULER": cluster.scheduler_address}
    server = subprocess.Popen(
        [sys.executable, str(SERVER), str(tmp_path / "executions")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server, Client(cluster, set_as_default=False) as client:
        server.stdout.readline()
        assert [count for count in client.run(runs_here).values() if count] == [1]
        server.kill()
        wait_for(lambda: not any(client.run(runs_here).values()))


def runs_here():
    return len(tray.trays)


def test_a_scheduler_that_cannot_be_reached_refuses_runs_once_that_is_known(caplog):
    engine = DaskEngine(
        address="tcp://127.0.0.1:1",
        settings=EngineSettings(grace=60.0, max_steps=100_000, niceness=0),
        source=open_run,
        warm=False,
    )
    try:
        wait_for(lambda: any(record.name.startswith("resnet_core") for record in caplog.records))
        with pytest.raises(EngineError, match="cannot be reached"):
            engine.submit(LONG, "ann")
    finally:
        engine.close()
