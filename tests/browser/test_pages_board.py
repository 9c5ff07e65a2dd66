"""A class at its board: one teacher, two students, three browsers, and no reload."""

import contextlib
import re

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, PATIENCE, chart, overflow, result, unfold

MARKS = (
    "figure => figure.data.filter(trace => trace.meta === 'entries').reduce((sum, trace) => sum + trace.x.length, 0)"
)
FIGURES = "[...document.querySelectorAll('.st-key-board_chart .js-plotly-plot')].filter(figure => figure.data)"
MEETING = """figure => figure.data.filter(trace => trace.meta === 'entries').flatMap(trace => trace.text).join(' ')"""


def shows(page, count):
    """Wait until the figure has this many marks. While it is drawn anew, there may be none or two for a moment."""
    page.wait_for_function(
        f"count => {FIGURES}.some(figure => ({MARKS})(figure) === count)",
        arg=count,
        timeout=PATIENCE,
    )


def pick(page, key, name):
    """Choose from a list, which closes again if the page is drawn anew while it opens."""
    option = page.get_by_role("option", name=name)
    for _ in range(30):
        page.locator(f".st-key-{key} input").click()
        with contextlib.suppress(TimeoutError):
            option.click(timeout=3000)
            break
    expect(page.locator(f".st-key-{key} input")).to_have_value(re.compile(name))


def open_board(page, steps=4):
    page.locator(".st-key-title input").fill("Class 3B")
    unfold(page, "What the class trains")
    pick(page, "task_pictures", "Handwritten digits")
    page.locator(".st-key-task_steps input").fill(str(steps))
    page.locator(".st-key-task_steps input").press("Tab")
    page.get_by_role("button", name="Open a board").click()
    expect(page.locator(f"{MAIN} h1")).to_have_text("Class 3B")
    return page.locator(".st-key-board_code [data-testid=stMetricValue]").inner_text().strip()


def take_part(page, name):
    page.locator(".st-key-nickname input").fill(name)
    page.locator(".st-key-nickname input").press("Enter")
    page.wait_for_url("**nick=*")
    page.locator(".st-key-take button").click()
    page.get_by_text("Yours:").wait_for()
    page.locator(f"{MAIN} [data-testid=stPageLink] a").click()
    page.wait_for_url("**/train**")
    expect(page.locator(f"{MAIN} h1")).to_have_text("Train live")
    settle(page)
    page.locator(".st-key-start_train button").click()
    result(page, "too early to say after 4 steps")


@pytest.mark.slow
def test_two_students_join_by_link_and_their_marks_appear_on_the_teachers_wall(open_page, screenshot):
    teacher = open_page("board")
    code = open_board(teacher)
    assert re.fullmatch("[A-Z2-9]{4,5}", code)
    assert f"board={code}" in teacher.url
    link = teacher.locator(f"{MAIN} [data-testid=stCode]").first.inner_text().strip()
    assert link == f"{teacher.url.split('/board')[0]}/board?board={code}"
    figure = chart(teacher, "board_chart")
    figure.evaluate("figure => { figure.ours = 1 }")
    teacher.wait_for_timeout(7000)
    assert chart(teacher, "board_chart").evaluate("figure => figure.ours") == 1  # nothing new, nothing drawn anew

    for count, name in ((2, "Mina"), (4, "<b>Jun</b>")):
        student = open_page(link.split("/", 3)[3])
        take_part(student, name)
        assert f"board={code}" in student.url
        expect(student.locator("[data-testid=stSidebar]")).to_contain_text(f"go to board {code}")
        shows(teacher, count)
    expect(teacher.locator(".st-key-board_counts")).to_contain_text("2")
    said = teacher.evaluate(f"() => {FIGURES}.map({MEETING}).join(' ')")
    assert "Mina" in said
    assert "&lt;b&gt;Jun" in said
    screenshot(teacher, "board-teacher-en")

    unfold(teacher, "Manage this board")
    teacher.locator(".st-key-clear button").click()
    teacher.locator(".st-key-sure button").click()
    shows(teacher, 0)
    result(teacher, "Nothing is on this board yet.")


@pytest.mark.parametrize(
    ("lang", "size", "scheme"),
    [
        ("en", (1366, 768), "light"),
        ("ko", (1366, 768), "dark"),
        ("en", (390, 844), "dark"),
        ("ko", (390, 844), "light"),
    ],
)
@pytest.mark.slow
def test_door_and_wall_are_whole_at_a_desk_and_on_a_phone(open_page, screenshot, lang, size, scheme):
    page = open_page("board", lang=lang, size=size, scheme=scheme)
    screenshot(page, f"board-door-{lang}-{size[0]}-{scheme}")
    assert overflow(page) <= 1
    page.locator(".st-key-title input").fill("3B")
    page.locator(".st-key-title input").press("Enter")
    expect(page.locator(f"{MAIN} h1")).to_have_text("3B")
    chart(page, "board_chart")
    settle(page)
    screenshot(page, f"board-wall-{lang}-{size[0]}-{scheme}")
    assert overflow(page) <= 1
    assert page.locator(f"{MAIN} [data-testid=stAlertContentError]").count() == 0
