"""Several servers with one home, and servers that are killed."""

import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.core.store_runs import SPEC, course, open_store, tiny_result

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pickled(tmp_path_factory):
    path = tmp_path_factory.mktemp("result") / "result.pickle"
    path.write_bytes(pickle.dumps(tiny_result()))
    return path


@contextmanager
def writer(home, owner, count, pickled):
    """A server that waits for one line before it keeps `count` runs of `owner`."""
    command = [sys.executable, "-m", "tests.core.store_writer", str(home), owner, str(count), str(pickled)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def begin(process):
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1])
def test_a_server_that_is_killed_while_it_keeps_leaves_whole_runs_only(tmp_path, pickled, delay):
    with writer(tmp_path, "ann", 10_000, pickled) as process:
        begin(process)
        said = [process.stdout.readline().strip()]
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        said += [line.strip() for line in process.stdout if line.endswith("\n")]
    store = open_store(tmp_path)
    kept = {run.run_id for run in store.runs_of("ann")}
    assert store.problems() == ()
    assert kept >= set(said)
    assert len(kept) <= len(said) + 1, "at most one was written and not yet said"
    assert {path.name for path in (tmp_path / "runs").iterdir()} == kept
    assert all(course(store.result(run_id)) == course(tiny_result()) for run_id in kept)
    store.close()


@pytest.mark.slow
def test_two_servers_share_one_home(tmp_path, pickled):
    store = open_store(tmp_path)
    with writer(tmp_path, "ann", 15, pickled) as first, writer(tmp_path, "bob", 15, pickled) as second:
        begin(first)
        begin(second)
        for number in range(15):
            store.keep(f"eve{number}", "eve", SPEC, tiny_result())
        lines = [[line.strip() for line in process.stdout] for process in (first, second)]
    assert [len(each) for each in lines] == [15, 15]
    for owner in ("ann", "bob", "eve"):
        assert {run.run_id for run in store.runs_of(owner)} == {f"{owner}{number}" for number in range(15)}
    assert store.problems() == ()
    assert course(store.result("bob14")) == course(tiny_result())
    store.delete("eve0", "eve")
    store.close()


@pytest.mark.slow
def test_a_home_that_two_servers_open_at_the_same_moment_is_made_once(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tests.core.store_runs import open_store;"
        "print(len(open_store(Path(sys.argv[1])).runs_of('ann')))"
    )
    store = open_store(tmp_path)
    store.keep("a", "ann", SPEC, tiny_result())
    store.close()
    for file in tmp_path.glob("index*"):
        file.unlink()
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0].strip() for process in processes] == ["1", "1", "1"]


def test_what_one_server_renames_or_deletes_another_sees(tmp_path):
    first, second = open_store(tmp_path), open_store(tmp_path)
    first.keep("a", "ann", SPEC, tiny_result())
    assert second.find("a").name == ""
    first.rename("a", "ann", "new")
    assert [run.name for run in second.runs_of("ann")] == ["new"]
    second.delete("a", "ann")
    assert first.runs_of("ann") == ()
    first.close()
    second.close()


def test_an_index_that_another_server_made_anew_is_used(tmp_path):
    first = open_store(tmp_path)
    kept = first.keep("a", "ann", SPEC, tiny_result())
    for file in tmp_path.glob("index*"):
        file.unlink()
    second = open_store(tmp_path)
    other = second.keep("b", "ann", SPEC, tiny_result())
    assert first.runs_of("ann") == (other, kept)
    first.close()
    second.close()
