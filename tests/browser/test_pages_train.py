"""Train live in a browser: the drawing grows in place, the buttons do what they say, the run outlives a visit."""

import csv
import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from resnet_core import DataConfig, RunSpec, TrainConfig, load_checkpoint, race
from tests.browser.conftest import settle
from tests.browser.reading import MAIN, past, result, steps_done

RUN = {"race": "vanishing", "data": "digits", "size_digits": 8, "width": 4}
CANVAS = ".monitor canvas"
LINKS = "[data-testid=stSidebarNav] a"


def press(page, name):
    page.locator(f".st-key-{name}_train button").click()


def progress(page, words):
    """Wait until the progress bar begins with these words."""
    bar = page.locator(f"{MAIN} [data-testid=stProgress]").first
    expect(bar).to_contain_text(re.compile(rf"^\s*{words}"))
    return bar


@pytest.fixture
def running(open_page):
    """The page with a run that goes on until it is stopped."""
    page = open_page("train", **RUN, steps=2000)
    press(page, "start")
    past(page, 2)
    expect(page.locator(CANVAS).first).to_be_visible()
    yield page
    if page.locator(".st-key-stop_train button").count():
        press(page, "stop")
        page.get_by_text("Stopped after").wait_for()


@pytest.mark.slow
def test_the_drawing_grows_where_it_stands(running, screenshot):
    marked = running.locator(CANVAS).evaluate_all(
        "all => all.map((canvas, number) => { canvas.ours = number; return number })"
    )
    assert len(marked) == 7  # a key, and two curves; a picture of gradients and one of maps for each of two networks
    heat = running.locator(".monitor section canvas").first
    before = heat.evaluate("canvas => canvas.toDataURL()")
    past(running, steps_done(running) + 60)
    assert heat.evaluate("canvas => canvas.toDataURL()") != before
    screenshot(running, "train-running-en")
    press(running, "stop")
    running.get_by_text("Stopped after").wait_for()
    result(running, "plain-20, no BN:")
    settle(running)
    assert running.locator(CANVAS).evaluate_all("all => all.map(canvas => canvas.ours)") == marked


@pytest.mark.slow
def test_pause_holds_and_resume_lets_go_and_stop_ends_at_once(running):
    press(running, "pause")
    progress(running, "Paused after")
    held = steps_done(running)
    for _ in range(6):
        running.wait_for_timeout(250)
        assert steps_done(running) == held
    press(running, "resume")
    past(running, held)
    press(running, "stop")
    expect(running.get_by_text("Stopped after")).to_be_visible()
    result(running, "residual-20, no BN:")
    expect(running.locator(".st-key-stop_train")).to_have_count(0)


@pytest.mark.slow
def test_a_killed_worker_is_explained_and_the_curve_goes_on(running, server):
    past(running, 60)
    running.wait_for_timeout(6000)  # the first save is made after a second of training, and fetched
    before = steps_done(running)
    workers = [process for process in server.family() if "spawn_main" in " ".join(process.cmdline())]
    busiest = max(workers, key=lambda process: process.cpu_times().user)
    busiest.kill()
    note = running.get_by_text("The process that trained this run died, perhaps for want of memory. The run continues")
    expect(note).to_be_visible()
    past(running, before)
    assert running.locator(f"{MAIN} [data-testid=stException]").count() == 0


@pytest.mark.slow
def test_a_run_goes_on_behind_another_page_and_is_found_again(running):
    before = steps_done(running)
    running.locator(f"{LINKS}[href*=blocks]").click()
    running.wait_for_url("**/blocks**")
    expect(running.locator(f"{MAIN} h1")).to_have_text("Basic and bottleneck")
    running.wait_for_timeout(1000)
    running.locator(f"{LINKS}[href*=train]").click()
    running.wait_for_url("**/train**")
    past(running, before)
    expect(running.locator(CANVAS)).to_have_count(7)
    assert "race=vanishing" in running.url
    assert "steps=2000" in running.url


@pytest.mark.slow
def test_a_finished_run_is_judged_taken_home_and_translated(open_page, screenshot):
    page = open_page("train", **RUN, steps=20)
    press(page, "start")
    english = result(page, "plain-20, no BN: still guessing")
    expect(page.locator(".monitor .card .result").first).to_contain_text("loss 2.3")
    settle(page)  # a run that ends redraws its page, and the button with it
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this run").click()
    assert re.fullmatch(r"resnet-lab-[0-9a-f]{8}\.zip", download.value.suggested_filename)
    check_archive(download.value.path().read_bytes())
    screenshot(page, "train-finished-en")

    canvas = page.locator(CANVAS).first
    canvas.evaluate("canvas => { canvas.ours = 1 }")
    page.locator(".st-key-lang").get_by_text("한국어").click()
    expect(page.locator(f"{MAIN} h1")).to_have_text("실시간 학습")
    korean = result(page, "일반 20층, BN 없음")
    assert re.findall(r"\d\.\d+", korean) == re.findall(r"\d\.\d+", english)  # the same run
    expect(page.locator(".monitor")).to_contain_text("훈련 손실")
    expect(page.locator(".monitor")).not_to_contain_text("residual")
    expect(page.get_by_role("button", name="이 학습 결과 내려받기")).to_be_visible()
    settle(page)
    left = page.locator(f"{MAIN} [data-testid=stMarkdown] p, {MAIN} label, {MAIN} button").all_inner_texts()
    assert [text for text in left if re.search(r"\b(the|loss|step|run)\b", text)] == []
    screenshot(page, "train-finished-ko")


def check_archive(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    spec = RunSpec.from_json(files["spec.json"].decode())
    assert spec == RunSpec(
        networks=race("vanishing", width=4),
        data=DataConfig(name="digits", size=8),
        training=TrainConfig(steps=20),
    )
    rows = list(csv.DictReader(io.StringIO(files["metrics.csv"].decode())))
    assert [(row["step"], row["network"]) for row in rows] == [(str(s), n) for s in range(1, 21) for n in "12"]
    assert [row["test_loss"] != "" for row in rows] == [s in (10, 20) for s in range(1, 21) for _ in "12"]
    for number, network in enumerate(spec.networks, start=1):
        name = f"network-{number}.safetensors"
        assert load_checkpoint(files[name], name)[0].config == network


@pytest.mark.slow
def test_the_run_button_is_reached_and_pressed_with_the_keyboard(open_page):
    page = open_page("train", **RUN, steps=2)
    page.locator(f"{MAIN} h1").click()
    button = page.locator(".st-key-start_train button")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    assert "too early to say after 2 steps" in result(page, "plain-20, no BN:")


@pytest.mark.slow
def test_a_diverging_run_is_told_as_a_finding(open_page, screenshot):
    page = open_page("train", **{**RUN, "race": "exploding", "width": 8}, steps=4, lang="ko", size=(390, 844))
    press(page, "start")
    assert re.search(r"잔차 56층, BN 없음: 스텝 [2-4]에서 발산", result(page, "잔차 56층, BN 없음:"))
    expect(page.locator(".monitor .card").first).to_contain_text("발산")
    assert page.locator("[data-testid=stAlertContentError], [data-testid=stAlertContentWarning]").count() == 0
    settle(page)
    screenshot(page, "train-diverged-ko-390")
