"""My runs in a browser: from a training to its curve beside another one, to a file and back, and to nothing."""

import re
import uuid
import zipfile

import pytest
import torch
from playwright.sync_api import expect

from resnet_core import DataConfig, RunSpec, TrainConfig, get_store, load_data, race
from resnet_core.records import RunResult
from resnet_core.training import train_together
from tests.browser.conftest import settle
from tests.browser.reading import MAIN, curves, overflow, result
from ui.visitor import COOKIE

RUN = {"race": "vanishing", "data": "digits", "size_digits": 8, "width": 4}
CARD = f"{MAIN} [class*='st-key-kept_']"
STEPS = 16  # of a run that is kept
DIGITS = DataConfig(name="digits", size=8)


def train(page, **settings):
    """Train to the end, on the page where the button is."""
    page.locator(".st-key-start_train button").click()
    result(page, "plain-20, no BN:")


def my_runs(page, count, query=""):
    """Go to the list and wait until it has so many runs."""
    page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/runs{query}")
    expect(page.locator(CARD)).to_have_count(count)
    return settle(page)


def ids(page):
    """The runs in the list, from the top."""
    names = page.locator(CARD).evaluate_all("cards => cards.map(card => card.className)")
    return [re.search(r"st-key-kept_(\w+)", name)[1] for name in names]


def tick(page, run_id):
    """Tick a run, and wait until the address has it."""
    page.locator(f".st-key-pick_{run_id} label").click()
    page.wait_for_url(re.compile(rf"[?&]compare=[^&]*{run_id}"))
    return settle(page)


def more(page, run_id):
    page.locator(f"[class*='st-key-more_{run_id}'] button").first.click()
    return page.locator("[data-testid=stPopoverBody]")


@pytest.fixture(scope="module")
def some_runs():
    """Three runs that really took place: two seeds of a pair, and all four of skip and BatchNorm."""

    def trained(name, seed):
        networks = race(name, width=4)
        spec = RunSpec(networks=networks, data=DIGITS, training=TrainConfig(steps=STEPS, batch=16, seed=seed))
        run = train_together(spec, load_data(DIGITS), torch.device("cpu"))
        records = tuple(run.records())
        return spec, RunResult(run.header, records, run.weights(), "finished", 3.0)

    return [trained("two_by_two", 0), trained("vanishing", 0), trained("vanishing", 1)]


@pytest.fixture
def stocked(open_page, some_runs):
    """The page of a visitor who has these runs: `stocked(lang="ko", size=(390, 844))`."""

    def stocked(**settings):
        page = open_page("runs", **settings)
        (owner,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE]
        for spec, ended in some_runs:
            get_store().keep(uuid.uuid4().hex, owner, spec, ended)
        page.reload()
        expect(page.locator(CARD)).to_have_count(len(some_runs))
        return settle(page)

    return stocked


@pytest.mark.slow
def test_a_run_is_trained_found_named_and_opened_by_its_link(open_page, screenshot):
    page = open_page("train", **RUN, steps=20)
    train(page)
    sentence = result(page, "plain-20, no BN:")
    my_runs(page, 1)
    (run_id,) = ids(page)
    body = more(page, run_id)
    body.locator("input").fill("my *first* run")
    body.get_by_role("button", name="Rename").click()
    expect(page.locator(CARD)).to_contain_text("my *first* run")
    expect(page.locator("[data-testid=stPopoverBody]")).to_have_count(0)

    other = open_page("runs", run=run_id)  # another browser
    expect(other.locator(f"{MAIN} h2")).to_contain_text("my *first* run")
    assert result(other, "plain-20, no BN:") == sentence
    expect(other.locator(".monitor canvas")).to_have_count(7)
    assert other.get_by_role("button", name="Rename").count() == 0
    screenshot(other, "runs-opened-en")

    page.locator(CARD).get_by_role("link", name="Open").click()
    page.wait_for_url(f"**run={run_id}**")
    assert result(page, "plain-20, no BN:") == sentence
    page.get_by_role("link", name="All my runs").click()
    page.wait_for_url(re.compile(r"/runs$"))
    page.locator(CARD).get_by_role("link", name="Open").click()
    page.get_by_text("Have this run again").click()
    expect(page.get_by_text(f"/runs?run={run_id}")).to_be_visible()
    page.get_by_role("link", name="Train again with these settings").click()
    page.wait_for_url("**/train?**")
    settle(page)
    assert {"race=vanishing", "steps=20", "width=4", "data=digits"} <= set(page.url.partition("?")[2].split("&"))


@pytest.mark.slow
def test_settings_of_a_run_count_for_more_than_what_was_set_before(open_page, stocked):
    page = stocked()
    page.locator("[data-testid=stSidebarNav] a[href*=train]").click()
    page.wait_for_url("**/train**")
    settle(page)
    page.locator(".st-key-race").get_by_text("Exploding").click()
    page.wait_for_url("**race=exploding**")
    settle(page)
    page.locator("[data-testid=stSidebarNav] a[href*=runs]").click()
    page.wait_for_url("**/runs**")
    page.locator(CARD).first.get_by_role("link", name="Open").click()
    page.get_by_text("Have this run again").click()
    page.get_by_role("link", name="Train again with these settings").click()
    page.wait_for_url("**/train?**")
    settle(page)
    asked = set(page.url.partition("?")[2].split("&"))
    assert {"race=vanishing", "seed=1", f"steps={STEPS}", "batch=16", "width=4"} <= asked
    page.get_by_text("Settings: pictures, recipe, seed").click()
    expect(page.locator(".st-key-steps input")).to_have_value(str(STEPS))
    expect(page.locator(".st-key-seed input")).to_have_value("1")


@pytest.mark.slow
def test_runs_are_laid_over_one_another_and_the_link_shows_it_to_others(stocked, open_page, screenshot):
    page = stocked()
    newest, older, _ = ids(page)
    tick(tick(page, older), newest)
    page.wait_for_url(f"**compare={older}%2C{newest}**")
    drawn = curves(page, "overlay")
    assert [name for name, _, _ in drawn] == [
        "● A plain-20, no BN",
        "● A residual-20, no BN",
        "■ B plain-20, no BN",
        "■ B residual-20, no BN",
    ]
    expect(page.get_by_text("The runs differ only in their seed")).to_be_visible()
    screenshot(page, "runs-compare-en")

    other = open_page("runs", compare=f"{older},{newest}", lang="ko", size=(390, 844))
    assert [(x, y) for _, x, y in curves(other, "overlay")] == [(x, y) for _, x, y in drawn]
    assert other.locator(CARD).count() == 0


@pytest.mark.slow
def test_a_list_and_a_comparison_are_whole_on_a_phone(stocked, screenshot):
    page = stocked(lang="ko", size=(390, 844))
    runs = ids(page)
    for run_id in runs:
        page.locator(f".st-key-pick_{run_id} label").click()  # faster than the server draws
    page.wait_for_url(lambda url: all(run_id in url for run_id in runs))
    settle(page)
    assert len(curves(page, "overlay")) == 8
    screenshot(page, "runs-ko-390")
    assert overflow(page) <= 1
    page.goto(f"{page.url.split('?')[0]}?lang=ko&run={ids(page)[0]}")
    expect(page.locator(".monitor canvas")).to_have_count(7)
    screenshot(settle(page), "runs-opened-ko-390")
    assert overflow(page) <= 1


@pytest.mark.slow
def test_a_run_is_taken_home_brought_back_and_deleted(stocked, open_page, tmp_path):
    page = stocked()
    run_id, *_ = ids(page)
    body = more(page, run_id)
    with page.expect_download() as download:
        body.get_by_role("button", name="Download").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert zipfile.ZipFile(path).testzip() is None

    other = open_page("runs")
    other.get_by_text("Import a run").click()
    with other.expect_file_chooser() as chooser:
        other.locator("[class*='st-key-import_'] button").first.click()
    chooser.value.set_files(path)
    expect(other.locator(CARD)).to_have_count(1)
    expect(other.locator(CARD)).to_contain_text("imported, not computed on this server")

    (copy,) = ids(other)
    more(other, copy).get_by_role("button", name="Delete").click()
    expect(other.get_by_text("This cannot be undone.")).to_be_visible()
    other.get_by_role("button", name="Delete for good").click()
    expect(other.locator(CARD)).to_have_count(0)
    expect(page.locator(CARD)).to_have_count(3)
