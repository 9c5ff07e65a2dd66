"""Two app servers on one cluster, started with the commands of docs/deploy/: each its own queue, the workers shared."""

import os
import signal

import pytest

from tests.core.cluster import AppServer, cluster
from tests.waiting import PATIENCE, wait_for

pytestmark = pytest.mark.slow
ENDED = {"finished", "stopped", "failed", "lost"}
LONG = 20_000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def shared(place):
    with cluster(place) as (address, workers):
        yield address, workers


@pytest.fixture(scope="module")
def scheduler(shared):
    return shared[0]


@pytest.fixture(scope="module")
def workers(shared):
    return shared[1]


@pytest.fixture(scope="module")
def servers(place, scheduler, workers):
    pair = [AppServer(place / f"server{number}.log", RESNET_LAB_SCHEDULER=scheduler) for number in (1, 2)]
    assert all(server.ask("ready") for server in pair)
    wait_for(lambda: len(trainers(workers)) == 2)
    yield pair
    for server in pair:
        server.process.stdin.close()
        assert server.process.wait(PATIENCE) == 0
        server.process.stdout.close()


def trainers(workers):
    """The processes that train."""
    return [child for child in workers.children() if "spawn_main" in " ".join(child.cmdline())]


def showing(server, run_id, more_than=0):
    """The newest of a run that has shown more than so many steps."""

    def look():
        update = server.ask("poll", run_id)
        return update if len(update["steps"]) > more_than else None

    return wait_for(look)


def ended(server, run_id):
    return wait_for(lambda: update if (update := server.ask("poll", run_id))["state"] in ENDED else None)


def at_once(servers, steps):
    """A run on each server, asked for at the same moment."""
    for number, server in enumerate(servers):
        server.say("submit", steps, f"visitor {number}")
    return [server.hear() for server in servers]


def in_turn(servers, steps):
    """A run on each server, the second asked for when the first has begun."""
    runs = []
    for number, server in enumerate(servers):
        runs.append(server.ask("submit", steps, f"visitor {number}"))
        showing(server, runs[-1])
    return runs


def test_no_worker_is_slowed_down_by_dasks_memory_setting(servers, workers):
    environments = [trainer.environ() for trainer in trainers(workers)]
    assert [env["OMP_NUM_THREADS"] for env in environments] == ["1", "1"]
    assert not any("MALLOC_TRIM_THRESHOLD_" in env for env in environments)


def test_each_trains_a_run_of_its_own_to_the_end(servers):
    runs = in_turn(servers, 100)
    for server, run_id in zip(servers, runs, strict=True):
        update = ended(server, run_id)
        assert (update["state"], update["error"]) == ("finished", "")
        assert update["steps"] == list(range(1, 101))


def test_two_that_ask_at_the_same_moment_are_given_different_workers(servers):
    for _ in range(3):
        runs = at_once(servers, LONG)
        shown = [showing(server, run_id) for server, run_id in zip(servers, runs, strict=True)]
        for server, run_id in zip(servers, runs, strict=True):
            server.ask("stop", run_id)
        for server, run_id in zip(servers, runs, strict=True):
            assert ended(server, run_id)["state"] == "stopped"
        assert len({update["pid"] for update in shown}) == 2


def test_a_killed_worker_touches_one_run_and_says_so(servers, workers):
    mine, theirs = in_turn(servers, LONG)
    before, others = showing(servers[0], mine), showing(servers[1], theirs)
    os.kill(before["pid"], getattr(signal, "SIGKILL", signal.SIGTERM))

    def told():
        update = servers[0].ask("poll", mine)
        return update if update["note"] or update["error"] else None

    after = wait_for(told)
    assert after["state"] in {"queued", "running", "lost"}
    assert after["steps"] == list(
        range(1, len(after["steps"]) + 1)
    )  # nothing shown twice, nothing from the start again
    assert len(after["steps"]) >= len(before["steps"])
    now = showing(servers[1], theirs, len(others["steps"]))
    assert (now["state"], now["error"], now["note"], now["pid"]) == ("running", "", "", others["pid"])
    for server, run_id in zip(servers, (mine, theirs), strict=True):
        server.ask("stop", run_id)
        ended(server, run_id)
    wait_for(lambda: len(trainers(workers)) == 2)


def test_a_server_that_dies_takes_its_own_run_and_no_other(place, scheduler, servers):
    stays = servers[0]
    goes = AppServer(place / "goes.log", RESNET_LAB_SCHEDULER=scheduler)
    with goes.process:
        assert goes.ask("ready")
        lives, dies = in_turn((stays, goes), LONG)
        seen = len(showing(stays, lives)["steps"])
        pid = showing(goes, dies)["pid"]
        goes.process.kill()
        goes.process.wait(PATIENCE)
        update = ended(servers[1], servers[1].ask("submit", 5, "visitor 2"))
        assert (update["state"], update["pid"]) == ("finished", pid)  # the worker it had is free again
        assert showing(stays, lives, seen)["state"] == "running"
        stays.ask("stop", lives)
        ended(stays, lives)
