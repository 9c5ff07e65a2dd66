"""Ended runs go to the store, and what lies on the disk until then goes with the engine."""

import pickle
import subprocess
import sys
import time

import pytest

from resnet_core import EngineError, StoreError
from resnet_core.engine.inline_engine import InlineEngine
from resnet_core.engine.reports import Save
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.spool import PREFIX, Spool
from resnet_core.records import ENDED
from resnet_core.store.runs import RunStore
from resnet_core.store.settings import StoreSettings
from tests.core.engine_stand_in import open_run, small_run, spec
from tests.waiting import until, wait_for


@pytest.fixture
def store(tmp_path):
    store = RunStore(StoreSettings(home=tmp_path / "home"))
    yield store
    store.close()


def until_archived(engine, run_id):
    wait_for(lambda: engine._ledger.find(run_id).archived)


def test_a_run_that_ended_is_kept_and_its_weights_leave_the_memory(store):
    engine = InlineEngine(settings=EngineSettings(), source=open_run, archive=store)
    try:
        run_id = engine.submit(small_run(steps=4), "a" * 32)
        assert until(engine, run_id, *ENDED).state == "finished"
        before = engine.result(run_id)
        until_archived(engine, run_id)
        page = engine._ledger.find(run_id)
        assert page.ending.weights == ()
        assert page.size < len(before.weights[0])
        after = engine.result(run_id)
        assert after.weights == before.weights == store.result(run_id).weights
        assert len(after.records) == 4
        [kept] = store.runs_of("a" * 32)
        assert (kept.run_id, kept.state) == (run_id, "finished")
    finally:
        engine.close()


def test_a_run_without_a_record_is_not_kept(store):
    engine = InlineEngine(settings=EngineSettings(), source=open_run, archive=store)
    try:
        engine.submit(small_run(steps=1000), "a" * 32)
        waiting = engine.submit(small_run(steps=4), "b" * 32)
        engine.stop(waiting)
        assert engine.poll(waiting).state == "stopped"
    finally:
        engine.close()
    assert store.runs_of("b" * 32) == ()


def test_a_run_that_is_cut_short_by_the_servers_end_is_kept(store):
    engine = InlineEngine(settings=EngineSettings(), source=open_run, archive=store)
    run_id = engine.submit(small_run(steps=10_000), "a" * 32)
    while not engine.poll(run_id).records:
        time.sleep(0.02)
    engine.close()
    assert store.result(run_id).state == "stopped"


class FullStore(RunStore):
    def keep(self, run_id, owner, spec, result, **_):
        raise StoreError("The disk is full.")


def test_a_run_that_cannot_be_kept_stays_in_memory_and_the_log_says_so(tmp_path, caplog):
    store = FullStore(StoreSettings(home=tmp_path / "home"))
    engine = InlineEngine(settings=EngineSettings(), source=open_run, archive=store)
    try:
        run_id = engine.submit(spec(steps=4), "a" * 32)
        until(engine, run_id, *ENDED)
    finally:
        engine.close()
    assert "could not be kept" in caplog.text
    assert engine.result(run_id).weights == (b"weights after step 4",)


def test_a_run_that_was_kept_and_deleted_since_says_so(store):
    engine = InlineEngine(settings=EngineSettings(), source=open_run, archive=store)
    try:
        run_id = engine.submit(small_run(steps=4), "a" * 32)
        until(engine, run_id, *ENDED)
        until_archived(engine, run_id)
        store.delete(run_id, "a" * 32)
        with pytest.raises(StoreError):
            store.result(run_id)
        with pytest.raises(EngineError):
            engine.result(run_id)
    finally:
        engine.close()


def test_a_spool_gives_back_what_was_written_last_and_goes_when_it_is_closed(tmp_path):
    spool = Spool(tmp_path)
    for number in (1, 2):
        spool.write("run", pickle.dumps(Save(number, 0.5, b"state", (b"weights",))))
    assert spool.read("run").records == 2
    assert b"".join(spool.pieces("run")) == (spool.folder / "run").read_bytes()
    assert spool.read("other") is None
    spool.write("other", b"")
    spool.keep_only({"run"})
    assert {file.name for file in spool.folder.iterdir()} == {"run", "in-use"}
    spool.close()
    assert list(tmp_path.iterdir()) == []


def test_a_part_takes_the_place_of_the_older_save_only_when_it_is_whole(tmp_path):
    spool = Spool(tmp_path)
    spool.write("run", b"old")
    with spool.part("run-1") as part:
        part.write(b"new")
    assert b"".join(spool.pieces("run")) == b"old"
    spool.take_part("run-1", "run")
    assert b"".join(spool.pieces("run")) == b"new"
    spool.close()


def test_the_folder_of_a_killed_server_is_removed_by_the_next_one_and_that_of_a_living_one_is_not(tmp_path):
    living = Spool(tmp_path)
    code = f"""
import os, pathlib
from resnet_core.engine.spool import Spool
spool = Spool(pathlib.Path({str(tmp_path)!r}))
spool.write("run", b"save")
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    assert len(list(tmp_path.glob(f"{PREFIX}*/run"))) == 1
    assert len(list(tmp_path.iterdir())) == 2
    next_one = Spool(tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == {living.folder.name, next_one.folder.name}
    next_one.close()
    living.close()
