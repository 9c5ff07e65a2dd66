import itertools
import os
import pickle
import threading

import pytest

from resnet_core.engine import worker
from resnet_core.errors import EngineError
from tests.core.engine_stand_in import open_run, spec
from tests.waiting import PATIENCE


def train(run_spec, commands=()):
    """The reports of a run for which `commands` are given one at each look, and "go" after that."""
    payloads = []
    wanted = itertools.chain(commands, itertools.repeat("go"))
    payloads.append(worker.train("run", run_spec, payloads.append, lambda: next(wanted), open_run, "here"))
    reports = [pickle.loads(payload) for payload in payloads]
    return reports[1:] + reports[:1] if reports[0].ending else reports


def steps(reports):
    return [record.record.step for report in reports for record in report.records]


def test_every_record_is_reported_once_and_in_order():
    reports = train(spec(steps=30, step_seconds=0.02))
    assert steps(reports) == list(range(1, 31))
    assert [report.first for report in reports] == list(
        itertools.accumulate([len(report.records) for report in reports[:-1]], initial=0)
    )


def test_records_are_gathered_rather_than_sent_one_by_one():
    assert len(train(spec(steps=200, step_seconds=0.0))) < 20


def test_the_header_comes_before_the_first_record_and_only_once():
    reports = train(spec())
    assert [report.header is not None for report in reports].count(True) == 1
    first = next(report for report in reports if report.header)
    assert first.first == 0


def test_a_finished_run_brings_its_weights():
    ending = train(spec(steps=4))[-1].ending
    assert (ending.state, ending.weights) == ("finished", (b"weights after step 4",))


def test_a_stopped_run_brings_the_weights_it_has():
    reports = train(spec(steps=100), ["go", "go", "stop"])
    assert steps(reports) == [1, 2]
    assert (reports[-1].ending.state, reports[-1].ending.weights) == ("stopped", (b"weights after step 2",))


def test_a_pause_is_told_and_its_time_not_counted():
    reports = train(spec(steps=3, step_seconds=0.0), ["go", *["pause"] * 20, "go"])
    states = [report.state for report in reports]
    assert states[states.index("paused") :][:2] == ["paused", "running"]
    assert steps(reports) == [1, 2, 3]
    assert reports[-1].seconds < 19 * worker.PAUSE_SECONDS


def test_a_stop_reaches_a_paused_run():
    reports = train(spec(steps=3), ["go", "pause", "pause", "stop", "stop"])
    assert reports[-1].ending.state == "stopped"
    assert steps(reports) == [1]


def test_an_error_keeps_its_template_apart_from_its_values():
    ending = train(spec("bad input"))[-1].ending
    assert (ending.state, ending.error, ending.values) == ("failed", "size is {size}. It must be 8.", {"size": 7})


def test_an_unexpected_error_tells_visitors_nothing_of_the_server():
    reports = train(spec("surprise"))
    ending = reports[-1].ending
    assert steps(reports) == [1, 2]
    assert "/etc/passwd" not in str(EngineError(ending.error, **ending.values))
    assert "/etc/passwd" in ending.traceback


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="this system has no niceness")
def test_modesty_is_a_threads_and_never_taken_back():
    seen = []

    def be_modest_twice():
        for niceness in (7, 3):
            worker.be_modest(niceness)
            seen.append(os.getpriority(os.PRIO_PROCESS, 0))

    before = os.getpriority(os.PRIO_PROCESS, 0)
    thread = threading.Thread(target=be_modest_twice)
    thread.start()
    thread.join()
    assert seen == [max(before, 7)] * 2


@pytest.fixture
def measurement(monkeypatch):
    """Something that is measured in this process until it is let go."""
    monkeypatch.setattr(worker, "GIVE_WAY", PATIENCE)
    begun, gate = threading.Event(), threading.Event()

    def hold():
        begun.set()
        gate.wait(PATIENCE)

    thread = threading.Thread(target=worker.measure, args=(hold, ()))
    thread.start()
    begun.wait(PATIENCE)
    yield gate
    gate.set()
    thread.join()


def test_training_waits_for_a_measurement_and_then_goes_on(measurement):
    reports = []
    training = threading.Thread(target=lambda: reports.extend(train(spec(steps=3, step_seconds=0.0))))
    training.start()
    training.join(0.3)
    assert training.is_alive()
    measurement.set()
    training.join()
    assert steps(reports) == [1, 2, 3]


def test_a_run_that_waits_for_a_measurement_heeds_a_stop(measurement):
    reports = train(spec(steps=100), ["go", "go", "stop", "stop"])
    assert (reports[-1].ending.state, len(steps(reports))) == ("stopped", 1)
    assert not measurement.is_set()
