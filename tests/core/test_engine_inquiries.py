"""Experiments in the engine's queue: they tell their progress, can be cancelled, and leave nothing behind."""

import os
import signal
import time

import pytest

from resnet_core import ENDED, ConfigError, Inquiry
from resnet_core.catalogue import EXPERIMENTS, answer, experiment
from resnet_core.engine.dask_engine import DaskEngine
from resnet_core.engine.inline_engine import InlineEngine
from resnet_core.engine.settings import EngineSettings
from resnet_core.errors import Sentence
from resnet_core.questions.gradients import GradientFlowQuestion
from resnet_core.records import Progress
from tests.waiting import until, wait_for


def squares(count):
    total = 0
    for number in range(1, count + 1):
        total += number * number
        yield Progress(number / count, (os.getpid(), total), Sentence("squaring"))


def shy(_):
    yield Progress(0.1, "what is known")
    time.sleep(1)
    for share in (0.2, 0.3):
        yield Progress(share)
    yield Progress(0.9)


def endless(_):
    while True:
        time.sleep(0.01)
        yield Progress(0.5, os.getpid())


def refuse(size):
    raise ConfigError("size is {size!r}. It must be small.", size=size)
    yield


def ended(engine, run_id):
    return until(engine, run_id, *ENDED)


@pytest.fixture
def engine():
    engine = InlineEngine(settings=EngineSettings(niceness=0))
    yield engine
    engine.close()


def test_the_last_moment_holds_the_whole_answer(engine):
    update = ended(engine, engine.submit(Inquiry(squares, 10), "someone"))
    assert update.state == "finished"
    assert update.progress == Progress(1.0, (os.getpid(), 385), "squaring")  # 1 + 4 + ... + 100
    assert update.records == ()


def test_what_was_known_stays_when_a_moment_brings_nothing_new(engine):
    update = ended(engine, engine.submit(Inquiry(shy, None), "someone"))
    assert update.progress == Progress(0.9, "what is known")


def test_a_stop_ends_it_and_what_it_had_found_stays(engine):
    run_id = engine.submit(Inquiry(endless, None), "someone")
    wait_for(lambda: engine.poll(run_id).progress)
    engine.stop(run_id)
    update = ended(engine, run_id)
    assert update.state == "stopped"
    assert update.progress == Progress(0.5, os.getpid())


def test_a_question_that_cannot_be_answered_is_told(engine):
    update = ended(engine, engine.submit(Inquiry(refuse, 9), "someone"))
    assert (update.state, update.error, update.error_values) == (
        "failed",
        "size is {size!r}. It must be small.",
        {"size": 9},
    )


def test_a_dead_worker_is_told_and_the_next_inquiry_is_answered():
    engine = DaskEngine(1, settings=EngineSettings(niceness=0))
    try:
        run_id = engine.submit(Inquiry(endless, None), "someone")
        moment = wait_for(lambda: engine.poll(run_id).progress)
        assert moment.record != os.getpid()
        os.kill(moment.record, signal.SIGKILL)
        update = ended(engine, run_id)
        assert update.state == "lost"
        assert update.error
        again = ended(engine, engine.submit(Inquiry(squares, 3), "someone"))
        assert (again.state, again.progress.record[1]) == ("finished", 14)
    finally:
        engine.close()


def test_the_catalogue_answers_by_name_and_refuses_what_it_does_not_know():
    question = GradientFlowQuestion(seeds=2)
    moments = list(experiment("gradient-flow").ask(question))
    assert [moment.done for moment in moments] == [0.5, 1.0]
    whole = answer("gradient-flow", question)
    assert whole.norms.tolist() == moments[-1].record.norms.tolist()
    assert whole.seeds == (0, 1)
    with pytest.raises(ConfigError, match="no experiment called 'cold-fusion'"):
        experiment("cold-fusion")
    with pytest.raises(ConfigError, match="asked a int"):
        experiment("gradient-flow").ask(3)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_entry_says_what_it_asks_and_who_asked_first_and_its_code_is_there(name):
    entry = EXPERIMENTS[name]
    assert entry.asks.endswith("?")
    assert entry.source
    assert all(section[0].isdigit() for section in entry.sections)
    assert hash(entry.question()) == hash(entry.question())
    assert callable(entry.function)
