"""Ended runs on a server's disk: they come back as they were, their owner rules over them, and the oldest go."""

import logging
import math
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from resnet_core import KeptRun, RunRecord, RunResult, RunSpec, StepRecord, StoreError, summarise
from resnet_core.records import Inspection
from resnet_core.store.metrics import read_metrics, write_metrics
from tests.core.store_runs import (
    SPEC,
    course,
    folder,
    heading,
    open_store,
    tensors,
    tiny_result,
    with_changed_look,
    with_changed_step,
)


def ids(runs: tuple[KeptRun, ...]) -> list[str]:
    return [run.run_id for run in runs]


def test_a_run_comes_back_to_the_last_bit(store):
    result = tiny_result()
    store.keep("a", "ann", SPEC, result)
    back = store.result("a")
    assert course(back) == course(result)
    assert heading(back) == heading(result)
    assert back.weights == result.weights


def test_a_run_survives_the_end_of_the_server(home, store):
    kept = store.keep("a", "ann", SPEC, tiny_result(), name="Deep one")
    store.close()
    again = open_store(home)
    assert again.runs_of("ann") == (kept,) == (again.find("a"),)
    assert course(again.result("a")) == course(tiny_result())
    again.close()


def test_what_is_said_of_a_run_is_what_it_was(store):
    before = time.time()
    kept = store.keep("a", "ann", SPEC, tiny_result(), name="  Deep one ")
    assert (kept.run_id, kept.owner, kept.name, kept.spec, kept.state) == ("a", "ann", "Deep one", SPEC, "finished")
    assert (kept.seconds, kept.imported) == (1.25, False)
    assert before <= kept.created <= time.time()
    assert kept.summaries == summarise(tiny_result().records, 2)


def test_the_size_of_a_run_is_that_of_its_files(home, store):
    kept = store.keep("a", "ann", SPEC, tiny_result())
    assert kept.size == sum(file.stat().st_size for file in folder(home, "a").iterdir()) == store.used_bytes()


def test_a_run_that_diverged_and_left_no_weights_comes_back_too(store):
    result = with_changed_step(tiny_result(), 11, loss=math.nan, gradients=np.full(9, np.inf, np.float32))
    result = replace(with_changed_step(result, 10, loss=-math.inf), weights=(), state="lost")
    kept = store.keep("a", "ann", SPEC, result)
    assert course(store.result("a")) == course(result)
    assert (store.result("a").weights, kept.state) == ((), "lost")
    assert [summary.diverged for summary in store.runs_of("ann")[0].summaries] == [True, True]
    assert [str(summary.loss) for summary in store.find("a").summaries] == ["-inf", "nan"]


def test_a_run_of_which_no_step_was_seen_can_be_kept(store):
    result = replace(tiny_result(), records=(), weights=(), state="failed")
    assert store.keep("a", "ann", SPEC, result).summaries[0].test_error is None
    assert store.result("a").records == ()


def test_where_the_pictures_lay_is_not_written_down(home, store):
    spec = replace(SPEC, data=replace(SPEC.data, path="/srv/school/uploads/of-fred.npz"))
    assert store.keep("a", "ann", spec, tiny_result()).spec == SPEC == store.find("a").spec
    files = [*folder(home, "a").iterdir(), *home.glob("index*")]
    assert [file.name for file in files if b"of-fred" in file.read_bytes()] == []


def test_an_owner_sees_their_own_runs_newest_first(store):
    for run_id, owner in (("a", "ann"), ("b", "bob"), ("c", "ann"), ("d", "ann")):
        store.keep(run_id, owner, SPEC, tiny_result())
    assert ids(store.runs_of("ann")) == ["d", "c", "a"]
    assert ids(store.runs_of("bob")) == ["b"]
    assert store.runs_of("eve") == ()


def test_a_name_outlives_the_server_and_the_index(home, store):
    store.keep("a", "ann", SPEC, tiny_result(), name="first")
    store.rename("a", "ann", "깊은 신경망 🙂")
    assert store.find("a").name == "깊은 신경망 🙂"
    store.close()
    (home / "index.sqlite").unlink()
    again = open_store(home)
    assert again.find("a").name == "깊은 신경망 🙂"
    assert course(again.result("a")) == course(tiny_result())
    again.rename("a", "ann", "")
    assert again.find("a").name == ""
    again.close()


@pytest.mark.parametrize("name", ["two\nlines", "bell\a", "right\u202eleft", "x" * 81])
def test_a_name_that_could_spoil_a_page_is_refused(store, name):
    store.keep("a", "ann", SPEC, tiny_result(), name="good")
    with pytest.raises(StoreError, match="A name has at most 80 characters"):
        store.rename("a", "ann", name)
    assert store.find("a").name == "good"


def test_nobody_renames_or_deletes_what_is_not_theirs(store):
    store.keep("a", "ann", SPEC, tiny_result(), name="good")
    store.keep("b", "", SPEC, tiny_result())
    for run_id, owner in (("a", "bob"), ("a", ""), ("b", "")):
        with pytest.raises(StoreError, match="belongs to another browser"):
            store.rename(run_id, owner, "bad")
        with pytest.raises(StoreError, match="belongs to another browser"):
            store.delete(run_id, owner)
    with pytest.raises(StoreError, match="another browser's run"):
        store.keep("a", "bob", SPEC, tiny_result())
    assert (store.find("a").name, store.find("b").name) == ("good", "")


def test_a_deleted_run_is_gone_from_list_and_disk(home, store):
    store.keep("a", "ann", SPEC, tiny_result())
    store.delete("a", "ann")
    assert (store.runs_of("ann"), store.used_bytes(), list((home / "runs").iterdir())) == ((), 0, [])
    for act in (store.result, store.find, store.pack, lambda run_id: store.delete(run_id, "ann")):
        with pytest.raises(StoreError, match="There is no run 'a' on this server"):
            act("a")


@pytest.mark.parametrize(
    "run_id", ["", ".", "..", "../index", "a/b", "a\\b", "a\0b", "C:", "x" * 65, ".passing-a", "é"]
)
def test_an_id_that_is_no_plain_name_never_reaches_the_disk(home, store, run_id):
    for act in (store.result, store.find, store.pack):
        with pytest.raises(StoreError, match="There is no run"):
            act(run_id)
    with pytest.raises(StoreError, match="cannot be the id of a run"):
        store.keep(run_id, "ann", SPEC, tiny_result())
    assert list((home / "runs").iterdir()) == []


def test_keeping_a_run_again_replaces_it(store):
    store.keep("a", "ann", SPEC, tiny_result())
    shorter = replace(tiny_result(), records=tiny_result().records[:4], state="stopped")
    store.keep("a", "ann", SPEC, shorter)
    assert [run.state for run in store.runs_of("ann")] == ["stopped"]
    assert course(store.result("a")) == course(shorter)


def test_what_does_not_belong_together_is_not_kept(store):
    result = tiny_result()
    wrong = [
        (replace(SPEC, networks=SPEC.networks[:1]), result),
        (SPEC, replace(result, weights=result.weights[:1])),
        (SPEC, with_changed_step(result, 0, gradients=np.ones(3, np.float32))),
        (SPEC, with_changed_look(result, maps=())),
        (SPEC, replace(result, records=(RunRecord(2, result.records[0].record),))),
    ]
    for spec, other in wrong:
        with pytest.raises(StoreError, match="This run cannot be kept"):
            store.keep("a", "ann", spec, other)
    assert store.runs_of("ann") == ()


# -- room and age


def test_the_oldest_runs_make_room_for_a_new_one(home, store):
    size = store.keep("a", "ann", SPEC, tiny_result()).size
    store.close()
    for extra in range(1, 30):  # the least limit is 1 MB, so fill that up
        store.keep(f"b{extra:02}", "ann", SPEC, tiny_result())
    limit = 1_000_000
    small = open_store(home, quota_mb=1.0)
    fit = limit // size
    assert fit < 30, "the runs are too small for this test"
    assert ids(small.runs_of("ann")) == [f"b{extra:02}" for extra in range(29, 29 - fit, -1)]
    small.keep("c", "bob", SPEC, tiny_result())
    assert small.used_bytes() <= limit
    assert ids(small.runs_of("ann")) == [f"b{extra:02}" for extra in range(29, 30 - fit, -1)]
    small.close()


def test_a_run_that_is_larger_than_all_the_room_is_refused_and_drives_nobody_out(home):
    store = open_store(home, quota_mb=1.0)
    store.keep("a", "ann", SPEC, tiny_result())
    huge = replace(tiny_result(), weights=(bytes(600_000), bytes(600_000)))
    with pytest.raises(StoreError, match="may have 1 MB"):
        store.keep("b", "ann", SPEC, huge)
    assert ids(store.runs_of("ann")) == ["a"]
    store.close()


def test_runs_go_when_they_are_old(home, store, monkeypatch):
    store.keep("a", "ann", SPEC, tiny_result())
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 9 * 86_400)
    store.keep("b", "ann", SPEC, tiny_result())
    store.close()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 86_400)
    later = open_store(home, keep_days=10.0)
    assert ids(later.runs_of("ann")) == ["b"]
    monkeypatch.setattr(time, "time", lambda: now + 25 * 86_400)
    later.keep("c", "bob", SPEC, tiny_result())
    assert later.runs_of("ann") == ()
    later.close()


# -- a home that cannot be written


def test_where_the_home_cannot_be_written_runs_are_kept_until_the_server_ends(tmp_path, caplog):
    (tmp_path / "home").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        store = open_store(tmp_path / "home")
    assert store.fleeting
    assert "cannot be written" in caplog.text
    store.keep("a", "ann", SPEC, tiny_result())
    assert ids(store.runs_of("ann")) == ["a"]
    store.close()


def test_a_home_that_can_be_written_is_no_fleeting_one(store):
    assert not store.fleeting


# -- several at once


def test_pages_can_read_while_engine_threads_keep(store):
    writing = threading.Event()
    tiny_result()

    def write(owner):
        for number in range(5):
            store.keep(f"{owner}{number}", owner, SPEC, tiny_result())
            store.rename(f"{owner}{number}", owner, f"run {number}")
        store.delete(f"{owner}0", owner)

    def read(owner):
        while not writing.is_set():
            for run in store.runs_of(owner):
                try:
                    assert len(store.result(run.run_id).records) == 12
                except StoreError as problem:  # it was deleted between the two calls
                    assert "There is no run" in str(problem)  # noqa: PT017

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read, owner) for owner in ("ann", "bob")]
        writers = [threads.submit(write, owner) for owner in ("ann", "bob")]
        try:
            for writer in writers:
                writer.result()
        finally:
            writing.set()
        for reader in readers:
            reader.result()
    for owner in ("ann", "bob"):
        assert [run.name for run in store.runs_of(owner)] == ["run 4", "run 3", "run 2", "run 1"]


# -- Parquet

floats = st.floats(width=32) | st.sampled_from([math.nan, math.inf, -math.inf, -0.0])


def vectors(length):
    return arrays.arrays(np.float32, length, elements=floats)


@st.composite
def records(draw):
    layers, blocks = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    shapes = draw(st.lists(st.tuples(*[st.integers(0, 3)] * 3), max_size=2))

    def look():
        if draw(st.booleans()):
            return None
        means, norms = [draw(vectors(layers)) for _ in range(2)], [draw(vectors(blocks)) for _ in range(2)]
        maps = tuple(draw(arrays.arrays(np.uint8, shape)) for shape in shapes)
        return Inspection(draw(st.floats()), draw(st.floats()), *means, *norms, maps)

    def step():
        numbers = [draw(st.floats()) for _ in range(3)]
        return RunRecord(
            draw(st.integers(0, 3)),
            StepRecord(draw(st.integers(1, 2**31 - 1)), *numbers, draw(vectors(layers)), look()),
        )

    return tuple(step() for _ in range(draw(st.integers(0, 5))))


@settings(deadline=None)
@given(records())
def test_steps_of_any_shape_come_back_to_the_last_bit(found):
    before = RunResult(tiny_result().header, found, (), "finished", 0.0)
    assert course(replace(before, records=read_metrics(write_metrics(found)))) == course(before)


def test_what_comes_back_can_be_written_to_without_changing_another_step(store):
    store.keep("a", "ann", SPEC, tiny_result())
    steps = store.result("a").records
    steps[0].record.gradients[:] = 7
    assert course(store.result("a")) == course(tiny_result())
    assert not (steps[1].record.gradients == 7).any()


@pytest.mark.parametrize("names", ["resnet_core.store, resnet_core.store.runs, resnet_core.archive"])
def test_arrow_and_torch_are_loaded_when_a_run_is_read_and_not_before(names):
    code = f"import sys, {names}; print(*{{'pyarrow', 'torch'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_settings_in_a_folder_are_those_of_the_run(home, store):
    store.keep("a", "ann", SPEC, tiny_result())
    assert RunSpec.from_json((folder(home, "a") / "spec.json").read_text()) == SPEC
    assert tensors(store.result("a")) == tensors(tiny_result())
