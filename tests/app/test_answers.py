"""Slow answers: worked out once, shared by all, tried again when they failed."""

import threading

import pytest

from resnet_core import EngineError
from tests.waiting import PATIENCE, wait_for
from ui.answers import FAILED, WANTED, Answers, Unwanted

counted, at_the_gate = [], []
gate = threading.Event()


def double(number):
    counted.append(number)
    if number < 0:
        raise EngineError("Not below zero.")
    return 2 * number


def when_open(number):
    at_the_gate.append(number)
    gate.wait(PATIENCE)
    return number


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def _start_anew():
    counted.clear()
    at_the_gate.clear()
    gate.clear()
    yield
    gate.set()


def test_the_same_question_is_worked_out_once():
    answers = Answers(places=2, most=10)
    assert [answers.ask(double, number).result(PATIENCE) for number in (1, 2, 1, 2)] == [2, 4, 2, 4]
    assert counted == [1, 2]


def test_another_edition_is_worked_out_anew():
    answers = Answers(places=1, most=10)
    for edition in (0, 1, 1):
        answers.ask(double, 3, edition=edition).result(PATIENCE)
    assert counted == [3, 3]
    assert answers.has(double, 3, edition=1)
    assert not answers.has(double, 3, edition=2)


def test_what_failed_is_the_answer_for_a_while_and_then_tried_again(clock):
    answers = Answers(places=1, most=10, clock=clock)
    for seconds in (0, FAILED - 1, 2):
        clock.now += seconds
        with pytest.raises(EngineError, match="Not below zero"):
            answers.ask(double, -1).result(PATIENCE)
        assert answers.failed(double, -1)
        assert not answers.has(double, -1)
    assert counted == [-1, -1]


def test_what_nobody_waits_for_any_more_is_left_out(clock):
    answers = Answers(places=1, most=10, clock=clock)
    first = answers.ask(when_open, 1)
    wait_for(lambda: at_the_gate == [1])
    left, wanted = answers.ask(double, 2), answers.ask(double, 3)
    clock.now += WANTED + 1
    assert answers.ask(double, 3) is wanted
    gate.set()
    assert (first.result(PATIENCE), wanted.result(PATIENCE)) == (1, 6)
    with pytest.raises(Unwanted):
        left.result(PATIENCE)
    assert answers.ask(double, 2).result(PATIENCE) == 4


def test_what_nobody_asked_for_longest_is_forgotten_first():
    answers = Answers(places=1, most=2)
    for number in (1, 2, 1, 3):
        answers.ask(double, number).result(PATIENCE)
    assert [answers.has(double, number) for number in (1, 2, 3)] == [True, False, True]


def test_no_more_are_worked_out_at_a_time_than_there_are_places():
    answers = Answers(places=2, most=10)
    asked = [answers.ask(when_open, number) for number in range(3)]
    wait_for(lambda: sorted(at_the_gate) == [0, 1])
    assert answers.busy
    assert not answers.has(when_open, 0)
    gate.set()
    assert [answer.result(PATIENCE) for answer in asked] == [0, 1, 2]
    assert not answers.busy
