"""Shipped networks taken apart: what is found is true of the files, and is kept as a recorded answer."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import shipped
from resnet_core.__main__ import main
from resnet_core.checkpoints import load_checkpoint
from resnet_core.data import load_data
from resnet_core.experiments import dissect
from resnet_core.model import build_model
from resnet_core.recording.answers import load_answer
from resnet_core.recording.card import load_card
from tests.core import small_shipped
from tests.core.small_shipped import DATA, TRAINING


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return small_shipped.write(tmp_path_factory.mktemp("shipped"))


@pytest.fixture(autouse=True)
def _here(place, monkeypatch):
    monkeypatch.setattr(shipped, "WEIGHTS", place / "weights")
    shipped.shipped_networks.cache_clear()
    yield
    shipped.shipped_networks.cache_clear()


def dissected(place, tmp_path, *words):
    assert main(["dissect", *words, "--path", str(place / "photos64.npz"), "--out", str(tmp_path / "kept")]) == 0
    return load_answer(tmp_path / "kept")


def opened(place, name):
    return load_checkpoint((place / "weights" / f"{name}.safetensors").read_bytes(), "x.safetensors")[0]


def test_the_networks_that_are_here_can_be_had_by_name(place):
    assert list(shipped.shipped_networks()) == ["other", "plain", "residual"]
    assert shipped.shipped_card("plain") == load_card(place / "weights" / "plain.json")
    assert shipped.shipped_weights("plain") == (place / "weights" / "plain.safetensors").read_bytes()


def test_lesions_of_shipped_networks(place, tmp_path, capsys):
    found = dissected(place, tmp_path, "lesions", "residual", "plain")
    cards = [load_card(place / "weights" / f"{name}.json") for name in ("residual", "plain")]
    record, question = found.record(), found.question
    assert question.networks == tuple(card.spec.networks[0] for card in cards)
    assert (question.training, question.data, question.images) == (TRAINING, DATA, 10)
    assert list(record.base) == [card.tests[0].error for card in cards]
    assert list(record.train_loss) == [card.looks[-1].train_loss for card in cards]
    model, data = opened(place, "residual").eval(), load_data(replace(DATA, path=str(place / "photos64.npz")))
    last = model.stages[1][1]
    with torch.no_grad():
        last.norm2.weight.zero_()
        last.norm2.bias.zero_()
        wrong = (model(data.test_images).argmax(1) != data.test_labels).float().mean()
    assert record.single[0][record.blocks.index("stages.1.1")] == pytest.approx(float(wrong))
    assert found.command == "python -m resnet_core dissect lesions residual plain --path photos64.npz"
    assert "written to" in capsys.readouterr().out


def test_responses_of_shipped_networks_before_and_after_their_training(place, tmp_path):
    found = dissected(place, tmp_path, "responses", "plain", "residual")
    record = found.record()
    assert record.steps == (0, 6)
    data = load_data(replace(DATA, path=str(place / "photos64.npz")))
    for name, network in zip(("plain", "residual"), record.networks, strict=True):
        trained = opened(place, name)
        fresh = build_model(trained.config, 0)
        losses = [F.cross_entropy(one.train()(data.test_images), data.test_labels).item() for one in (fresh, trained)]
        np.testing.assert_allclose(network.losses, losses, rtol=1e-5)
    np.testing.assert_allclose(record.networks[0].response[0], 1, atol=1e-3)  # by BatchNorm, before the first step


def test_fewer_pictures_are_taken_from_all_over_the_archive(place, tmp_path, monkeypatch):
    monkeypatch.setitem(dissect.IMAGES, "lesions", 5)
    found = dissected(place, tmp_path, "lesions", "residual")
    data = load_data(replace(DATA, path=str(place / "photos64.npz")))
    with torch.no_grad():
        wrong = opened(place, "residual").eval()(data.test_images).argmax(1) != data.test_labels
    assert found.question.images == 5
    assert found.record().base == pytest.approx(wrong[[0, 2, 4, 6, 8]].double().mean().item())  # of 10


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("degradation", "plain"), "'degradation' cannot be asked of trained networks"),
        (("lesions", "plain", "other"), "plain and other were trained with other settings"),
        (("lesions", "resnet50"), "There is no shipped network 'resnet50'. There are other, plain, residual"),
    ],
)
def test_what_cannot_be_asked_is_said(place, tmp_path, capsys, words, problem):
    assert main(["dissect", *words, "--path", str(place / "photos64.npz"), "--out", str(tmp_path / "kept")]) == 2
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "kept").exists()
