"""Long runs: interrupted or not they come to the same network, card and page; and the card's numbers by pencil."""

import argparse
import dataclasses
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from resnet_core.checkpoints import load_checkpoint, save_weights
from resnet_core.commands import record_long
from resnet_core.config import ResNetConfig
from resnet_core.data import load_data
from resnet_core.errors import CheckpointError, ConfigError, DataError
from resnet_core.evaluation import evaluate
from resnet_core.model import build_model
from resnet_core.presets import cifar
from resnet_core.recipe import DataConfig, RunSpec, TrainConfig
from resnet_core.recording import check
from resnet_core.recording.card import SizeTest, load_card
from resnet_core.recording.corpora import CORPORA
from resnet_core.recording.finish import tests_at as scores_at
from resnet_core.recording.long_run import LongRun
from resnet_core.recording.plans import Plan, plans
from resnet_core.training import train_together
from tests.core import jpeg_archive

PLAN = Plan(
    name="small",
    corpus="photos64",
    spec=RunSpec(
        networks=(ResNetConfig(depths=(1, 1), widths=(4, 8), stem_width=4, classes=2),),
        data=DataConfig(name="jpegs", size=16),
        training=TrainConfig(steps=9, batch=8, precision="fp32", augment=True, inspect_every=0),
    ),
    look_every=3,
    weights=True,
    sizes=(16, 32),
)
CPU = torch.device("cpu")


@pytest.fixture
def archive(tmp_path):
    return jpeg_archive.write(tmp_path / "photos.npz")


@pytest.fixture
def data(archive):
    return load_data(replace(PLAN.spec.data, path=str(archive)))


def options(archive, tmp_path):
    return argparse.Namespace(path=str(archive), out=tmp_path / "weights", keep=tmp_path / "kept")


def test_a_run_that_was_interrupted_twice_ends_as_one_that_was_not(archive, data, tmp_path):
    whole = LongRun(PLAN, archive, data, tmp_path / "whole", CPU)
    looks = list(whole.go_on())
    assert [look.step for look in looks] == [3, 6, 9]
    for _ in range(2):
        next(LongRun(PLAN, archive, data, tmp_path / "often", CPU).go_on())
    last = LongRun(PLAN, archive, data, tmp_path / "often", CPU)
    assert [look.step for look in last.looks] == [3, 6]
    list(last.go_on())
    assert last.looks == whole.looks
    weights = last.model.state_dict()
    assert all(torch.equal(weights[name], tensor) for name, tensor in whole.model.state_dict().items())


def test_a_look_is_the_mean_of_the_steps_before_it_and_a_test(archive, data, tmp_path):
    run = LongRun(PLAN, archive, data, tmp_path, CPU)
    look = next(run.go_on())
    score = evaluate(run.model, data.test_images, data.test_labels)
    steps = [record for _, record in islice(train_together(PLAN.spec, data, CPU).records(), PLAN.look_every)]
    assert look.train_loss == pytest.approx(sum(step.loss for step in steps) / 3)
    assert look.train_error == pytest.approx(1 - sum(step.accuracy for step in steps) / 3)
    assert (look.test_loss, look.test_error) == (pytest.approx(score.loss), score.error)


def test_the_state_of_another_run_is_refused(archive, data, tmp_path):
    next(LongRun(PLAN, archive, data, tmp_path, CPU).go_on())
    other = replace(PLAN, spec=replace(PLAN.spec, training=replace(PLAN.spec.training, seed=1)))
    with pytest.raises(CheckpointError):
        LongRun(other, archive, data, tmp_path, CPU)


def test_a_loss_that_is_not_finite_ends_it_with_its_step(archive, data, tmp_path):
    wild = replace(PLAN, spec=replace(PLAN.spec, training=replace(PLAN.spec.training, learning_rate=100.0)))
    deep = replace(wild, spec=replace(wild.spec, networks=(cifar(56, width=4, norm="none", classes=2),)))
    with pytest.raises(DataError, match=r"loss of step \d is not finite"):
        list(LongRun(deep, archive, data, tmp_path, CPU).go_on())


def test_recording_leaves_a_card_weights_and_a_page_that_agree(archive, data, tmp_path):
    told = list(record_long.record(PLAN, options(archive, tmp_path)))
    folder = tmp_path / "weights"
    assert sorted(path.name for path in folder.iterdir()) == ["small.json", "small.md", "small.safetensors"]
    assert not list((tmp_path / "kept").iterdir())  # nothing is left to go on with
    card, weights = load_card(folder / "small.json"), (folder / "small.safetensors").read_bytes()
    assert card.spec == PLAN.spec
    assert card.epochs == 9 * 8 / 24
    assert card.recorded.command == "python -m resnet_core record small --path photos64.npz --out weights"
    model, info = load_checkpoint(weights, "small.safetensors")
    assert info.classes == jpeg_archive.CLASSES
    score = evaluate(model, data.test_images, data.test_labels)
    assert (card.tests[0].wrong, card.tests[0].images) == (score.wrong, 10)
    assert [test.size for test in card.tests] == [16, 32]
    assert card.parameters == sum(weight.numel() for weight in model.parameters())
    page = (folder / "small.md").read_text()
    assert f"| 16 px | {score.wrong} | 10 |" in page
    assert card.sha256 in page
    assert CORPORA["photos64"].licence in page
    assert any(line.startswith("small: ") and "at 32 pixels" in line for line in told)


def test_without_the_pictures_it_says_where_to_put_them(tmp_path):
    with pytest.raises(ConfigError, match=r"small learns from pictures.*--path where photos64\.npz is"):
        next(record_long.record(PLAN, argparse.Namespace(path="", out=tmp_path, keep=None)))


def recorded(archive, tmp_path):
    list(record_long.record(PLAN, options(archive, tmp_path)))
    return tmp_path


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda at: (at / "small.safetensors").unlink(), "small.safetensors is missing"),
        (lambda at: (at / "small.safetensors").write_bytes(b"other"), "is another file than the one"),
        (lambda at: (at / "small.md").write_text("99.9 %"), "small.md does not say what small.json says"),
        (lambda at: (at / "small.json").write_text("{"), "cannot be read as the card"),
        (lambda at: (at / "small.json").unlink(), "it has no card"),
        (lambda at: (at / "small.json").rename(at / "other.json"), "it is the card of small"),
        (lambda at: edit(at / "small.json", lambda card: card["looks"].pop()), "its curve ends at step 6 of 9"),
        (lambda at: edit(at / "small.json", lambda card: card["samples"][0].update(shares=[0.5, 0.5])), "and the card"),
    ],
)
def test_whatever_is_not_as_its_card_says_is_found(archive, tmp_path, harm, problem):
    assets = recorded(archive, tmp_path)
    assert [found.problem for found in check.check_assets(assets)] == [""]
    harm(assets / "weights")
    assert any(problem in found.problem for found in check.check_assets(assets))


def edit(path, change):
    """Change a card, and write its page anew so that only the change is wrong."""
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    path.with_suffix(".md").write_text(check.model_card(load_card(path)))


def test_the_interval_is_wilsons():
    """By pencil, 10 of 100 wrong and z = 1.96: (0.1 + z²/200 ± z·√(0.0009 + z²/40000)) / (1 + z²/100)."""
    low, high = SizeTest(size=32, images=100, wrong=10).interval()
    assert (low, high) == (pytest.approx(0.05523, abs=1e-5), pytest.approx(0.17437, abs=1e-5))
    assert SizeTest(size=32, images=50, wrong=0).interval()[0] == pytest.approx(0, abs=1e-12)


def test_convolutions_are_shipped_in_half_the_precision_and_norms_are_not():
    model = build_model(PLAN.spec.networks[0], 0)
    back, _ = load_checkpoint(save_weights(model, half=True), "half.safetensors")
    for name, tensor in model.state_dict().items():
        expected = tensor.half().float() if tensor.ndim > 1 else tensor
        assert torch.equal(back.state_dict()[name], expected), name


def test_larger_tests_are_of_the_same_pictures(data):
    model = build_model(PLAN.spec.networks[0], 0).eval()
    small, large = scores_at(model, data, (16, 32))
    enlarged = F.interpolate(data.test_images, (32, 32), mode="bilinear", align_corners=False)
    with torch.no_grad():
        for test, images in ((small, data.test_images), (large, enlarged)):
            assert test.wrong == int((model(images).argmax(1) != data.test_labels).sum())


def test_the_plans_are_those_of_the_paper_and_fit_a_file_of_8_mb():
    named = plans()
    depths = {plan.spec.networks[0].layers for name, plan in named.items() if name.startswith("degradation")}
    assert depths == {20, 32, 44, 56, 110}
    for name, plan in named.items():
        assert plan.name == name
        twin = name.replace("residual", "plain")
        if twin in named and "residual" in name:
            assert named[twin].spec.training == plan.spec.training
            assert named[twin].spec.networks[0].is_plain
    for depth in (20, 56):
        assert sum(name.startswith(f"degradation-plain-{depth}") for name in named) == 3
    for name in ("photos-residual", "photos-plain"):
        weights = build_model(named[name].spec.networks[0], device="meta").parameters()
        assert 18 <= named[name].spec.networks[0].layers <= 26
        assert 2 * sum(weight.numel() for weight in weights) < 8e6


def test_a_card_comes_back_as_it_went(archive, tmp_path):
    folder = recorded(archive, tmp_path) / "weights"
    card = load_card(Path(folder / "small.json"))
    assert json.loads((folder / "small.json").read_text()) == json.loads(json.dumps(dataclasses.asdict(card)))
