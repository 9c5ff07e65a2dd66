"""A class on one server, in short: every run is accounted for, a killed worker is replaced, nothing is left behind."""

import json
import sys
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import classroom
from benchmarks.visitors.book import Book, Sight, look
from benchmarks.visitors.screen import Screen

VISITORS, SECONDS = 30, 60
REPORT = Path(__file__).parents[1] / "artifacts" / "classroom.json"


@pytest.fixture(scope="module")
def lesson():
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("RESNET_LAB_NICE")  # a class has the app's own manners
        report = classroom.measure(VISITORS, SECONDS)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2))
    sys.stdout.write(json.dumps({name: report[name] for name in ("p50_ms", "p95_ms", "server_mb", "workers_mb")}))
    return report


@pytest.mark.slow
@pytest.mark.alone
def test_every_run_of_a_class_is_accounted_for(lesson):
    fates = ["completed", "reported_lost", "stopped_by_visitor", "ended_by_leaving", "ended_by_limit"]
    assert lesson["started"] >= VISITORS / 3
    assert lesson["unaccounted"] == 0, lesson["unaccounted_last_seen"]
    assert lesson["started"] == sum(lesson[fate] for fate in [*fates, "running_at_the_end"])


@pytest.mark.slow
@pytest.mark.alone
def test_a_killed_worker_is_replaced(lesson):
    assert lesson["killed_workers"] == 1
    assert lesson["workers_back"]


@pytest.mark.slow
@pytest.mark.alone
def test_a_class_is_answered_and_meets_no_error(lesson):
    assert lesson["interactions"] > 3 * VISITORS
    assert lesson["unanswered"] == 0
    assert lesson["troubles"] == []
    assert lesson["error_boxes"] == []
    assert lesson["log_troubles"] == []


@pytest.mark.slow
@pytest.mark.alone
def test_the_server_of_a_class_stays_within_900_megabytes_and_leaves_nothing_behind(lesson):
    assert 0 < lesson["server_mb"] <= 900
    assert lesson["left_behind"] == []


def screen(*elements, fragment="panel"):
    """A page with alerts (tone, words), progress bars and buttons, as the app would send them."""
    page = Screen()
    for place, (kind, fields) in enumerate(elements):
        message = ForwardMsg()
        message.delta.fragment_id = fragment
        element = getattr(message.delta.new_element, kind)
        for name, value in fields.items():
            setattr(element, name, value)
        page.draw((0, place), message.delta, "run")
    return page


STOP = ("button", {"id": "$$ID-0-stop_train", "label": "Stop"})
MONITOR = ("bidi_component", {"id": "$$ID-0-monitor_train_7", "json": "{}"})


@pytest.mark.parametrize(
    ("elements", "state"),
    [
        ([], "none"),
        ([("progress", {"text": "Waiting: number 3 in the queue."}), STOP], "queued"),
        ([("progress", {"text": "Step 1 of 2"}), STOP, MONITOR], "active"),
        ([("alert", {"body": "The process died; your run goes on.", "format": 3}), STOP, MONITOR], "active"),
        ([MONITOR], "finished"),
        ([("alert", {"body": "Stopped after 1 of 2 steps.", "format": 3}), MONITOR], "stopped"),
        (
            [
                ("alert", {"body": "Stopped after 1 of 2 steps.", "format": 3}),
                ("alert", {"body": "Nobody watched this run for 20 s, so it was ended.", "format": 2}),
            ],
            "left",
        ),
        ([("alert", {"body": "The process that trained this run died.", "format": 2}), MONITOR], "lost"),
    ],
)
def test_what_became_of_a_run_is_read_off_the_page(elements, state):
    assert look(screen(*elements)).state == state


def test_what_a_rerun_did_not_draw_again_is_gone():
    page = screen(STOP, MONITOR)
    message = ForwardMsg()
    message.delta.fragment_id = "panel"
    message.delta.new_element.bidi_component.id = MONITOR[1]["id"]
    page.draw((0, 0), message.delta, "later run")
    page.tidy("later run", ("another panel",))
    assert look(page).state == "finished"
    assert len(list(page.of_kind("bidi_component"))) == 2
    page.tidy("later run", ("panel",))
    assert len(list(page.of_kind("bidi_component"))) == 1


def test_a_run_that_nobody_can_explain_is_unaccounted_for():
    book = Book()
    for visitor in range(4):
        book.begin(visitor)
    book.see(0, Sight("stopped"))  # but the visitor has not pressed Stop
    book.see(1, Sight("active"))  # and the visitor is not there at the end
    book.see(2, Sight("active"))
    book.close(found={2, 3})  # visitor 3 is there, but the page shows no run
    assert [entry.fate for entry in book.entries] == ["unaccounted", "unaccounted", "running at the end", "unaccounted"]


def test_a_run_comes_to_one_end_only():
    book = Book()
    book.begin(0)
    book.press_stop(0)
    book.see(0, Sight("stopped"))
    book.see(0, Sight("lost", "died"))
    book.begin(0)
    book.see(0, Sight("active", "The worker died. It goes on."))
    book.see(0, Sight("finished"))
    book.begin(0)
    book.begin(0)
    book.see(0, Sight("finished"))
    assert [entry.fate for entry in book.entries] == [
        "stopped by visitor",
        "completed after restart",
        "stopped by visitor",
        "completed",
    ]
