import pytest

from resnet_core import EngineError, QueueFull
from resnet_core.engine.ledger import Ledger
from resnet_core.engine.reports import Ending, Loss, Order
from resnet_core.engine.settings import EngineSettings
from resnet_core.engine.waits import expected_wait
from tests.core.engine_reports import HEADER, Clock, finish, report
from tests.core.engine_stand_in import spec


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    book = Ledger(EngineSettings(waiting=2, grace=20.0, keep_seconds=60.0, keep_runs=3, keep_bytes=1000), clock)
    book.places = 1
    return book


def test_runs_start_in_the_order_in_which_they_came(ledger):
    first, second = ledger.admit(spec(), "ann"), ledger.admit(spec(), "bob")
    assert [ledger.start("worker"), ledger.start("worker"), ledger.start("worker")] == [first, second, None]


def test_a_waiting_run_knows_its_position(ledger):
    runs = [ledger.admit(spec(), owner) for owner in ("ann", "bob", "eve")]
    ledger.start("worker")
    assert [ledger.update(run.run_id, 0).queue_position for run in runs] == [0, 1, 2]


def test_a_run_too_many_is_refused_and_the_owners_earlier_run_left_alone(ledger):
    ann = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.admit(spec(), "bob")
    ledger.admit(spec(), "eve")
    with pytest.raises(QueueFull, match="room for 2 on this server, is full"):
        ledger.admit(spec(), "ann")
    assert ann.wanted == "go"


def test_a_server_without_a_queue_says_so_and_does_not_speak_of_waiting_runs(clock):
    book = Ledger(EngineSettings(waiting=0), clock)
    with pytest.raises(QueueFull, match="All workers are busy and the queue, which has room for 0"):
        book.admit(spec(), "ann")


def test_free_workers_do_not_count_as_a_full_queue(ledger):
    ledger.places = 2
    runs = [ledger.admit(spec(), str(owner)) for owner in range(4)]
    assert len(runs) == 4
    with pytest.raises(QueueFull):
        ledger.admit(spec(), "5")


def test_an_owner_who_waits_already_may_change_the_run_although_the_queue_is_full(ledger):
    ledger.admit(spec(), "ann")
    ledger.start("worker")
    bob, eve = ledger.admit(spec(), "bob"), ledger.admit(spec(), "eve")
    again = ledger.admit(spec(), "bob")
    assert bob.state == "stopped"
    assert [ledger.update(run.run_id, 0).queue_position for run in (eve, again)] == [1, 2]


def test_an_owners_new_run_stops_the_one_that_runs(ledger):
    old = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(old), 10)
    ledger.admit(spec(), "ann")
    assert ledger.mail.untold() == [(old, Order(1, "stop"))]


def test_a_stop_before_the_workers_first_word_ends_the_run_at_once(ledger):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.want(run.run_id, "stop")
    ledger.apply(report(run, 0, 1), 10)
    assert (run.state, run.wanted, run.records, ledger.active) == ("stopped", "stop", [], ())


def test_nothing_can_be_wanted_after_a_stop(ledger):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run), 10)
    ledger.want(run.run_id, "stop")
    ledger.want(run.run_id, "go")
    assert run.wanted == "stop"


def test_an_update_holds_only_the_records_since(ledger):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run, 0, 3), 10)
    ledger.apply(report(run, 3, 2), 10)
    assert [record.record.step for record in ledger.update(run.run_id, 3).records] == [4, 5]
    assert ledger.update(run.run_id, 5).records == ()
    assert ledger.update(run.run_id, 99).records == ()


def test_speed_is_taken_over_the_last_three_seconds(ledger):
    run = ledger.admit(spec(steps=1000), "ann")
    ledger.start("worker")
    for second, count in enumerate([100, 10, 10, 10, 10], start=1):  # fast at first, then ten steps a second
        ledger.apply(report(run, len(run.records), count, seconds=float(second)), 10)
    assert ledger.update(run.run_id, 0).steps_per_second == 10.0


def test_a_run_without_a_watcher_is_stopped_after_the_grace_period(ledger, clock):
    running, waiting = ledger.admit(spec(), "ann"), ledger.admit(spec(), "bob")
    ledger.start("worker")
    ledger.apply(report(running), 10)
    clock.now += 19.0
    ledger.update(running.run_id, 0)
    clock.now += 2.0
    ledger.expire()
    assert (running.wanted, waiting.state) == ("go", "stopped")
    clock.now += 19.0
    ledger.expire()
    assert running.wanted == "stop"


def stop_by_the_worker(ledger, run):
    ledger.apply(report(run, len(run.records), ending=Ending("stopped", (b"w",))), 10)


def test_a_run_that_nobody_watched_says_so_and_keeps_what_it_had_shown(ledger, clock):
    running, waiting = ledger.admit(spec(), "ann"), ledger.admit(spec(), "bob")
    ledger.start("worker")
    ledger.apply(report(running, 0, 3, header=HEADER), 10)
    clock.now += 20.5
    ledger.expire()
    stop_by_the_worker(ledger, running)
    for run, records in ((running, 3), (waiting, 0)):
        update = ledger.update(run.run_id, 0)
        assert (update.state, len(update.records)) == ("stopped", records)
        assert update.error.format(**update.error_values).startswith("Nobody watched this run for 20 s, so it")
    assert ledger.ended(running.run_id)[1].weights == (b"w",)


def test_a_run_that_its_visitor_stopped_gives_no_reason(ledger, clock):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run, 0, 3), 10)
    ledger.want(run.run_id, "stop")
    clock.now += 30.0
    ledger.expire()
    stop_by_the_worker(ledger, run)
    assert (run.state, ledger.update(run.run_id, 0).error) == ("stopped", "")


def test_a_run_that_finishes_before_it_hears_the_stop_has_finished(ledger, clock):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run, 0, 3), 10)
    clock.now += 30.0
    ledger.expire()
    finish_at = report(run, 3, 2, ending=Ending("finished", (b"w",)), header=HEADER)
    ledger.apply(finish_at, 10)
    assert (run.state, ledger.update(run.run_id, 0).error) == ("finished", "")


def test_a_second_start_of_a_run_ends_it_with_its_first_records(ledger):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run, 0, 3), 10)
    ledger.apply(report(run, 0, 1, attempt="b"), 10)
    ledger.apply(report(run, 1, 1, attempt="b"), 10)
    update = ledger.update(run.run_id, 0)
    assert (update.state, len(update.records)) == ("lost", 3)
    assert "start again from nothing" in update.error


def test_a_run_whose_records_went_missing_ends_and_says_so(ledger):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run, 0, 3), 10)
    ledger.apply(report(run, 5, 2), 10)
    update = ledger.update(run.run_id, 0)
    assert (update.state, len(update.records)) == ("lost", 3)
    assert update.error.startswith("Some of the records")


def test_reports_of_ended_runs_are_ignored(ledger):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run), 10)
    ledger.lose(Loss(run.run_id, run.start, "lost", "gone", {}))
    ledger.apply(report(run, 0, 3), 10)
    assert (run.state, run.records) == ("lost", [])


def test_old_runs_are_forgotten_when_nobody_looked_for_long(ledger, clock):
    runs = [ledger.admit(spec(), owner) for owner in ("ann", "bob")]
    for run in runs:
        ledger.start("worker")
        finish(ledger, run)
    clock.now += 40.0
    ledger.update(runs[1].run_id, 0)
    clock.now += 30.0
    ledger.forget()
    with pytest.raises(EngineError, match="There is no run"):
        ledger.find(runs[0].run_id)
    assert ledger.find(runs[1].run_id) is runs[1]


@pytest.mark.parametrize(("sizes", "kept"), [((10, 10, 10, 10), 3), ((400, 400, 400), 2), ((10, 990), 2)])
def test_too_many_and_too_large_runs_are_forgotten_oldest_first(ledger, clock, sizes, kept):
    runs = []
    for number, size in enumerate(sizes):
        clock.now += 1.0
        runs.append(ledger.admit(spec(), str(number)))
        ledger.start("worker")
        finish(ledger, runs[-1], size=size)
    ledger.forget()
    for run in runs[-kept:]:
        assert ledger.find(run.run_id) is run
    for run in runs[:-kept]:
        with pytest.raises(EngineError):
            ledger.find(run.run_id)


def test_a_run_that_has_not_ended_cannot_be_read_as_one_that_has(ledger):
    run = ledger.admit(spec(), "ann")
    with pytest.raises(EngineError, match="it is queued"):
        ledger.ended(run.run_id)
    ledger.want(run.run_id, "stop")
    assert ledger.ended(run.run_id)[0] is run


@pytest.mark.parametrize(
    ("position", "places", "remaining", "typical", "seconds"),
    [
        (1, 1, [7.0], None, 7.0),
        (1, 2, [7.0, 3.0], None, 3.0),  # the first place that gets free
        (2, 2, [7.0, 3.0], 10.0, 7.0),
        (3, 2, [7.0, 3.0], 10.0, 13.0),  # behind the run that started after 3 seconds
        (1, 2, [7.0], None, 0.0),  # a worker is free
        (1, 1, [None], 10.0, 10.0),  # nothing shown yet: as long as runs usually take
        (1, 1, [None], None, None),
        (2, 1, [7.0], None, None),
        (1, 0, [], 10.0, None),  # no workers at all
        (1, 1, [-2.0], None, 0.0),
    ],
)
def test_the_expected_wait_follows_from_what_runs_still_need(position, places, remaining, typical, seconds):
    assert expected_wait(position, places, remaining, typical) == seconds


def test_the_expected_wait_uses_the_speed_of_the_run_that_is_in_the_way(ledger):
    running, waiting = ledger.admit(spec(steps=100), "ann"), ledger.admit(spec(), "bob")
    ledger.start("worker")
    ledger.apply(report(running, 0, 10, seconds=1.0), 10)
    ledger.apply(report(running, 10, 10, seconds=2.0), 10)
    assert ledger.update(waiting.run_id, 0).expected_wait == 8.0  # 80 steps at 10 a second


def test_settings_come_from_the_environment():
    settings = EngineSettings.from_environment({"RESNET_LAB_WORKERS": "3", "RESNET_LAB_GRACE": "7.5"})
    assert (settings.workers, settings.grace, settings.waiting) == (3, 7.5, EngineSettings().waiting)


@pytest.mark.parametrize(
    "environment",
    [
        {"RESNET_LAB_WORKERS": "many"},
        {"RESNET_LAB_WORKERS": "nan"},
        {"RESNET_LAB_WAITING": "-1"},
        {"RESNET_LAB_GRACE": "nan"},
        {"RESNET_LAB_MAX_STEPS": "0"},
        {"RESNET_LAB_MAX_SECONDS": "inf"},
        {"RESNET_LAB_TURN": "0.5"},
        {"RESNET_LAB_NICE": "20"},
    ],
)
def test_a_wrong_setting_names_its_variable(environment):
    with pytest.raises(EngineError, match=next(iter(environment))):
        EngineSettings.from_environment(environment)
