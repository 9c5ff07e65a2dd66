"""Class boards: what goes on one, who may change it, what several servers and hostile visitors do to it."""

import multiprocessing
import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from resnet_core import DataConfig, RunSpec, StoreError, TrainConfig, cifar
from resnet_core.records import RunRecord, StepRecord
from resnet_core.store.boards import Boards
from resnet_core.store.codes import SIGNS, new_code, read_code
from resnet_core.store.settings import StoreSettings
from resnet_core.store.task import ClassTask, Seat

TEACHER, STUDENT = "a" * 32, "b" * 32
SPEC = RunSpec(
    networks=(cifar(8, plain=True), cifar(8)),
    data=DataConfig(name="cifar10", size=16, path="/srv/private/cifar10"),
    training=TrainConfig(steps=4),
)


def records(*accuracies, networks=2, loss=1.0):
    return tuple(
        RunRecord(network, StepRecord(step, loss, accuracy, 0.05, np.ones(3, np.float32)))
        for step, accuracy in enumerate(accuracies, start=1)
        for network in range(networks)
    )


RECORDS = records(0.1, 0.2, 0.3, 0.75)


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def boards(tmp_path, clock):
    boards = Boards(StoreSettings(home=tmp_path, keep_days=1.0), clock)
    yield boards
    boards.close()


@pytest.fixture
def code(boards):
    return boards.open(TEACHER, "Class 3B").code


def test_a_finished_run_puts_one_entry_per_network_with_the_error_of_its_last_eighth(boards, code):
    assert boards.add(code, "run1", SPEC, RECORDS, "Mina", STUDENT) == 2
    plain, residual = boards.entries(code)
    assert (plain.network, residual.network) == (0, 1)
    assert plain.config.is_plain
    assert not residual.config.is_plain
    assert plain.summary.error == residual.summary.error == 0.25
    assert plain.nickname == "Mina"
    assert plain.summary.test_error is None


def test_the_same_run_again_changes_nothing(boards, code):
    boards.add(code, "run1", SPEC, RECORDS, "Mina")
    before = boards.entries(code)
    assert boards.add(code, "run1", SPEC, RECORDS, "somebody else") == 0
    assert boards.entries(code) is before


def test_neither_paths_of_the_server_nor_the_visitors_number_reach_the_board(boards, code, tmp_path):
    boards.add(code, "run1", SPEC, RECORDS, "Mina", STUDENT)
    entry = boards.entries(code)[0]
    assert entry.spec == replace(SPEC, data=DataConfig(name="cifar10", size=16))
    boards.close()
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Mina" in on_disk
    assert b"private" not in on_disk
    assert STUDENT.encode() not in on_disk


def test_a_student_has_one_number_on_a_board_and_another_one_on_the_next(boards, code):
    other = boards.open(TEACHER, "Class 3C").code
    for board, run, owner in ((code, "1", STUDENT), (code, "2", STUDENT), (code, "3", "c" * 32), (other, "4", STUDENT)):
        boards.add(board, run, SPEC, RECORDS, owner=owner)
    here = [entry.student for entry in boards.entries(code)[::2]]
    assert here[0] == here[1] != here[2]
    assert boards.entries(other)[0].student not in here


@pytest.mark.parametrize(
    "given", [records(0.1, 0.2), records(0.1, 0.2, 0.3, 0.4, networks=1), ()], ids=["stopped", "one", "empty"]
)
def test_a_run_that_did_not_go_to_its_end_stays_off(boards, code, given):
    with pytest.raises(StoreError, match="has finished"):
        boards.add(code, "run1", SPEC, given)
    assert boards.entries(code) == ()


def test_a_run_that_diverged_has_finished_and_says_so(boards, code):
    assert boards.add(code, "run1", SPEC, records(0.1, 0.1, loss=float("nan"))) == 2
    assert all(entry.summary.diverged for entry in boards.entries(code))
    assert np.isnan(boards.entries(code)[0].summary.loss)


def test_a_run_on_ones_own_pictures_stays_off(boards, code):
    own = replace(SPEC, data=DataConfig(name="folder", size=16, path="x"))
    with pytest.raises(StoreError, match="your own pictures"):
        boards.add(code, "run1", own, RECORDS)


@pytest.mark.parametrize("disguise", [str.lower, lambda code: f" {code[:2]}-{code[2:]} ", lambda code: f"{code}\n"])
def test_a_code_is_found_however_it_was_typed(boards, code, disguise):
    assert boards.find(disguise(code)).title == "Class 3B"


def test_signs_that_look_alike_are_read_as_the_one_that_codes_have():
    assert read_code("o0 zZ sS bB gG uU iIlL1") == "QQ225588"
    assert read_code("gGuUiIlL1") == "66VV7777"
    assert read_code("K7QF") == "K7QF"
    assert read_code("k7qf") == "K7QF"
    assert all(read_code(sign) == sign == read_code(sign.lower()) for sign in SIGNS)


def test_codes_hold_no_signs_that_are_mistaken_for_one_another():
    assert not set(SIGNS) & set("01OILZSBGUAEDÄ")
    assert len({new_code(5) for _ in range(500)}) == 500


@pytest.mark.parametrize("typed", ["", "XXXX", "x' OR 1=1 --", "![a](http://b.example/c.png)", "%", "한글"])
def test_a_board_that_is_not_there_is_explained_without_repeating_what_was_typed(boards, code, typed):
    with pytest.raises(StoreError, match="There is no board") as problem:
        boards.find(typed)
    assert "example" not in str(problem.value)


def test_only_who_opened_a_board_can_change_it(boards, code):
    boards.add(code, "run1", SPEC, RECORDS)
    for change in (
        lambda: boards.clear(code, STUDENT),
        lambda: boards.close_board(code, STUDENT),
        lambda: boards.remove(code, STUDENT, "run1", 0),
        lambda: boards.clear(code, ""),
    ):
        with pytest.raises(StoreError, match="another browser"):
            change()
    assert len(boards.entries(code)) == 2


def test_what_the_teacher_took_off_does_not_come_back_with_the_next_look_at_the_run(boards, code):
    boards.add(code, "run1", SPEC, RECORDS)
    boards.remove(code, TEACHER, "run1", 0)
    assert [entry.network for entry in boards.entries(code)] == [1]
    assert boards.add(code, "run1", SPEC, RECORDS) == 0
    assert boards.clear(code, TEACHER) == 1
    assert boards.add(code, "run1", SPEC, RECORDS) == 0
    assert boards.add(code, "run2", SPEC, RECORDS) == 2
    assert len(boards.entries(code)) == 2


def test_a_closed_board_is_gone_with_everything_on_it(boards, code, tmp_path):
    boards.add(code, "run1", SPEC, RECORDS)
    boards.close_board(code, TEACHER)
    with pytest.raises(StoreError, match="There is no board"):
        boards.entries(code)
    with sqlite3.connect(tmp_path / "boards.sqlite") as rows:
        assert rows.execute("SELECT count(*) FROM entries").fetchone() == (0,)


def test_a_teacher_finds_their_own_boards_newest_first(boards, code, clock):
    clock.now += 60
    second = boards.open(TEACHER, "Class 3C")
    boards.open(STUDENT, "mine")
    assert [board.title for board in boards.boards_of(TEACHER)] == ["Class 3C", "Class 3B"]
    assert boards.find(second.code) == second


def test_a_board_goes_when_nothing_has_come_for_as_long_as_things_are_kept(boards, code, clock):
    day = 24 * 3600
    clock.now += 0.9 * day
    boards.add(code, "run1", SPEC, RECORDS)
    clock.now += 0.9 * day
    assert len(boards.entries(code)) == 2
    clock.now += 0.2 * day
    with pytest.raises(StoreError, match="expired"):
        boards.find(code)
    assert boards.boards_of(TEACHER) == ()


def test_a_teacher_has_a_limited_number_of_boards(boards, monkeypatch):
    monkeypatch.setattr(Boards, "MOST_BOARDS", 2)
    first = boards.open(TEACHER, "one")
    boards.open(TEACHER, "two")
    with pytest.raises(StoreError, match="2 boards open"):
        boards.open(TEACHER, "three")
    boards.close_board(first.code, TEACHER)
    assert boards.open(TEACHER, "three").title == "three"


def test_a_full_board_takes_no_half_runs_and_what_it_has_stays(boards, code, monkeypatch):
    monkeypatch.setattr(Boards, "MOST_ENTRIES", 3)
    boards.add(code, "run1", SPEC, RECORDS)
    with pytest.raises(StoreError, match="is full"):
        boards.add(code, "run2", SPEC, RECORDS)
    assert boards.add(code, "run1", SPEC, RECORDS) == 0  # still no error for one that is there
    assert [entry.run_id for entry in boards.entries(code)] == ["run1", "run1"]


@pytest.mark.parametrize("name", ["n" * 25, "two\x00", "left\u202eright", "a\x07b"])
def test_a_nickname_is_short_and_printable(boards, code, name):
    with pytest.raises(StoreError, match="The nickname"):
        boards.add(code, "run1", SPEC, RECORDS, name)


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>"[:24], "**bold** :red[x]", "'; DROP TABLE boards;--", "김민아", "="]
)
def test_a_nickname_is_kept_letter_for_letter(boards, code, name):
    boards.add(code, "run1", SPEC, RECORDS, f"  {name}\n")
    assert boards.entries(code)[0].nickname == name


@pytest.mark.parametrize("title", ["", "   ", "t" * 61, "a\u2028\u200bb"])
def test_a_title_is_needed_and_is_short(boards, title):
    with pytest.raises(StoreError):
        boards.open(TEACHER, title)


def test_a_board_keeps_its_task(boards):
    task = ClassTask(data=DataConfig(name="digits", size=8), training=TrainConfig(steps=30), width=4, depths=(8, 20))
    assert boards.find(boards.open(TEACHER, "digits", task).code).task == task


def test_seats_cover_the_ends_first_and_never_repeat(boards):
    code = boards.open(TEACHER, "seats", ClassTask(depths=(8, 20, 56))).code
    assert [boards.take_seat(code) for _ in range(5)] == [(56, 0), (8, 0), (20, 0), (56, 1), (8, 1)]


def test_a_seat_is_a_plain_and_a_residual_network_that_differ_in_their_shortcuts():
    spec = ClassTask().spec(Seat(56, 3))
    plain, residual = spec.networks
    assert plain.layers == residual.layers == 56
    assert plain == replace(residual, shortcut="none")
    assert spec.training.seed == 3


def test_a_folder_that_cannot_be_written_leaves_boards_that_last_as_long_as_the_server(tmp_path):
    in_the_way = tmp_path / "home"
    in_the_way.write_text("a file, so that no folder can be here")
    boards = Boards(StoreSettings(home=in_the_way))
    code = boards.open(TEACHER, "for now").code
    assert boards.add(code, "run1", SPEC, RECORDS) == 2
    boards.close()


def test_a_file_that_is_no_file_of_boards_is_explained(tmp_path):
    (tmp_path / "boards.sqlite").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreError, match="cannot be read"):
        Boards(StoreSettings(home=tmp_path))


def test_after_closing_every_call_says_that_there_are_no_boards(boards, code):
    boards.close()
    with pytest.raises(StoreError, match="cannot be read"):
        boards.entries(code)


def fill(home, code, first, start):
    boards = Boards(StoreSettings(home=home))
    start.wait(60)
    for number in range(first, first + 30):
        boards.add(code, f"run{number}", SPEC, RECORDS)
        boards.add(code, "everybody's", SPEC, RECORDS)
        boards.take_seat(code)
    boards.close()


@pytest.mark.slow
def test_two_servers_share_the_boards_of_one_folder(tmp_path):
    boards = Boards(StoreSettings(home=tmp_path))
    code = boards.open(TEACHER, "shared").code
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    others = [context.Process(target=fill, args=(tmp_path, code, 100 * number, start)) for number in (1, 2)]
    for other in others:
        other.start()
    start.set()
    for other in others:
        other.join(120)
    assert [other.exitcode for other in others] == [0, 0]
    entries = boards.entries(code)
    assert len(entries) == len({(entry.run_id, entry.network) for entry in entries}) == 2 * (2 * 30 + 1)
    assert boards.take_seat(code) == boards.find(code).task.seat(60)
    boards.close()
