"""A run outlives its worker: what its visitor is told, and that the curve goes on as if nothing had happened."""

import os
import signal
import time

import numpy as np
import psutil
import pytest
from safetensors.numpy import load

from resnet_core import EngineError, train_together
from resnet_core.engine import mail
from resnet_core.engine.dask_engine import DaskEngine
from resnet_core.engine.settings import EngineSettings
from resnet_core.records import ENDED
from tests.core.cluster import foreign_cluster
from tests.core.engine_stand_in import open_run, small_run, spec
from tests.waiting import until, until_records, wait_for

SETTINGS = EngineSettings(grace=60.0, max_steps=100_000, niceness=0)
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
LONG = spec(steps=100_000)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine():
    engine = DaskEngine(workers=2, address="", settings=SETTINGS, source=open_run, warm=True)
    yield engine
    engine.close()


def until_saved(engine, run_id):
    """The page of a run that could go on elsewhere."""

    def page():
        engine.poll(run_id)
        run = engine._ledger.find(run_id)
        return run if run.saved else None

    return wait_for(page)


def steps(update):
    return [record.record.step for record in update.records]


def in_words(text, values):
    return str(EngineError(text, **values))


def test_the_curve_and_the_weights_of_a_run_whose_worker_was_killed_are_those_of_an_undisturbed_one(engine):
    run_spec = small_run(steps=400)
    run_id = engine.submit(run_spec, "ann")
    page = until_saved(engine, run_id)
    until_records(engine, run_id, page.saved + 20)  # so that some are computed twice
    shown = len(engine.poll(run_id).records)
    os.kill(page.pid, KILL)
    update = wait_for(lambda: update if (update := engine.poll(run_id)).note else None)
    assert f"continues from step {page.saved}, where" in in_words(update.note, update.note_values)
    assert len(update.records) >= shown
    update = until(engine, run_id, *ENDED)
    undisturbed = train_together(run_spec)
    losses = [record.record.loss for record in undisturbed.records()]
    assert (update.state, update.error, steps(update)) == ("finished", "", list(range(1, 401)))
    assert [record.record.loss for record in update.records] == losses
    [weights], [expected] = (map(load, files) for files in (engine.result(run_id).weights, undisturbed.weights()))
    assert weights.keys() == expected.keys()
    assert all(np.array_equal(weights[name], expected[name]) for name in expected)


def test_a_run_that_goes_on_stands_before_those_that_wait(engine):
    victim, other = engine.submit(LONG, "ann"), engine.submit(LONG, "bob")
    waiting = engine.submit(LONG, "eve")
    page = until_saved(engine, victim)
    until_saved(engine, other)
    os.kill(page.pid, KILL)
    wait_for(lambda: engine.poll(victim).note)
    known = len(engine.poll(victim).records)
    until_records(engine, victim, known + 1)
    assert engine.poll(waiting).state == "queued"
    assert engine.poll(other).note == ""
    for run_id in (waiting, victim, other):
        engine.stop(run_id)
        until(engine, run_id, "stopped")


def test_a_run_that_kills_its_workers_is_lost_after_two_restarts_and_keeps_what_it_has_shown(engine):
    run_id = engine.submit(spec("deadly", steps=100, step_seconds=0.1), "ann")
    update = until(engine, run_id, *ENDED)
    assert update.state == "lost"
    assert steps(update) == list(range(1, len(update.records) + 1))
    assert 0 < len(update.records) <= 29
    assert engine._ledger.find(run_id).start == 3
    assert in_words(update.error, update.error_values).startswith("The process that trained this run died")


def test_the_pool_is_whole_again(engine):
    wait_for(lambda: len(workers()) == 2)
    both = [engine.submit(LONG, owner) for owner in ("ann", "bob")]
    for run_id in both:
        until_records(engine, run_id, 1)
    for run_id in both:
        engine.stop(run_id)
        until(engine, run_id, "stopped")


def workers():
    return [process.pid for process in psutil.Process().children() if "spawn_main" in command(process)]


def command(process):
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie, too
        return ""


def test_a_paused_run_whose_worker_dies_stays_paused_and_goes_on_when_it_is_asked_to(engine):
    run_id = engine.submit(spec(steps=400, step_seconds=0.02), "ann")
    page = until_saved(engine, run_id)
    engine.pause(run_id)
    shown = len(until(engine, run_id, "paused").records)
    os.kill(page.pid, KILL)
    wait_for(lambda: engine.poll(run_id).note)
    assert (engine.poll(run_id).state, len(engine.poll(run_id).records)) == ("paused", shown)
    engine.resume(run_id)
    assert steps(until(engine, run_id, "finished")) == list(range(1, 401))


def test_a_run_that_does_not_heed_a_stop_is_ended_with_its_process_and_keeps_its_last_save(engine, monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 1.0)
    run_id = engine.submit(spec("deaf", steps=100, step_seconds=0.1), "ann")
    page = until_saved(engine, run_id)
    until_records(engine, run_id, 25)
    time.sleep(0.5)
    engine.stop(run_id)
    update = until(engine, run_id, *ENDED)
    assert (update.state, update.error) == ("stopped", "")
    assert engine.result(run_id).weights == (f"weights after step {page.saved}".encode(),)


def test_a_foreign_cluster_that_would_start_a_run_over_goes_on_from_the_save_instead():
    with foreign_cluster(1) as cluster:
        engine = DaskEngine(address=cluster.scheduler_address, settings=SETTINGS, source=open_run, warm=False)
        try:
            run_id = engine.submit(spec(steps=200, step_seconds=0.02), "ann")
            page = until_saved(engine, run_id)
            os.kill(page.pid, KILL)
            update = until(engine, run_id, *ENDED)
            assert (update.state, steps(update)) == ("finished", list(range(1, 201)))
            assert "continues from step" in update.note
            assert page.start == 2
        finally:
            engine.close()
