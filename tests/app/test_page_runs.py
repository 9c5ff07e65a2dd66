"""My runs: what was trained is listed, compared, opened, named, taken home, brought back and deleted."""

import io
import re
import uuid
import zipfile

import pytest
import torch

from resnet_core import (
    DataConfig,
    RunSpec,
    StoreError,
    TrainConfig,
    cifar,
    get_store,
    load_data,
    race,
    summarise,
)
from resnet_core.records import RunResult
from resnet_core.training import train_together
from tests.app.screen import alerts, figure, results, table, visit, wait_for
from ui import kept_words

STEPS = 24
PAIR = tuple(cifar(8, width=4, in_channels=1, plain=plain) for plain in (True, False))
BARE = tuple(cifar(8, width=4, in_channels=1, plain=plain, norm="none") for plain in (True, False))
DIGITS = DataConfig(name="digits", size=8)


def trained(networks=PAIR, **recipe):
    """A run that really took place."""
    training = TrainConfig(**{"steps": STEPS, "batch": 16, "precision": "fp32", **recipe})  # on every machine the same
    spec = RunSpec(networks=networks, data=DIGITS, training=training)
    run = train_together(spec, load_data(DIGITS), torch.device("cpu"))
    records = tuple(run.records())
    return spec, RunResult(run.header, records, run.weights(), "finished", 1.0)


@pytest.fixture(scope="module")
def some_runs():
    """Four runs of a pair: a seed, another seed, another rate, and one that diverges."""
    recipes = [{}, {"seed": 1}, {"learning_rate": 0.2}, {"networks": BARE, "learning_rate": 50.0}]
    return [trained(**recipe) for recipe in recipes]


@pytest.fixture
def keep(some_runs):
    """Put the first runs into the store for whom an app belongs to, oldest first, and give their ids."""

    def keep(app, *numbers, owner=None):
        ids = []
        for number in numbers:
            spec, result = some_runs[number % len(some_runs)]
            ids.append(uuid.uuid4().hex)
            get_store().keep(ids[-1], owner or app.session_state["_visitor"], spec, result)
        return ids

    return keep


def rows(app):
    """The runs in the list, from the top."""
    return [box.key.removeprefix("pick_") for box in app.checkbox if box.key and box.key.startswith("pick_")]


def tick(app, run_id):
    box = app.checkbox(key=f"pick_{run_id}")
    (box.uncheck() if box.value else box.check()).run()
    assert not app.exception
    return app


def link_of(app, name):
    asked = app.query_params.get(name, "")
    return asked if isinstance(asked, str) else asked[0]


def test_without_a_run_the_page_says_where_they_come_from(open_app):
    app = open_app("runs")
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert alerts(app)[0].startswith("No run of this browser is kept here yet.")
    assert "train" in [link.proto.page for link in app.main.get("page_link")]
    assert any("60 days" in text.value for text in app.caption)


def test_runs_are_listed_newest_first_with_what_came_of_them(open_app, keep, some_runs):
    app = open_app("runs")
    ids = keep(app, 0, 3)
    app.run()
    assert rows(app) == ids[::-1]
    labels = [box.label for box in app.checkbox]
    assert kept_words.plain(f"plain-8, residual-8 · Digits 8 px · {STEPS} steps") in labels[1]
    errors = [text.value for text in app.main.markdown if text.value.startswith("Training error: ")]
    _, result = some_runs[0]
    plain, residual = summarise(result.records, 2)
    assert errors[1] == (
        f"Training error: plain-8 + BN **{plain.error:.1%}** · residual-8 + BN **{residual.error:.1%}**"
    )
    assert "**diverged**" in errors[0]
    details = [text.value for text in app.caption if text.value.startswith("just now · finished · ")]
    assert len(details) == 2
    assert "seed 0" in details[1]
    assert re.search(rf"\d of {STEPS} steps", details[0])  # the newer one has diverged


def test_what_somebody_else_trained_is_not_listed(open_app, keep):
    app = open_app("runs")
    keep(app, 0, owner=uuid.uuid4().hex)
    assert rows(app.run()) == []


def test_a_long_list_is_leafed_through(open_app, keep):
    app = open_app("runs")
    ids = keep(app, *range(8))
    assert rows(app.run()) == ids[:1:-1]
    app.session_state["kept_page_of_2"] = 2
    assert rows(app.run()) == ids[1::-1]


def test_no_tick_is_lost_when_the_browsers_address_lies_behind(open_app, keep):
    app = open_app("runs")
    ids = keep(app, 0, 1, 2)
    app.run()
    behind = {}  # what a slow browser still has in its address when the next tick comes
    for run_id in ids:
        before = dict(app.query_params)
        app.query_params.clear()
        app.query_params.update(behind)
        tick(app, run_id)
        behind = before
    assert link_of(app, "compare") == ",".join(ids)


def test_two_runs_are_laid_over_one_another_and_the_link_repeats_it(open_app, keep, some_runs):
    app = open_app("runs")
    one, other = keep(app, 0, 2)
    app.run()
    assert any("Tick from two to 6 runs" in text.value for text in app.caption)
    tick(tick(app, one), other)
    assert link_of(app, "compare") == f"{one},{other}"
    drawn = [trace for trace in figure(app, "overlay") if trace["meta"] == "mean"]
    assert [trace["name"] for trace in drawn] == [
        "● A plain-8 + BN",
        "● A residual-8 + BN",
        "■ B plain-8 + BN",
        "■ B residual-8 + BN",
    ]
    losses = [found.record.loss for found in some_runs[0][1].records if found.network == 0]
    assert drawn[0]["y"] == pytest.approx(losses)  # of so few steps a running mean is one step
    (verdict,) = results(app)
    assert verdict.startswith(("No clear difference between", "The lowest final loss"))
    said = [text.value for text in app.main.markdown if "differ in one setting" in text.value]
    assert len(said) == 1
    assert "Learning rate" in said[0]
    assert list(table(app, "Run", "Training loss")["Steps"]) == [STEPS] * 4

    app.button_group(key="curve").set_value("error").run()
    (first, *_) = [trace for trace in figure(app, "overlay") if trace["meta"] == "mean"]
    right = [found.record.accuracy for found in some_runs[0][1].records if found.network == 0]
    assert first["y"] == pytest.approx([1 - share for share in right])

    stranger = open_app("runs", compare=f"{one},{other}", curve="error")
    assert rows(stranger) == []
    assert [trace["name"] for trace in figure(stranger, "overlay") if trace["meta"] == "mean"] == [
        trace["name"] for trace in drawn
    ]
    assert results(stranger) == [verdict]


def test_a_comparison_is_still_there_after_a_visit_elsewhere(open_app, keep):
    app = open_app("runs")
    one, other = keep(app, 0, 1)
    tick(tick(app.run(), one), other)
    visit(app, "blocks")
    app.query_params.clear()  # as the navigation of a browser does
    visit(app, "runs")
    assert link_of(app, "compare") == f"{one},{other}"
    tick(app, one)
    assert link_of(app, "compare") == other
    app.button(key=f"out_{other}").click().run()
    assert link_of(app, "compare") == ""
    assert not app.get("plotly_chart")


def test_a_seventh_run_is_refused_kindly(open_app, keep):
    app = open_app("runs")
    ids = keep(app, *range(7))
    app = open_app("runs", compare=",".join(ids))
    assert link_of(app, "compare").split(",") == ids[:6]
    assert alerts(app)[-1] == "6 runs fit into one comparison. Take one out before you add another."
    assert len([trace for trace in figure(app, "overlay") if trace["meta"] == "mean"]) == 12


def test_a_seventh_tick_is_taken_back(open_app, keep):
    app = open_app("runs")
    ids = keep(app, *range(6))
    app.run()
    for run_id in ids:
        tick(app, run_id)
    (seventh,) = keep(app, 6)
    tick(app.run(), seventh)
    assert app.checkbox(key=f"pick_{seventh}").value is False
    assert link_of(app, "compare").split(",") == ids
    assert [box.value for box in app.warning] == [
        "6 runs fit into one comparison. Take one out before you add another."
    ]
    assert not app.run().warning


@pytest.mark.parametrize("nonsense", ["[press](http://example.org)", "../../etc/passwd", "0" * 32, "<b>"])
def test_a_link_to_no_run_is_explained_and_not_repeated(open_app, nonsense):
    for link in ({"run": nonsense}, {"compare": nonsense}):
        app = open_app("runs", **link)
        assert not app.exception
        assert not app.error
        assert len(app.warning) == 1
        assert nonsense not in app.warning[0].value


def test_a_run_is_opened_by_its_link_also_by_others(open_app, keep, some_runs):
    app = open_app("runs")
    (run_id,) = keep(app, 0)
    _, result = some_runs[0]
    plain, _ = summarise(result.records, 2)
    for reader in (app, open_app("runs", run=run_id)):
        reader.query_params["run"] = run_id
        reader.run()
        assert not reader.exception
        assert not alerts(reader)
        assert "plain-8 + BN: " in results(reader)[0]
        final = table(reader, "Network", "Training loss")
        assert final["Training loss"][0] == pytest.approx(plain.loss, abs=1e-4)
        assert len(figure(reader, "losses")) >= 4
        codes = [code.value for code in reader.main.get("code")]
        assert any("python -m resnet_core train --spec" in code for code in codes)
        assert any(run_id in code for code in codes)
        assert len(reader.main.get("download_button")) == 1
    assert "Delete" in [button.label for button in app.main.button]
    assert "Delete" not in [button.label for button in reader.main.button]
    assert "Rename" not in [button.label for button in reader.main.button]


def test_a_run_is_given_a_name_which_is_shown_as_it_was_typed(open_app, keep):
    app = open_app("runs")
    (run_id,) = keep(app, 0)
    app.run()
    app.text_input[0].set_value("  [mine](http://example.org) **1**  ")
    app.button(key=f"FormSubmitter:rename_{run_id}-{'Rename'}").click().run()
    assert not app.exception
    assert get_store().find(run_id).name == "[mine](http://example.org) **1**"
    assert app.checkbox(key=f"pick_{run_id}").label == (r"**\[mine\]\(http\:\/\/example\.org\) \*\*1\*\***")


def test_deleting_asks_once_and_then_it_is_gone(open_app, keep):
    app = open_app("runs")
    one, other = keep(app, 0, 1)
    tick(tick(app.run(), one), other)
    app.button(key=f"delete_{one}").click().run()
    assert "cannot be undone" in app.warning[0].value
    app.button(key=f"keep_{one}").click().run()
    assert not app.warning
    assert rows(app) == [other, one]
    app.button(key=f"delete_{one}").click().run()
    app.button(key=f"sure_{one}").click().run()
    assert not app.exception
    assert rows(app) == [other]
    assert link_of(app, "compare") == other
    with pytest.raises(StoreError):
        get_store().find(one)


def test_a_run_that_was_taken_home_can_be_brought_back(open_app, keep, handed_out, some_runs):
    app = open_app("runs")
    (run_id,) = keep(app, 0)
    app.run()
    content = handed_out[-1]()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    stranger = open_app("runs")
    stranger.file_uploader(key="import_0").set_value(("run.zip", content, "application/zip")).run()
    assert not stranger.exception
    assert not stranger.error
    (copy,) = rows(stranger)
    assert copy != run_id
    assert any("imported, not computed on this server" in text.value for text in stranger.caption)
    kept = get_store().find(copy)
    assert kept.imported
    assert kept.summaries == summarise(some_runs[0][1].records, 2)
    assert len(rows(stranger.run())) == 1  # a file is read once


@pytest.mark.parametrize("content", [b"no zip", b"PK\x05\x06" + bytes(18)], ids=["no zip", "an empty zip"])
def test_a_file_that_is_no_run_is_explained(open_app, content):
    app = open_app("runs")
    app.file_uploader(key="import_0").set_value(("run.zip", content, "application/zip")).run()
    assert not app.exception
    assert not app.error
    assert len(app.warning) == 1
    assert rows(app) == []


def test_what_was_trained_live_is_kept_and_can_be_trained_again(open_app):
    app = open_app("train", data="digits", size_digits=8, race="vanishing", width=4, steps=3)
    app.button(key="start_train").click().run()
    wait_for(app, results)
    visit(app, "runs")
    wait_for(app, rows)
    (run_id,) = rows(app)
    kept = get_store().find(run_id)
    assert kept.spec == RunSpec(networks=race("vanishing", width=4), data=DIGITS, training=TrainConfig(steps=3))
    app.query_params["run"] = run_id
    app.run()
    (again,) = [link for link in app.main.get("page_link") if link.proto.page == "train"]
    assert "race=vanishing" in again.proto.query_string
    assert "steps=3" in again.proto.query_string


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (86399, "23 h ago"),
    ],
)
def test_when_a_run_ended_is_said_as_one_would(seconds, words):
    assert kept_words.when(1e9, 1e9 + seconds) == words


def test_from_a_day_on_it_is_a_date():
    assert kept_words.when(0, 86400) == "1970-01-01 00:00"


def test_a_damaged_run_is_left_out_and_said_so(open_app, keep):
    app = open_app("runs")
    whole, broken = keep(app, 0, 1)
    folder = get_store().settings.home / "runs" / broken
    (folder / "run.json").write_text("{")
    app.run()
    assert not app.exception
    assert rows(app) == [whole]
    assert [box.value for box in app.warning] == ["Runs of yours that cannot be read and are left out of the list: 1."]


def test_curves_that_were_damaged_behind_the_list_are_explained(open_app, keep):
    app = open_app("runs")
    whole, broken = keep(app, 0, 1)
    app.run()
    path = get_store().settings.home / "runs" / broken / "metrics.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(bytes(content))
    for link in ({"run": broken}, {"compare": f"{whole},{broken}"}):
        app = open_app("runs", **link)
        assert not app.exception
        assert not app.error
        assert len(app.warning) == 1


def test_a_store_that_does_not_last_is_announced(open_app, monkeypatch):
    monkeypatch.setattr(type(get_store()), "fleeting", property(lambda _: True))
    app = open_app("runs")
    assert [box.value for box in app.warning] == [
        "This server has no folder to keep runs in: they are gone when it ends. Download what you need."
    ]
