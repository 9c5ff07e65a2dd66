"""Degradation, the construction and copies, each recomputed with a few lines of plain PyTorch or NumPy."""

from collections import deque
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.batches import Batches
from resnet_core.experiments.construction import construction, grow, train_on
from resnet_core.experiments.degradation import degradation
from resnet_core.experiments.identity import Copier, identity, relative_error
from resnet_core.questions.depth import ConstructionQuestion, DegradationQuestion, IdentityQuestion
from resnet_core.training import train

DIGITS = DataConfig(name="digits", size=8)
RECIPE = TrainConfig(steps=16, batch=16, precision="fp32", inspect_every=0)


def answer(experiment, question):
    (last,) = deque(experiment(question), maxlen=1)
    assert last.done == 1.0
    return last.record


def test_errors_against_depth_are_those_of_a_loop_in_plain_pytorch():
    question = DegradationQuestion(depths=(8, 14), width=4, training=replace(RECIPE, seed=3), seeds=1)
    report = answer(degradation, question)
    data = load_data(DIGITS)
    batches = Batches(data, replace(RECIPE, seed=3), torch.device("cpu"))
    for kind, plain in enumerate((True, False)):
        model = build_model(cifar(14, width=4, plain=plain, in_channels=1), seed=3).train()
        optimiser = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
        wrong = []
        for step in range(1, 17):
            images, labels = batches.at(step)
            scores = model(images)
            wrong.append(float((scores.argmax(1) != labels).float().mean()))
            optimiser.zero_grad()
            F.cross_entropy(scores, labels).backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            test = float((model(data.test_images).argmax(1) != data.test_labels).float().mean())
        assert report.train_error[kind, 1, 0] == pytest.approx(np.mean(wrong[-2:]), abs=1e-6)
        assert report.test_error[kind, 1, 0] == pytest.approx(test, abs=0.01)  # float32 sums in another order
    assert report.guess == pytest.approx(0.9)


@pytest.mark.slow
def test_training_error_rises_with_depth_in_plain_networks_and_not_in_residual_ones():
    """He et al. 2015, figure 6: plain-56 above plain-20, ResNet-56 below ResNet-20, in training error."""
    training = replace(RECIPE, steps=40, batch=64)
    report = answer(degradation, DegradationQuestion(depths=(8, 38), training=training, seeds=1))
    (shallow, deep), (residual_shallow, residual_deep) = report.train_error[..., 0]
    assert deep > shallow + 0.2
    assert residual_deep < residual_shallow + 0.1
    assert report.test_error[0, 1, 0] > report.test_error[0, 0, 0] + 0.2  # so it is no overfitting


def test_a_run_that_diverges_is_told_and_not_averaged():
    training = replace(RECIPE, steps=8, learning_rate=50.0)
    report = answer(degradation, DegradationQuestion(depths=(8, 14), width=4, norm="none", training=training, seeds=1))
    assert report.diverged.all()
    assert np.isnan(report.train_error).all()
    assert np.isnan(report.test_error).all()


def test_networks_come_one_by_one_and_progress_never_goes_back():
    question = DegradationQuestion(depths=(8, 14), width=4, training=replace(RECIPE, steps=4), seeds=2)
    moments = list(degradation(question))
    assert [moment.done for moment in moments] == sorted(moment.done for moment in moments)
    counts = [int(np.isfinite(moment.record.train_error).sum()) for moment in moments]
    assert counts[0] == 0
    assert sorted(set(counts)) == list(range(9))


@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("plain", [True, False])
def test_a_network_grown_by_layers_that_do_nothing_computes_the_same(plain, norm):
    data = load_data(DIGITS)
    shallow = build_model(cifar(8, width=4, plain=plain, norm=norm, in_channels=1), seed=1)
    deque(train(shallow, data, replace(RECIPE, learning_rate=0.02)), maxlen=0)
    deep = grow(shallow, cifar(20, width=4, plain=plain, norm=norm, in_channels=1), data.train_images[:256], seed=1)
    assert shallow.training
    assert sum(1 for _ in deep.named_blocks()) == 9
    with torch.no_grad():
        torch.testing.assert_close(
            deep.eval()(data.test_images), shallow.eval()(data.test_images), rtol=1e-4, atol=1e-4
        )
        if norm == "none" or not plain:  # no batch statistics stand in the way, so it is the same in training too
            images = data.train_images[:32]
            torch.testing.assert_close(deep.train()(images), shallow.train()(images), rtol=1e-5, atol=1e-5)


def test_training_on_from_step_zero_is_training():
    data, config = load_data(DIGITS), cifar(8, width=4, in_channels=1)
    whole = [record.loss for record in train(build_model(config, 2), data, RECIPE)]
    assert [record.loss for record in train_on(build_model(config, 2), data, RECIPE, 0)] == whole


def test_training_on_sees_the_batches_of_its_steps():
    data, model = load_data(DIGITS), build_model(cifar(8, width=4, in_channels=1), 2)
    images, labels = Batches(data, RECIPE, torch.device("cpu")).at(11)
    expected = F.cross_entropy(model.train()(images), labels).item()
    first, *others = train_on(build_model(model.config, 2), data, RECIPE, 10)
    assert (first.step, len(others)) == (11, 5)
    assert first.loss == pytest.approx(expected, rel=1e-5)


def test_the_construction_compares_the_two_and_lets_all_three_train():
    question = ConstructionQuestion(
        deep=14, width=4, training=replace(RECIPE, steps=12), grow_after=6, seeds=1
    )  # fmt: skip
    report = answer(construction, question)
    assert report.losses.shape == (2, 3, 1, 12)
    assert np.isnan(report.losses[:, 1, :, :6]).all()  # the built one is not there yet
    assert np.isfinite(report.losses[:, [0, 2]]).all()
    assert np.isfinite(report.losses[:, 1, :, 6:]).all()
    np.testing.assert_allclose(report.copied[:, 0], report.copied[:, 1], rtol=1e-4)
    assert (report.difference < 1e-4 * report.scores).all()
    scratch = [record.loss for record in train(build_model(question.network(14, plain=True)), load_data(DIGITS),
                                               replace(RECIPE, steps=12))]  # fmt: skip
    np.testing.assert_allclose(report.losses[0, 2, 0], scratch)


@pytest.mark.parametrize("norm", [True, False])
def test_weights_exist_with_which_either_stack_copies(norm):
    pictures = torch.rand(20, 9)
    for residual in (False, True):
        model = Copier(4, 9, residual, norm).eval()
        with torch.no_grad():
            for layer in model.modules():
                if isinstance(layer, torch.nn.Linear):
                    layer.weight.copy_(torch.zeros(9, 9) if residual else torch.eye(9))
                    if layer.bias is not None:
                        layer.bias.zero_()
        torch.testing.assert_close(model(pictures), pictures, rtol=1e-4, atol=1e-4)


def test_showing_the_mean_picture_has_an_error_of_one():
    pictures = torch.rand(50, 9, dtype=torch.float64)
    mean = pictures.mean(0).expand(50, 9)
    assert float(relative_error(mean, pictures, pictures.var(0, correction=0).mean())) == pytest.approx(1)
    assert float(relative_error(pictures, pictures, pictures.var(0, correction=0).mean())) == 0


def test_learning_to_copy_is_that_of_a_network_written_in_numpy():
    """Two layers without BatchNorm, momentum 0.9, with the gradients of pencil and paper."""
    question = IdentityQuestion(depths=(2,), start="he", rates=(0.03,), steps=16, batch=8, seeds=1)
    report = answer(identity, question)
    data = load_data(DIGITS)
    pictures = (data.train_images.flatten(1) * data.std[0] + data.mean[0]).clamp(0, 1).double().numpy()
    variance = pictures.var(0).mean()
    for kind in (0, 1):
        drawn = torch.Generator().manual_seed(0)
        weights = []
        for number in (0, 1):
            normal = torch.empty(64, 64).normal_(0, (2 / 64) ** 0.5, generator=torch.Generator().manual_seed(number))
            weights += [normal.double().numpy(), np.zeros(64)]
        speed = [np.zeros_like(weight) for weight in weights]
        losses = []
        for _ in range(16):
            x = pictures[torch.randint(len(pictures), (8,), generator=drawn).numpy()]
            w, b, v, c = weights
            hidden = np.maximum(x @ w.T + b, 0)
            summed = hidden @ v.T + c + kind * x
            losses.append(((np.maximum(summed, 0) - x) ** 2).mean() / variance)
            back = 2 * (np.maximum(summed, 0) - x) / x.size / variance * (summed > 0)
            inside = (back @ v) * (hidden > 0)
            slopes = [inside.T @ x, inside.sum(0), back.T @ hidden, back.sum(0)]
            speed = [0.9 * fast + slope for fast, slope in zip(speed, slopes, strict=True)]
            weights = [weight - 0.03 * fast for weight, fast in zip(weights, speed, strict=True)]
        assert report.errors[kind, 1, 0, 0, 0] == pytest.approx(np.mean(losses[-2:]), rel=1e-3)
    assert report.copies.shape == (2, 2, 1, 8, 8)
    assert np.isfinite(report.copies).all()


def test_residual_stacks_whose_branches_start_at_zero_copy_from_the_first_step_on():
    report = answer(identity, IdentityQuestion(depths=(2, 4), start="zero", rates=(0.1,), steps=8, seeds=1))
    assert (report.errors[1] == 0).all()
    assert (report.errors[0] > 0.1).all()
    np.testing.assert_array_equal(report.copies[1, 0, 1], report.picture)


def test_the_best_learning_rate_is_that_with_the_lowest_median_and_no_divergence():
    report = answer(identity, IdentityQuestion(depths=(2,), start="he", rates=(10.0, 0.03, 0.001), steps=8, seeds=1))
    assert report.diverged[1, 1, 0].tolist()[0]
    chosen = report.best_rate((1, 1, 0))
    assert chosen in (1, 2)
    assert report.best[1, 1, 0, 0] == np.nanmin(report.errors[1, 1, 0])
    assert IdentityQuestion() == IdentityQuestion()
    assert hash(IdentityQuestion()) == hash(IdentityQuestion())


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        (DegradationQuestion, {"depths": (20, 8)}),
        (DegradationQuestion, {"depths": (8, 21)}),
        (DegradationQuestion, {"seeds": 0}),
        (ConstructionQuestion, {"shallow": 20, "deep": 20}),
        (ConstructionQuestion, {"grow_after": 120}),
        (IdentityQuestion, {"depths": (3,)}),
        (IdentityQuestion, {"depths": ()}),
        (IdentityQuestion, {"start": "one"}),
        (IdentityQuestion, {"rates": (0.0,)}),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(question, wrong):
    with pytest.raises(ConfigError):
        question(**wrong)
