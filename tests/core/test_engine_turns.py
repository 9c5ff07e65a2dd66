"""Long runs make room for others who wait, and nobody trains for ever."""

import time

import pytest

from resnet_core import EngineError
from resnet_core.engine.dask_engine import DaskEngine
from resnet_core.engine.inline_engine import InlineEngine
from resnet_core.engine.ledger import Ledger
from resnet_core.engine.reports import Ending, Loss, Order
from resnet_core.engine.settings import EngineSettings
from resnet_core.records import ENDED
from tests.core.engine_reports import HEADER, Clock, report
from tests.core.engine_stand_in import open_run, spec
from tests.waiting import until, wait_for


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    book = Ledger(EngineSettings(turn=60.0, max_seconds=900.0, max_steps=1000, grace=3600.0), clock)
    book.places = 1
    return book


def begin(ledger, owner="ann", steps=1000):
    run = ledger.admit(spec(steps=steps), owner)
    assert ledger.start("worker") is run
    ledger.apply(report(run, 0, 1, header=HEADER), 10)
    return run


def hand_over(ledger, run):
    """What a worker says that was told to let a run go."""
    ledger.apply(report(run, run.heard, 0, seconds=run.seconds, ending=Ending("queued", save=b"save")), 10)


def told(ledger):
    ledger.share()
    return ledger.mail.untold()


def test_a_run_keeps_its_worker_as_long_as_nobody_waits(ledger):
    run = begin(ledger)
    ledger.apply(report(run, 1, 1, seconds=500.0), 10)
    assert told(ledger) == []


def test_a_run_that_had_its_turn_makes_room_and_goes_to_the_end_of_the_queue(ledger):
    run = begin(ledger)
    small, other = ledger.admit(spec(), "bob"), ledger.admit(spec(), "eve")
    ledger.apply(report(run, 1, 1, seconds=59.0), 10)
    assert told(ledger) == []
    ledger.apply(report(run, 2, 1, seconds=61.0), 10)
    assert told(ledger) == [(run, Order(1, "yield"))]
    hand_over(ledger, run)
    update = ledger.update(run.run_id, 0)
    assert (update.state, len(update.records)) == ("queued", 3)
    assert update.note.format(**update.note_values).startswith("Others are waiting and this run has trained for 60 s")
    assert "at step 3" in update.note.format(**update.note_values)
    assert [ledger.start("worker") for _ in range(3)] == [small, other, run]
    assert ledger.update(run.run_id, 0).note == ""


def test_a_run_that_goes_on_has_a_turn_as_long_as_the_first(ledger):
    run = begin(ledger)
    ledger.admit(spec(), "bob")
    ledger.apply(report(run, 1, 1, seconds=61.0), 10)
    told(ledger)
    hand_over(ledger, run)
    ledger.lose(Loss(ledger.start("worker").run_id, 1, "failed", "", {}))
    ledger.start("worker")
    ledger.admit(spec(), "eve")
    ledger.apply(report(run, 2, 1, seconds=100.0, attempt="b"), 10)  # its worker took over at 100 s
    ledger.apply(report(run, 3, 1, seconds=150.0, attempt="b"), 10)
    assert told(ledger) == []
    ledger.apply(report(run, 4, 1, seconds=161.0, attempt="b"), 10)
    assert [order.command for _, order in told(ledger)] == ["yield"]


def test_only_as_many_runs_make_room_as_are_needed_the_longest_turn_first(ledger):
    ledger.places = 3
    runs = [begin(ledger, owner) for owner in ("ann", "bob", "eve")]
    for run, seconds in zip(runs, (70.0, 90.0, 80.0), strict=True):
        ledger.apply(report(run, 1, 1, seconds=seconds), 10)
    ledger.admit(spec(), "joe")
    assert told(ledger) == [(runs[1], Order(1, "yield"))]
    assert told(ledger) == []


def test_a_run_that_is_nearly_done_may_finish(ledger):
    run = begin(ledger, steps=100)
    ledger.apply(report(run, 1, 59, seconds=60.0), 10)
    ledger.apply(report(run, 60, 38, seconds=62.0), 10)  # two steps are left
    ledger.admit(spec(), "bob")
    assert told(ledger) == []


def test_a_paused_run_gives_its_worker_up_at_once_and_stays_paused(ledger):
    run = begin(ledger)
    ledger.want(run.run_id, "pause")
    ledger.apply(report(run, 1, 1, state="paused"), 10)
    ledger.share()
    assert not run.leaving
    waiting = ledger.admit(spec(), "bob")
    assert [order.command for _, order in told(ledger)] == ["yield"]
    hand_over(ledger, run)
    update = ledger.update(run.run_id, 0)
    assert (update.state, update.queue_position, ledger.active) == ("paused", 0, ())
    assert "joins the end of the queue" in update.note
    assert ledger.start("worker") is waiting
    last = ledger.admit(spec(), "eve")
    ledger.want(run.run_id, "go")
    assert [ledger.update(run_id, 0).queue_position for run_id in (last.run_id, run.run_id)] == [1, 2]


def test_a_stop_while_a_run_makes_room_is_a_stop(ledger):
    run = begin(ledger)
    ledger.admit(spec(), "bob")
    ledger.apply(report(run, 1, 1, seconds=61.0), 10)
    told(ledger)
    ledger.want(run.run_id, "stop")
    hand_over(ledger, run)
    assert (run.state, run.run_id in ledger.on_saves) == ("stopped", True)


def test_a_dead_worker_while_a_run_makes_room_is_still_a_dead_worker(ledger):
    run = begin(ledger)
    ledger.admit(spec(), "bob")
    ledger.apply(report(run, 1, 1, seconds=61.0, saved=2), 10)
    run.saved = 2
    told(ledger)
    ledger.lose(Loss(run.run_id, 1, "lost", "gone", {}, "continues from {step}"))
    assert (run.leaving, ledger.start("worker")) == (False, run)


def test_records_that_are_computed_again_are_not_written_down_twice(ledger):
    run = begin(ledger)
    ledger.apply(report(run, 1, 9), 10)
    run.saved = 4
    ledger.lose(Loss(run.run_id, 1, "lost", "gone", {}, "continues from {step}"))
    ledger.start("worker")
    for first, count in ((4, 3), (7, 5), (12, 2)):
        ledger.apply(report(run, first, count, attempt="b"), 10)
    assert [record.record.step for record in ledger.update(run.run_id, 0).records] == list(range(1, 15))


def test_words_of_an_earlier_start_are_not_heard(ledger):
    run = begin(ledger)
    run.saved = 1
    ledger.lose(Loss(run.run_id, 1, "lost", "gone", {}, "continues from {step}"))
    ledger.start("worker")
    ledger.apply(report(run, 1, 5, start=1), 10)
    assert (run.attempt, len(run.records)) == ("", 1)
    assert not ledger.lose(Loss(run.run_id, 1, "lost", "gone", {}, ""))


def test_a_repeated_start_that_has_a_save_goes_on_from_there(ledger):
    run = begin(ledger)
    run.saved = 1
    ledger.apply(report(run, 0, 1, attempt="Dask's own"), 10)
    assert (run.state, run.note_values) == ("queued", {"step": 1})


def test_the_third_death_of_a_worker_is_the_last(ledger):
    run = begin(ledger)
    run.saved = 1
    for number in (1, 2, 3):
        assert run.state == "running"
        ledger.lose(Loss(run.run_id, number, "lost", "gone", {}, "continues from {step}"))
        ledger.start("worker")
        ledger.apply(report(run, 1, 0, attempt=str(number)), 10)
    assert (run.state, ledger.update(run.run_id, 0).error, len(run.records)) == ("lost", "gone", 1)


def test_the_expected_wait_knows_that_turns_end(ledger):
    run = begin(ledger)
    ledger.apply(report(run, 1, 10, seconds=2.0), 10)  # ten steps a second: 98.9 s to go
    waiting = [ledger.admit(spec(), owner) for owner in ("bob", "eve")]
    waits = [ledger.update(each.run_id, 0).expected_wait for each in waiting]
    assert waits == pytest.approx([59.0, 119.0])  # the rest of this turn, and a whole one more


def test_a_run_that_has_trained_as_long_as_one_may_is_ended_with_a_reason(ledger):
    run = begin(ledger)
    ledger.apply(report(run, 1, 1, seconds=899.0), 10)
    ledger.expire()
    assert run.wanted == "go"
    ledger.apply(report(run, 2, 1, seconds=900.5), 10)
    ledger.expire()
    assert run.wanted == "stop"
    ledger.apply(report(run, 3, 0, ending=Ending("stopped", (b"w",))), 10)
    update = ledger.update(run.run_id, 0)
    assert (update.state, len(update.records)) == ("stopped", 3)
    assert update.error.format(**update.error_values).startswith("This run has trained for 900 s, which is as long")


def test_a_run_of_too_many_steps_is_refused_with_the_limit(ledger):
    with pytest.raises(EngineError, match=r"asks for 1001 steps .* may be 1000 at most"):
        ledger.admit(spec(steps=1001), "ann")


@pytest.fixture(params=["inline", "dask"])
def engine(request):
    settings = EngineSettings(turn=1.0, grace=60.0, niceness=0)
    if request.param == "inline":
        engine = InlineEngine(settings=settings, source=open_run)
    else:
        engine = DaskEngine(workers=1, address="", settings=settings, source=open_run, warm=False)
    yield engine
    engine.close()


@pytest.mark.slow
def test_a_small_run_overtakes_a_long_one_which_then_goes_on(engine):
    long = engine.submit(spec(steps=400, step_seconds=0.02), "ann")
    until(engine, long, "running")
    small = engine.submit(spec(steps=5), "bob")
    assert wait_for(lambda: engine.poll(long).note).startswith("Others are waiting")
    until(engine, small, "finished")
    assert engine.poll(long).state != "finished"
    update = until(engine, long, *ENDED)
    assert [record.record.step for record in update.records] == list(range(1, 401))
    assert engine.result(long).weights == (b"weights after step 400",)


@pytest.mark.slow
def test_a_paused_run_lets_others_train_and_its_weights_are_there_when_it_is_stopped(engine):
    paused = engine.submit(spec(steps=400, step_seconds=0.02), "ann")
    until(engine, paused, "running")
    time.sleep(0.2)
    engine.pause(paused)
    until(engine, paused, "paused")
    until(engine, engine.submit(spec(steps=5), "bob"), "finished")
    update = engine.poll(paused)
    assert update.state == "paused"
    engine.stop(paused)
    assert engine.poll(paused).state == "stopped"
    assert engine.result(paused).weights == (f"weights after step {len(update.records)}".encode(),)
