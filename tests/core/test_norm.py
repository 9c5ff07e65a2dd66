"""BatchNorm's experiments against second computations, and against what must hold by its definition."""

import copy
import math
from collections import deque

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.batches import Batches
from resnet_core.catalogue import experiment
from resnet_core.experiments.norm_rates import end_loss, multiply_weights
from resnet_core.probes.distributions import percentiles
from resnet_core.probes.norm_statistics import StatisticsMeter, batch_statistics
from resnet_core.questions.norm import (
    CovariateShiftQuestion,
    NormActivationsQuestion,
    NormBatchesQuestion,
    NormRatesQuestion,
    NormStartQuestion,
    NormStatisticsQuestion,
)

TINY = {"network": cifar(8, width=4, in_channels=1), "data": DataConfig(size=8)}
PLAIN = {"network": cifar(8, width=4, in_channels=1, plain=True), "data": DataConfig(size=8)}


def recipe(**settings):
    return TrainConfig(**({"steps": 6, "batch": 16, "precision": "fp32", "inspect_every": 0} | settings))


def answer(name, question):
    """The last record, after a look at the way there."""
    moments = list(experiment(name).ask(question))
    shares = [moment.done for moment in moments]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert all(share < 1 for share in shares[:-1])
    return moments[-1].record


def first_batch(question):
    data = load_data(question.data)
    return Batches(data, question.training, torch.device("cpu")).at(1)


def test_batchnorm_passes_on_mean_0_and_deviation_1_at_the_start_whatever_it_gets():
    record = answer("norm-activations", NormActivationsQuestion(**PLAIN, training=recipe(), every=3))
    assert record.steps.tolist() == [0, 3, 6]
    assert record.means[2, :, 0] == pytest.approx(np.zeros(7), abs=1e-5)
    assert record.deviations[2, :, 0] == pytest.approx(np.ones(7), abs=1e-3)  # gamma 1, beta 0
    assert record.deviations[1, :, 0].max() / record.deviations[1, :, 0].min() > 1.2


def test_activations_are_those_of_a_pass_by_hand():
    question = NormActivationsQuestion(**PLAIN, training=recipe(), every=6)
    record = answer("norm-activations", question)
    data = load_data(question.data)
    picked = torch.randperm(len(data.train_labels), generator=torch.Generator().manual_seed(0))[:64]
    model = build_model(cifar(8, width=4, in_channels=1, plain=True, norm="none"))
    with torch.no_grad():
        first = model.stem.conv(data.train_images[picked])
        second = model.stages[0][0].conv1(F.relu(first))
    for place, values in enumerate((first, second)):
        assert record.means[0, place, 0] == pytest.approx(float(values.mean()), abs=1e-5)
        assert record.deviations[0, place, 0] == pytest.approx(float(values.std()), rel=1e-3)
        expected = np.percentile(values.numpy(), (15, 50, 85))
        assert record.percentiles[0, :, place, 0] == pytest.approx(expected, abs=0.03 * float(values.std()))


def test_percentiles_of_known_numbers():
    assert percentiles(torch.arange(101.0)).tolist() == pytest.approx([15, 50, 85])
    assert np.isnan(percentiles(torch.tensor([1.0, math.inf]))).all()


def test_looking_at_activations_does_not_change_the_training():
    losses = [
        answer("norm-activations", NormActivationsQuestion(**PLAIN, training=recipe(), every=every)).losses
        for every in (1, 6)
    ]
    assert np.array_equal(*losses)


def test_in_a_residual_network_batchnorm_scales_the_branch_down_with_the_square_root_of_depth():
    # De & Smith 2020, section 3: with BatchNorm the skip's variance grows by about 1 per block and the branch's is 1
    # within a stage; in stages two and three only deviations fall, without BatchNorm both grow alike.
    question = NormStartQuestion(network=cifar(56, width=8, in_channels=1), data=DataConfig(size=8))
    record = answer("norm-start", question)
    ratios = record.branch / record.skip
    assert ratios[1, 0] / ratios[1, 8] > 2  # sqrt(9) = 3 in theory
    assert ratios[1, -1] < 0.6
    assert np.median(ratios[0]) > 1
    assert record.branch[1, 8] == pytest.approx(1, rel=0.01)  # v1's branch ends with BatchNorm


def test_without_shortcuts_batchnorm_makes_gradients_explode_at_the_start():
    record = answer("norm-start", NormStartQuestion(network=cifar(56, width=8, in_channels=1)))
    first_over_last = record.gradients[:, :, 0] / record.gradients[:, :, -1]
    # claims.md's table and Yang et al.: hundreds to thousands at depth 56 in the plain network, a few in the residual
    assert first_over_last[1, 1] > 300
    assert first_over_last[0, 1] < 50
    assert first_over_last[1, 0] < 10


def test_the_start_gradients_are_autograds():
    question = NormStartQuestion(**TINY, training=recipe())
    record = answer("norm-start", question)
    model = build_model(question.network).train()
    images, labels = first_batch(question)
    weights = [weight for name, weight in model.named_parameters() if "conv" in name]
    gradients = torch.autograd.grad(F.cross_entropy(model(images), labels), weights)
    assert record.gradients[0, 1] == pytest.approx([float(gradient.norm()) for gradient in gradients], rel=1e-4)


def test_each_cell_of_the_rate_map_is_a_run_by_hand():
    question = NormRatesQuestion(**TINY, training=recipe(), rates=(0.01, 0.1), gains=(0.5, 1.0), seeds=1)
    record = answer("norm-rates", question)
    assert record.losses.shape == (2, 2, 2, 1)
    data = load_data(question.data)
    model = build_model(question.network).train()
    for name, weight in model.named_parameters():
        if "conv" in name:
            weight.data *= 0.5
    optimiser = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
    batches = Batches(data, recipe(), torch.device("cpu"))
    losses = []
    for step in range(1, 7):
        images, labels = batches.at(step)
        loss = F.cross_entropy(model(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert record.losses[1, 0, 1, 0] == pytest.approx(losses[-1], rel=1e-3)


def test_a_run_that_blows_up_is_infinite_and_not_a_gap():
    question = NormRatesQuestion(**TINY, training=recipe(steps=12), rates=(0.01, 100.0), seeds=1)
    record = answer("norm-rates", question)
    assert np.isfinite(record.losses[:, 0, 0]).all()
    assert record.losses[0, 0, 1, 0] == math.inf


def test_the_end_of_a_run_is_the_mean_of_its_last_eighth():
    assert end_loss([9.0] * 14 + [2.0, 4.0], 16, 10) == 3
    assert end_loss([9.0] * 14 + [2.0, math.nan], 16, 10) == math.inf
    assert end_loss([9.0] * 3, 16, 10) == math.inf
    assert end_loss([9.0] * 14 + [1e9, 1e9], 16, 10) == math.inf


def test_with_batchnorm_larger_weights_change_nothing_and_get_smaller_gradients():
    # Ioffe & Szegedy 2015, section 3.3: BN((aW)u) = BN(Wu), and dBN((aW)u)/d(aW) = 1/a dBN(Wu)/dW
    model, images, labels = build_model(cifar(8, width=4)).train(), torch.randn(32, 3, 8, 8), torch.arange(32) % 10
    found = []
    for gain in (1.0, 4.0):
        multiply_weights(model, gain)
        model.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        found.append((float(loss.detach()), float(model.stages[1][0].conv1.weight.grad.norm())))
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-3)
    assert found[1][1] == pytest.approx(found[0][1] / 4, rel=1e-2)


def test_every_batch_size_sees_as_many_pictures_and_a_network_without_batchnorm_has_one_error():
    question = NormBatchesQuestion(**TINY, training=recipe(batch=8), sizes=(4, 8), pictures=64)
    record = answer("norm-batches", question)
    assert np.isfinite(record.train_loss).all()
    assert np.array_equal(record.running_error[0], record.batch_error[0])
    assert not np.array_equal(record.running_error[1], record.batch_error[1])


def test_evaluation_with_batch_statistics_is_training_modes_forward_pass():
    model = build_model(cifar(8, width=4)).eval()
    images = torch.randn(16, 3, 8, 8)
    state = copy.deepcopy(model.state_dict())
    with torch.no_grad(), batch_statistics(model):
        found = model(images)
    assert not any(module.training for module in model.modules())
    assert all(torch.equal(state[name], tensor) for name, tensor in model.state_dict().items())
    with torch.no_grad():
        assert torch.allclose(found, model.train()(images), atol=1e-6)


def test_batch_statistics_go_with_their_block_even_after_an_error():
    model = build_model(cifar(8, width=4)).train()
    with pytest.raises(RuntimeError), batch_statistics(model):
        raise RuntimeError
    assert model.training
    assert model.stem.norm.running_mean is not None


def test_gaps_between_statistics_are_what_pencil_says():
    norm = nn.BatchNorm1d(1, eps=1e-9)
    norm.running_mean.fill_(1.0)
    norm.running_var.fill_(16.0)
    with StatisticsMeter(nn.Sequential(norm)) as meter:
        norm(torch.tensor([[2.0], [4.0], [6.0]]))  # mean 4, unbiased variance 4
    gap, ratio = meter.gaps()[:, 0].tolist()
    # training mode has moved the running statistics by a tenth: mean 1.3, variance 14.8
    assert gap == pytest.approx((4 - 1.3) / 2)
    assert ratio == pytest.approx(math.sqrt(14.8) / 2)


def test_running_statistics_start_behind_and_catch_up():
    question = NormStatisticsQuestion(**TINY, training=recipe(steps=40, learning_rate=0.01), every=20)
    record = answer("norm-statistics", question)
    assert record.steps.tolist() == [0, 20, 40]
    assert np.median(record.mean_gap[:, 2]) < np.median(record.mean_gap[:, 0])
    assert (record.gamma[:, :, 0] == 1).all()
    assert (record.beta[:, :, 0] == 0).all()
    assert (record.gamma[0] <= record.gamma[1]).all()
    assert (record.gamma[1] <= record.gamma[2]).all()


def test_the_three_networks_of_the_debate_train_as_they_would_alone():
    question = CovariateShiftQuestion(**PLAIN, training=recipe(learning_rate=0.03), every=2)
    record = answer("covariate-shift", question)
    alone = answer("covariate-shift", CovariateShiftQuestion(**PLAIN, training=recipe(learning_rate=0.03), every=6))
    assert np.array_equal(record.losses, alone.losses)  # looking more often changes nothing
    model = build_model(question.network).train()
    optimiser = torch.optim.SGD(model.parameters(), 0.03, momentum=0.9, weight_decay=1e-4)
    batches = Batches(load_data(question.data), question.training, torch.device("cpu"))
    for step in range(1, 4):
        images, labels = batches.at(step)
        loss = F.cross_entropy(model(images), labels)
        optimiser.zero_grad()
        loss.backward()
        if step == 3:
            there = copy.deepcopy(model)
            with torch.no_grad():
                for far, near in zip(there.parameters(), model.parameters(), strict=True):
                    far.sub_(2 * 0.03 * near.grad)
            assert record.start[1, 1] == pytest.approx(float(loss.detach()), rel=1e-3)
            beyond = F.cross_entropy(there(images), labels)
            assert record.line[1, 2, 1] == pytest.approx(float(beyond.detach()), rel=1e-3)  # reach 2
            squares = sum(float(weight.grad.square().sum()) for weight in model.parameters())
            assert record.norm[1, 1] == pytest.approx(math.sqrt(squares), rel=1e-3)
        optimiser.step()


def test_without_noise_the_noisy_network_is_the_one_with_batchnorm():
    question = CovariateShiftQuestion(
        **PLAIN, training=recipe(learning_rate=0.03), every=2, noise_mean=0.0, noise_deviation=0.0
    )
    record = answer("covariate-shift", question)
    for values in (record.losses, record.smoothness, record.distance):
        assert values[2] == pytest.approx(values[1], rel=1e-3)
    assert not np.array_equal(record.losses[0], record.losses[1])


def test_noise_moves_what_the_layers_put_out():
    question = CovariateShiftQuestion(**PLAIN, training=recipe(learning_rate=0.03), every=2)
    record = answer("covariate-shift", question)
    assert np.isnan(record.moved[:, :, 0]).all()
    assert (record.moved[2, :, 1:] > 3 * record.moved[1, :, 1:]).all()


def test_a_network_that_diverges_leaves_gaps_and_the_others_go_on():
    question = CovariateShiftQuestion(**TINY, training=recipe(learning_rate=100.0, steps=10), every=3)
    record = answer("covariate-shift", question)
    assert np.isnan(record.smoothness[0]).any() or np.isinf(record.smoothness[0]).any()
    assert np.isfinite(record.losses[1]).all()


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (NormRatesQuestion, {"rates": ()}),
        (NormRatesQuestion, {"rates": (0.1, 0.01)}),
        (NormRatesQuestion, {"seeds": 0}),
        (NormBatchesQuestion, {"sizes": (1, 2)}),
        (NormActivationsQuestion, {"network": cifar(8, norm="none", in_channels=1)}),
        (NormStartQuestion, {"network": cifar(8, plain=True, in_channels=1)}),
        (CovariateShiftQuestion, {"every": 0}),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(kind, settings):
    with pytest.raises(ConfigError):
        kind(**settings)


def test_equal_questions_have_equal_answers():
    question = NormRatesQuestion(**TINY, training=recipe(), rates=(0.1,), seeds=1)
    one, other = (deque(experiment("norm-rates").ask(question), maxlen=1)[0].record for _ in range(2))
    assert np.array_equal(one.losses, other.losses)
