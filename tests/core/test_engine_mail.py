"""Orders to workers arrive in order and are never lost; saves come back when they are new."""

import random

import pytest

from resnet_core.engine import tray
from resnet_core.engine.inline_engine import InlineEngine
from resnet_core.engine.ledger import Ledger
from resnet_core.engine.reports import Delivery, Fetched, Order
from resnet_core.engine.settings import EngineSettings
from resnet_core.records import ENDED
from tests.core.engine_reports import HEADER, Clock, report
from tests.core.engine_stand_in import open_run, spec
from tests.waiting import until


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    return Ledger(EngineSettings(), clock)


@pytest.fixture
def run(ledger):
    """A run that trains."""
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run, 0, 1, header=HEADER), 10)
    return run


def test_an_order_waits_for_the_workers_first_word(ledger):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.want(run.run_id, "pause")
    assert ledger.mail.untold() == []
    ledger.apply(report(run), 10)
    assert ledger.mail.untold() == [(run, Order(1, "pause"))]


def test_an_order_that_arrived_is_not_sent_again(ledger, run):
    ledger.want(run.run_id, "pause")
    ledger.mail.untold()
    ledger.mail.delivered(Delivery(run.run_id, 1, 1, heard=True))
    assert ledger.mail.untold() == []


def test_an_order_that_did_not_arrive_is_sent_again_a_little_later(ledger, run, clock):
    ledger.want(run.run_id, "stop")
    first = ledger.mail.untold()
    ledger.mail.delivered(Delivery(run.run_id, 1, 1, heard=False))
    assert ledger.mail.untold() == []
    clock.now += 0.2
    assert ledger.mail.untold() == first == [(run, Order(1, "stop"))]


def test_only_one_order_is_on_its_way_and_the_newest_goes_next(ledger, run):
    ledger.want(run.run_id, "pause")
    ledger.mail.untold()
    ledger.want(run.run_id, "go")
    assert ledger.mail.untold() == []
    ledger.want(run.run_id, "stop")
    ledger.mail.delivered(Delivery(run.run_id, 1, 1, heard=True))
    [(_, order)] = ledger.mail.untold()
    assert order.command == "stop"
    assert order.number > 1


def test_an_order_that_is_taken_back_before_it_arrived_is_followed_by_its_opposite(ledger, run, clock):
    ledger.want(run.run_id, "pause")
    ledger.mail.untold()
    ledger.want(run.run_id, "go")
    ledger.mail.delivered(Delivery(run.run_id, 1, 1, heard=False))  # or so it seems: it may have arrived after all
    clock.now += 0.2
    assert ledger.mail.untold() == [(run, Order(2, "go"))]


def test_news_of_an_earlier_start_changes_nothing(ledger, run):
    ledger.want(run.run_id, "stop")
    ledger.mail.untold()
    ledger.mail.delivered(Delivery(run.run_id, 0, 1, heard=True))
    assert (run.told, run.telling) == (0, True)
    assert not ledger.mail.fetched(Fetched(run.run_id, 0, 5))
    assert run.saved is None


def test_a_worker_heeds_a_higher_number_only():
    tray.trays["run"] = tray.Tray()
    try:
        assert tray.heed("run", Order(2, "stop"))
        assert tray.heed("run", Order(1, "go"))
        assert tray.trays["run"].order == Order(2, "stop")
    finally:
        del tray.trays["run"]
    assert not tray.heed("run", Order(3, "stop"))


def test_a_save_is_fetched_once_and_a_newer_one_again(ledger, run):
    assert ledger.mail.to_fetch() == []
    ledger.apply(report(run, 1, 2, saved=3), 10)
    assert ledger.mail.to_fetch() == [(run, 3)]
    assert ledger.mail.to_fetch() == []
    assert ledger.mail.fetched(Fetched(run.run_id, 1, 3))
    assert (run.saved, ledger.mail.to_fetch()) == (3, [])
    ledger.apply(report(run, 3, 1, saved=4), 10)
    assert ledger.mail.to_fetch() == [(run, 4)]
    assert not ledger.mail.fetched(Fetched(run.run_id, 1, None))
    assert (run.saved, ledger.mail.to_fetch()) == (3, [])


def test_a_worker_that_does_not_heed_a_stop_is_named_after_five_seconds(ledger, run, clock):
    ledger.want(run.run_id, "stop")
    clock.now += 4.9
    assert ledger.mail.stubborn() == []
    clock.now += 0.2
    assert ledger.mail.stubborn() == [run]
    assert ledger.mail.stubborn() == []


def test_a_worker_that_still_loads_gets_more_time(ledger, clock):
    run = ledger.admit(spec(), "ann")
    ledger.start("worker")
    ledger.apply(report(run), 10)
    ledger.want(run.run_id, "stop")
    clock.now += 29.0
    assert ledger.mail.stubborn() == []
    clock.now += 2.0
    assert ledger.mail.stubborn() == [run]


def test_a_save_travels_in_pieces(monkeypatch):
    monkeypatch.setattr(tray, "PIECE", 3)
    save = b"0123456789"
    tray.trays["there"] = tray.Tray()
    try:
        tray.trays["there"].keep(7, save)
        assert tray.piece_of_save("there", 6, 0) is None
        offset = 0
        while offset < len(save):
            length, piece = tray.piece_of_save("there", 7, offset)
            tray.receive("here", offset, piece, length)
            tray.receive("here", offset, piece, length)  # twice is as good as once
            offset += len(piece)
    finally:
        del tray.trays["there"]
    assert tray.open_parcel("here", lambda: True, 1.0) == save


def test_a_worker_does_not_wait_for_a_save_that_nobody_wants_any_more():
    with pytest.raises(TimeoutError):
        tray.open_parcel("nowhere", lambda: False, 60.0)


class FlakyEngine(InlineEngine):
    """Two of three orders are lost, and of those that are not every other one is said to be lost."""

    chance = random.Random(0)
    lost = 0

    def _tell(self, run, order):
        draw = self.chance.random()
        if draw < 2 / 3:
            self.lost += 1
        else:
            tray.heed(run.key, order)
        self._post(Delivery(run.run_id, run.start, order.number, draw > 5 / 6))


def test_every_order_takes_effect_although_most_deliveries_fail():
    engine = FlakyEngine(settings=EngineSettings(), source=open_run)
    try:
        run_id = engine.submit(spec(steps=10_000), "ann")
        for act, state in (("pause", "paused"), ("resume", "running")) * 2 + (("stop", "stopped"),):
            wait_for_state(engine, run_id, *(("running",) if act == "pause" else ("running", "paused")))
            getattr(engine, act)(run_id)
            wait_for_state(engine, run_id, state)
        assert engine.lost > 0
    finally:
        engine.close()


def wait_for_state(engine, run_id, *states):
    assert until(engine, run_id, *ENDED, *states).state in states
