"""What the store does when a file on the disk is gone, cut off, changed or half written: it says so and goes on."""

import os
import shutil
import sqlite3

import pytest

from resnet_core import KeptRun, StoreError
from tests.core.store_runs import (
    SPEC,
    course,
    folder,
    open_store,
    tiny_result,
)

DAMAGE = {
    "metrics.parquet": [b"", b"PAR1" + bytes(100) + b"PAR1"],
    "run.json": [b"", b"{", b"[1]", b"\xff\xfe", b'{"format": 2}', b"[" * 100_000],
    "spec.json": [b"", b"null", b'{"networks": []}'],
    "network-1.safetensors": [b"", b"{}"],
}


def cut_off(path, share=0.5):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def ids(runs: tuple[KeptRun, ...]) -> list[str]:
    return [run.run_id for run in runs]


@pytest.mark.parametrize(("file", "content"), [(name, each) for name, many in DAMAGE.items() for each in many])
@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("indexed", [True, False])
def test_a_damaged_run_is_left_out_with_a_message(home, file, content, restarted, indexed):
    store = open_store(home)
    for run_id in ("a", "b"):
        store.keep(run_id, "ann", SPEC, tiny_result())
    if restarted or not indexed:
        store.close()
    (folder(home, "a") / file).write_bytes(content)
    if not indexed:
        (home / "index.sqlite").unlink()
    store = open_store(home) if restarted or not indexed else store
    assert ids(store.runs_of("ann")) == ["b"]
    ((sentence, values),) = store.problems()
    assert sentence.format(**values).startswith("The kept run a is damaged and is left out: ")
    assert file in str(values["problem"])
    for act in (store.result, store.find, store.pack):
        with pytest.raises(StoreError, match="The kept run a is damaged"):
            act("a")
    assert course(store.result("b")) == course(tiny_result())
    store.close()


@pytest.mark.parametrize("file", ["metrics.parquet", "run.json", "spec.json", "network-2.safetensors"])
@pytest.mark.parametrize("harm", [os.unlink, cut_off, flip_a_byte])
def test_a_missing_cut_or_changed_file_is_noticed_while_the_server_runs(home, store, file, harm):
    store.keep("a", "ann", SPEC, tiny_result())
    harm(folder(home, "a") / file)
    if file == "run.json" and harm is flip_a_byte:  # it holds the checksums of the others and none of its own
        store.runs_of("ann")
        return
    assert store.runs_of("ann") == ()
    assert len(store.problems("ann")) == 1


def test_damage_that_left_size_and_time_alone_is_found_when_the_run_is_read(home, store):
    store.keep("a", "ann", SPEC, tiny_result())
    path = folder(home, "a") / "network-1.safetensors"
    before = path.stat()
    flip_a_byte(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ids(store.runs_of("ann")) == ["a"]
    with pytest.raises(StoreError, match=r"network-1\.safetensors has changed since it was written"):
        store.result("a")
    assert store.runs_of("ann") == ()
    assert len(store.problems("ann")) == 1


def test_a_damaged_run_can_be_deleted_by_its_owner(home, store):
    store.keep("a", "ann", SPEC, tiny_result())
    cut_off(folder(home, "a") / "metrics.parquet")
    with pytest.raises(StoreError, match="belongs to another browser"):
        store.delete("a", "bob")
    store.delete("a", "ann")
    assert (store.problems(), store.used_bytes()) == ((), 0)


def test_a_run_whose_file_is_put_back_is_there_again(home, store):
    store.keep("a", "ann", SPEC, tiny_result())
    path = folder(home, "a") / "metrics.parquet"
    content = path.read_bytes()
    path.unlink()
    assert store.runs_of("ann") == ()
    path.write_bytes(content)
    store.close()
    again = open_store(home)
    assert ids(again.runs_of("ann")) == ["a"]
    again.close()


@pytest.mark.parametrize("content", [None, b"", b"garbage " * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_an_index_that_is_missing_or_damaged_is_made_anew_from_the_folders(home, store, content):
    kept = [store.keep(run_id, "ann", SPEC, tiny_result(), name=run_id) for run_id in "abc"]
    store.close()
    (home / "index.sqlite").unlink()
    if content is not None:
        (home / "index.sqlite").write_bytes(content)
    again = open_store(home)
    assert again.runs_of("ann") == tuple(reversed(kept))
    again.close()


def test_an_index_that_vanishes_while_the_server_runs_is_made_anew(home, store):
    kept = store.keep("a", "ann", SPEC, tiny_result())
    for file in home.glob("index*"):
        file.unlink()
    assert store.runs_of("ann") == (kept,)
    other = store.keep("b", "ann", SPEC, tiny_result())
    assert store.runs_of("ann") == (other, kept)


def test_an_index_of_another_version_is_made_anew(home, store):
    kept = store.keep("a", "ann", SPEC, tiny_result())
    store.close()
    with sqlite3.connect(home / "index.sqlite") as connection:
        connection.execute("DROP TABLE runs")
        connection.execute("CREATE TABLE runs (other TEXT)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    again = open_store(home)
    assert again.runs_of("ann") == (kept,)
    again.close()


def test_folders_that_came_or_went_while_no_server_ran_are_noticed(home, store):
    store.keep("a", "ann", SPEC, tiny_result())
    store.keep("b", "ann", SPEC, tiny_result())
    store.close()
    shutil.copytree(folder(home, "a"), folder(home, "c"))
    shutil.rmtree(folder(home, "a"))
    again = open_store(home)
    assert sorted(ids(again.runs_of("ann"))) == ["b", "c"]
    again.close()


def test_what_a_killed_server_left_half_written_is_removed(home, store):
    store.keep("a", "ann", SPEC, tiny_result())
    store.close()
    shutil.copytree(folder(home, "a"), home / "runs" / ".passing-123")
    (folder(home, "a") / ".passing-456").write_text("half a run.json")
    again = open_store(home)
    assert ids(again.runs_of("ann")) == ["a"]
    assert [path.name for path in (home / "runs").iterdir()] == ["a"]
    assert not (folder(home, "a") / ".passing-456").exists()
    again.close()
