"""What every engine does, wherever its runs live. The stand-in source makes runs as long and as bad as needed."""

import itertools
import subprocess
import sys
import time

import numpy as np
import pytest
from safetensors.numpy import load

from resnet_core import DataConfig, EngineError, QueueFull, ResNetConfig, RunSpec, TrainConfig
from resnet_core.engine import close_engine, get_engine, warm_up
from resnet_core.engine.dask_engine import DaskEngine
from resnet_core.engine.inline_engine import InlineEngine
from resnet_core.engine.settings import EngineSettings
from resnet_core.records import ENDED
from tests.core.engine_stand_in import open_run, spec
from tests.waiting import until, until_records

LONG = spec(steps=100_000)
SETTINGS = EngineSettings(waiting=2, grace=6.0, max_steps=100_000, niceness=0, turn=600.0)


@pytest.fixture(scope="module", params=["inline", "dask"])
def engine(request):
    if request.param == "inline":
        engine = InlineEngine(settings=SETTINGS, source=open_run)
    else:
        engine = DaskEngine(workers=1, address="", settings=SETTINGS, source=open_run, warm=False)
    yield engine
    engine.close()


@pytest.fixture
def owner(request):
    """A new visitor in every test; what the test leaves running is stopped."""
    engine = request.getfixturevalue("engine")
    names = [f"{request.node.name} {number}" for number in range(5)]
    yield names
    for run_id in list(engine._ledger._runs):
        engine.stop(run_id)
        until(engine, run_id, *ENDED)


def steps(update):
    return [record.record.step for record in update.records]


def test_a_run_goes_from_the_queue_to_its_end_with_every_record(engine, owner):
    run_id = engine.submit(spec(steps=20), owner[0])
    assert engine.poll(run_id).state in ("queued", "running")
    update = until(engine, run_id, "finished")
    assert steps(update) == list(range(1, 21))
    assert update.header.networks[0].layers == ("stem",)
    assert update.seconds >= 20 * 0.01


def test_a_poll_brings_only_what_is_new(engine, owner):
    run_id = engine.submit(spec(steps=60), owner[0])
    seen = []
    while (update := engine.poll(run_id, len(seen))).state not in ENDED or update.records:
        assert update.since == len(seen)
        seen += steps(update)
        time.sleep(0.05)
    assert seen == list(range(1, 61))


def test_the_result_holds_the_records_and_the_weights(engine, owner):
    run_id = engine.submit(spec(steps=4), owner[0])
    until(engine, run_id, "finished")
    result = engine.result(run_id)
    assert (result.state, result.weights, len(result.records)) == ("finished", (b"weights after step 4",), 4)


def test_there_is_no_result_before_the_end(engine, owner):
    run_id = engine.submit(LONG, owner[0])
    with pytest.raises(EngineError, match="has not ended"):
        engine.result(run_id)


def test_a_paused_run_takes_no_step_and_goes_on_where_it_was(engine, owner):
    run_id = engine.submit(spec(steps=400), owner[0])
    until_records(engine, run_id, 3)
    engine.pause(run_id)
    before = until(engine, run_id, "paused")
    time.sleep(0.4)
    assert steps(engine.poll(run_id)) == steps(before)
    engine.resume(run_id)
    until(engine, run_id, "running")
    assert steps(until(engine, run_id, "finished")) == list(range(1, 401))


def test_a_stop_ends_a_run_and_keeps_what_was_shown(engine, owner):
    for _ in range(5):
        run_id = engine.submit(LONG, owner[0])
        until_records(engine, run_id, 1)
        engine.stop(run_id)
        update = until(engine, run_id, "stopped")
        assert steps(update) == list(range(1, len(update.records) + 1))
        assert engine.result(run_id).weights == (f"weights after step {len(update.records)}".encode(),)


def test_the_second_run_waits_its_turn_and_knows_its_place(engine, owner):
    first, second, third = (engine.submit(LONG, name) for name in owner[:3])
    until_records(engine, first, 60)
    assert [engine.poll(run_id).queue_position for run_id in (second, third)] == [1, 2]
    assert engine.poll(second).expected_wait > 60  # 100,000 steps of 10 ms
    engine.stop(first)
    until(engine, second, "running")
    assert engine.poll(third).queue_position == 1


def test_a_waiting_run_that_is_stopped_leaves_the_queue(engine, owner):
    first, second, third = (engine.submit(LONG, name) for name in owner[:3])
    until(engine, first, "running")
    engine.stop(second)
    assert engine.poll(second).state == "stopped"
    assert engine.poll(third).queue_position == 1


def test_a_visitor_has_one_run(engine, owner):
    old = engine.submit(LONG, owner[0])
    until_records(engine, old, 1)
    new = engine.submit(spec(), owner[0])
    until(engine, old, "stopped")
    until(engine, new, "finished")


def test_a_run_too_many_is_refused_with_a_reason(engine, owner):
    first = engine.submit(LONG, owner[0])
    until(engine, first, "running")
    engine.submit(LONG, owner[1])
    engine.submit(LONG, owner[2])
    with pytest.raises(QueueFull, match="room for 2 on this server, is full"):
        engine.submit(LONG, owner[3])


@pytest.mark.slow
def test_a_run_that_nobody_watches_ends_and_frees_its_place(engine, owner):
    left = engine.submit(LONG, owner[0])
    watched = engine.submit(LONG, owner[1])
    until_records(engine, left, 1)
    until(engine, watched, "running")  # without a further look at the first run
    assert engine.poll(left).state == "stopped"
    assert engine.poll(left).error.startswith("Nobody watched this run")


def test_an_error_in_a_run_is_told_in_its_own_words(engine, owner):
    update = until(engine, engine.submit(spec("bad input"), owner[0]), "failed")
    assert (update.error, update.error_values) == ("size is {size}. It must be 8.", {"size": 7})
    assert steps(update) == [1, 2]


def test_an_unexpected_error_is_told_and_the_traceback_goes_to_the_log(engine, owner, caplog):
    run_id = engine.submit(spec("surprise"), owner[0])
    update = until(engine, run_id, "failed")
    assert str(EngineError(update.error, **update.error_values)).startswith("Something unexpected happened")
    assert "a secret path" in caplog.text
    with pytest.raises(EngineError, match="left no weights"):
        engine.result(run_id)


def test_an_unknown_run_is_an_error(engine):
    for call in (engine.poll, engine.stop, engine.pause, engine.resume, engine.result):
        with pytest.raises(EngineError, match="There is no run 'nothing'"):
            call("nothing")


@pytest.mark.slow
def test_real_training_gives_records_and_weights_of_the_network_that_was_asked_for(engine, owner):
    network = ResNetConfig(depths=(1, 1, 1), widths=(8, 16, 32), stem_width=8, in_channels=1)
    training = TrainConfig(steps=12, batch=16, precision="fp32", inspect_every=6)
    run_id = engine.submit(
        RunSpec(networks=(network,), data=DataConfig(name="digits", size=8), training=training), owner[0]
    )
    update = until(engine, run_id, *ENDED)
    assert (update.state, steps(update)) == ("finished", list(range(1, 13)))
    assert [record.record.inspection is not None for record in update.records].count(True) == 2
    assert len(update.records[0].record.gradients) == len(update.header.networks[0].layers) == 7
    weights = load(engine.result(run_id).weights[0])
    assert any(array.shape == (8, 1, 3, 3) for array in weights.values())  # the stem's


@pytest.mark.slow
def test_a_network_that_diverges_is_a_finding_and_not_an_error(engine, owner):
    network = ResNetConfig(depths=(3, 3, 3), widths=(8, 16, 32), stem_width=8, in_channels=1, norm="none")
    training = TrainConfig(steps=50, batch=16, precision="fp32", learning_rate=100.0, inspect_every=0)
    run_id = engine.submit(
        RunSpec(networks=(network,), data=DataConfig(name="digits", size=8), training=training), owner[0]
    )
    update = until(engine, run_id, *ENDED)
    assert (update.state, update.error) == ("finished", "")
    assert len(update.records) < 50
    assert not np.isfinite(update.records[-1].record.loss)


def test_a_closed_engine_refuses_runs_and_has_ended_the_others():
    engine = InlineEngine(settings=SETTINGS, source=open_run)
    run_id = engine.submit(LONG, "ann")
    until_records(engine, run_id, 1)
    engine.close()
    engine.close()
    assert engine.poll(run_id).state == "stopped"
    with pytest.raises(EngineError, match="shutting down"):
        engine.submit(LONG, "ann")


def test_a_process_has_one_engine(monkeypatch):
    monkeypatch.setenv("RESNET_LAB_ENGINE", "inline")
    first = get_engine()
    assert get_engine() is first
    assert warm_up()
    close_engine()
    assert not first.ready()
    assert get_engine() is not first
    close_engine()


def test_a_wrong_kind_of_engine_is_refused(monkeypatch):
    monkeypatch.setenv("RESNET_LAB_ENGINE", "steam")
    with pytest.raises(EngineError, match="must be 'dask' or 'inline'"):
        get_engine()


@pytest.mark.parametrize("module", ["resnet_core.engine", "resnet_core.engine.worker", "resnet_core.engine.desk"])
def test_importing_the_engine_loads_neither_dask_nor_torch(module):
    heavy = "{'torch', 'dask', 'distributed', 'streamlit'}"
    code = f"import sys, {module}; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_many_visitors_at_once_get_their_own_records(engine, owner):
    run_ids = [engine.submit(spec(steps=number + 3), name) for number, name in enumerate(owner[:3])]
    for number, run_id in enumerate(run_ids):
        while engine.poll(run_id).state not in ENDED:
            for other in itertools.islice(run_ids, number, None):
                engine.poll(other)
            time.sleep(0.02)
        assert steps(engine.poll(run_id)) == list(range(1, number + 4))
