"""Train live: a run begins, can be held, ends, is judged by its own numbers, and can be taken home."""

import csv
import io
import json
import math
import time
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from resnet_core import (
    DataConfig,
    RunSpec,
    TrainConfig,
    build_model,
    cifar,
    get_engine,
    load_checkpoint,
    load_data,
    race,
)
from resnet_core.batches import Batches
from resnet_core.engine import close_engine
from tests.app.screen import alerts, figure, results, table, visit, wait_for

DIGITS = {"data": "digits", "size_digits": 8}
LONG = {**DIGITS, "race": "vanishing", "width": 4, "steps": 2000}


def train(app):
    app.button(key="start_train").click().run()
    assert not app.exception
    assert not alerts(app)
    return app


def trained(app):
    """Wait for the end of the run that was just begun."""
    wait_for(train(app), results)
    assert not app.exception
    assert not app.error
    return app


def steps_done(app):
    """The number of steps that the progress bar tells of, 0 before the first."""
    words = " ".join(bar.text for bar in app.main.get("progress"))
    return next((int(word) for word in words.split() if word.isdigit()), 0)


def state(app, word):
    """Wait for a progress bar that begins with `word`."""
    wait_for(app, lambda app: any(bar.text.startswith(word) for bar in app.main.get("progress")))


def losses(networks, steps, size=8):
    """Each network's losses by plain SGD in float32, without our trainer, up to the first that is no number."""
    data = load_data(DataConfig(name="digits", size=size))
    batches = Batches(data, TrainConfig(), torch.device("cpu"))
    found = []
    for config in networks:
        model = build_model(config, 0).train()
        optimiser = torch.optim.SGD(model.parameters(), 0.05, 0.9, weight_decay=1e-4)
        found.append([])
        for step in range(1, steps + 1):
            images, labels = batches.at(step)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            found[-1].append(loss.item())
            if not math.isfinite(loss.item()):
                break
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return found


def test_the_exploding_comparison_ends_with_a_verdict_and_a_file_to_take_home(open_app, handed_out):
    app = trained(open_app("train", **DIGITS, race="exploding", steps=4))
    networks = race("exploding", width=8)
    expected = losses(networks, 4)
    assert not math.isfinite(expected[0][-1])  # every block doubles the variance: 2^27 after 27 of them
    assert len(expected[1]) == 4
    assert f"residual-56, no BN: diverged at step {len(expected[0])}." in results(app)[0]
    assert "residual-56 + BN: too early to say after 4 steps." in results(app)[0]
    assert not app.error
    assert not app.warning  # a loss that is no number is a finding

    with zipfile.ZipFile(io.BytesIO(handed_out[-1]())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    spec = RunSpec(networks=networks, data=DataConfig(name="digits", size=8), training=TrainConfig(steps=4))
    assert RunSpec.from_json(files["spec.json"].decode()) == spec
    rows = list(csv.DictReader(io.StringIO(files["metrics.csv"].decode())))
    per_network = [[float(row["loss"]) for row in rows if row["network"] == number] for number in ("1", "2")]
    assert [len(one) for one in per_network] == [len(one) for one in expected]
    assert per_network[0][0] == pytest.approx(expected[0][0], rel=0.05)  # a processor with bfloat16 may use it
    assert per_network[1] == pytest.approx(expected[1], rel=0.05)
    gradients = list(csv.DictReader(io.StringIO(files["gradients.csv"].decode())))
    assert len(gradients) == len(rows) * 55
    assert json.loads(files["run.json"])["state"] == "finished"
    model, info = load_checkpoint(files["network-2.safetensors"], "network-2.safetensors")
    assert model.config == networks[1]
    assert info.classes == load_data(DataConfig(name="digits", size=8)).classes


def test_a_run_learns_and_its_table_says_what_its_sentence_says(open_app):
    app = trained(open_app("train", **DIGITS, race="own", count=2, d1=8, d2=8, s2="true", width=8, steps=60))
    (final,) = [frame.value for frame in app.dataframe]
    assert list(final["Network"]) == ["plain-8 + BN", "residual-8 + BN"]
    assert list(final["Steps"]) == [60, 60]
    assert "plain-8 + BN: learns, loss" in results(app)[0]
    assert "residual-8 + BN: learns, loss" in results(app)[0]
    for name, loss in zip(final["Network"], final["Training loss"], strict=True):
        said = float(results(app)[0].split(f"{name}: learns, loss ")[1].split(" ")[0])
        assert said == pytest.approx(loss, rel=5e-3)
        assert said < math.log(10) / 2


def test_results_are_still_there_after_a_visit_elsewhere(open_app):
    app = trained(open_app("train", **DIGITS, race="vanishing", width=4, steps=3))
    before = results(app), len(app.main.get("download_button"))
    assert before[1] == 1
    for room in ("blocks", "start"):
        visit(app, room)
        assert not app.exception
    visit(app, "train")
    assert (results(app), len(app.main.get("download_button"))) == before
    assert app.number_input(key="steps").value == 3
    assert app.select_slider(key="width").value == 4


def test_a_run_goes_on_while_its_visitor_looks_at_another_page(open_app):
    app = train(open_app("train", **LONG))
    state(app, "Step")
    before = steps_done(app)
    visit(app, "blocks")
    time.sleep(1)
    visit(app, "train")
    wait_for(app, lambda app: steps_done(app) > before)
    app.button(key="stop_train").click().run()


def test_a_run_can_be_held_and_let_go_and_ended(open_app):
    app = train(open_app("train", **LONG))
    state(app, "Step")
    app.button(key="pause_train").click().run()
    state(app, "Paused after")
    held = steps_done(app)
    assert held > 0
    for _ in range(3):
        time.sleep(0.3)
        assert steps_done(app.run()) == held
    app.button(key="resume_train").click().run()
    wait_for(app, lambda app: steps_done(app) > held)
    app.button(key="stop_train").click().run()
    wait_for(app, lambda app: any(text.startswith("Stopped after ") for text in alerts(app)))
    done, total = (int(word) for word in alerts(app)[0].split() if word.isdigit())
    assert held < done < total == 2 * 2000
    assert list(table(app, "Network", "Steps")["Steps"]) == [math.ceil(done / 2), done // 2]
    assert len(app.main.get("download_button")) == 1
    assert "stop_train" not in [button.key for button in app.button]


def test_a_network_that_was_trained_can_be_looked_into(open_app, handed_out):
    app = trained(open_app("train", **DIGITS, race="vanishing", width=4, steps=3))
    with zipfile.ZipFile(io.BytesIO(handed_out[-1]())) as archive:
        model, _ = load_checkpoint(archive.read("network-2.safetensors"), "network-2.safetensors")
    visit(app, "maps")
    app.button_group(key="part").set_value("maps").run()
    app.button_group(key="net").set_value("trained").run()
    assert app.selectbox(key="trained").options == ["plain-20, no BN", "residual-20, no BN"]
    app.selectbox(key="trained").set_value("2").run()
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    app.select_slider(key="map_size_96").set_value(32)
    app.button_group(key="picture").set_value("own").run()
    app.file_uploader(key="upload").set_value(("gray.png", file.getvalue(), "image/png")).run()
    digits = load_data(DataConfig(name="digits", size=8))
    seen = (torch.tensor(pixels / 255).float() - digits.mean[0]) / digits.std[0]
    with torch.no_grad():
        scores = model(seen[None, None]).softmax(1)[0].numpy()
    (bars,) = figure(app, "scores")
    assert bars["y"] == [digits.classes[number] for number in np.argsort(-scores)]
    assert bars["x"] == pytest.approx(np.sort(scores)[::-1], abs=1e-4)


def test_before_anything_was_trained_the_maps_page_says_where_to_go(open_app):
    app = open_app("maps", part="maps", net="trained")
    assert "You have not trained a network yet. Train one, then come back." in alerts(app)
    assert [link.proto.page for link in app.main.get("page_link")] == ["train"]


def test_pictures_of_ones_own_can_be_learned(open_app):
    app = open_app("train", data="folder", race="own", count=1, d1=8, steps=2, size_folder=16, batch=16)
    assert len(app.warning) == 1
    assert app.warning[0].value.startswith("Upload a zip with one folder of pictures per class")
    app.file_uploader(key="folder").set_value(("mine.zip", _zip_of_pictures(), "application/zip")).run()
    assert not alerts(app)[:-1]
    trained(app)
    assert results(app)[0] == "plain-8 + BN: too early to say after 2 steps."


def _zip_of_pictures():
    draw, file = np.random.default_rng(0), io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("cats", "dogs"):
            for number in range(12):
                picture = io.BytesIO()
                Image.fromarray(draw.integers(0, 256, (20, 24, 3), dtype=np.uint8)).save(picture, "PNG")
                archive.writestr(f"{name}/{number}.png", picture.getvalue())
    return file.getvalue()


def test_a_full_queue_is_explained_and_costs_nothing(open_app, monkeypatch):
    close_engine()
    monkeypatch.setenv("RESNET_LAB_WAITING", "0")
    engine = get_engine()
    recipe = TrainConfig(steps=20_000)
    data = DataConfig(name="digits", size=8)
    other = engine.submit(RunSpec(networks=(cifar(8, width=4, in_channels=1),), data=data, training=recipe), "other")
    while engine.poll(other).state == "queued":
        time.sleep(0.05)
    app = open_app("train", **DIGITS, race="vanishing", width=4, steps=3)
    app.button(key="start_train").click().run()
    assert [box.value for box in app.warning] == [
        "All workers are busy and the queue, which has room for 0 on this server, is full. Try again in a minute, or "
        "look at a finished run meanwhile."
    ]
    assert not app.error
    engine.stop(other)
    monkeypatch.delenv("RESNET_LAB_WAITING")
    wait_for(app, lambda app: engine.poll(other).state == "stopped")
    trained(app)
    close_engine()


def test_a_run_that_the_server_has_forgotten_is_explained_and_can_be_begun_again(open_app):
    app = train(open_app("train", **LONG))
    state(app, "Step")
    close_engine()
    app.run()
    assert len(app.warning) == 1
    assert app.warning[0].value.startswith("There is no run")
    assert not app.error
    app.number_input(key="steps").set_value(3)
    app.button(key="start_train").click().run()
    wait_for(app, results)
    assert not app.warning
