"""Two servers on one cluster: both classes train, and a server that is shut down leaves the other's run alone."""

import psutil
import pytest

from tests.browser.reading import past, steps_done
from tests.browser.server import Server
from tests.core.cluster import cluster
from tests.waiting import wait_for

pytestmark = pytest.mark.slow
RUN = {"race": "vanishing", "data": "digits", "size_digits": 8, "width": 4}


@pytest.fixture
def workers(tmp_path, monkeypatch):
    """The process whose children train. Servers that start later find the cluster."""
    with cluster(tmp_path) as (address, process):
        monkeypatch.setenv("RESNET_LAB_SCHEDULER", address)
        yield process


@pytest.fixture
def servers(workers):
    pair = [Server(f"two-servers-{number}") for number in (1, 2)]
    for server in pair:
        server.wait_for("/readyz")
    yield pair
    assert [left for server in pair for left in server.stop()] == []


def seconds_worked(workers):
    return {child.pid: sum(child.cpu_times()[:2]) for child in workers.children()}


def test_a_server_that_is_shut_down_frees_its_worker_and_leaves_the_other_class_alone(servers, workers, open_page):
    first, second = (open_page("train", at=server, **RUN, steps=2000) for server in servers)
    for page in (first, second):
        page.locator(".st-key-start_train button").click()
        past(page, 2)
    for server in servers:  # nobody trains in an app server: the cluster does
        assert [child for child in psutil.Process(server.process.pid).children() if "dask" in child.name()] == []
    first.goto("about:blank")  # its class would only see that the server has gone
    assert servers[0].stop() == []
    past(second, steps_done(second) + 20)
    second.locator(".st-key-stop_train button").click()
    second.get_by_text("Stopped after").wait_for()

    def nobody_works():
        before = seconds_worked(workers)
        second.wait_for_timeout(1000)
        after = seconds_worked(workers)
        return before.keys() == after.keys() and all(after[pid] - before[pid] < 0.2 for pid in after)

    wait_for(nobody_works)
