"""The curvature probe against dense Hessians and Jacobians, and the preconditioning experiment against both."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core import ConfigError
from resnet_core.experiments.preconditioning import SmallNet, preconditioning, start, task
from resnet_core.probes.curvature import gauss_newton_product, hessian_product, lanczos
from resnet_core.questions.depth import PreconditioningQuestion

SMALL = PreconditioningQuestion(width=4, points=40, steps=6, seeds=1, rates=(0.1, 0.3), far=0.3)


def small_network():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3)).double()
    return model, torch.randn(5, 1, 4, 4, dtype=torch.float64), torch.tensor([0, 1, 2, 0, 1])


def flat_function(model, images):
    """The outputs as a function of one long vector of weights."""
    shapes = {name: weight.shape for name, weight in model.named_parameters()}

    def outputs(vector):
        parts = vector.split([shape.numel() for shape in shapes.values()])
        weights = {name: part.view(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
        return torch.func.functional_call(model, weights, images)

    return outputs, torch.cat([weight.detach().reshape(-1) for weight in model.parameters()])


def dense_hessian(loss, weights):
    return torch.func.jacrev(torch.func.grad(loss))(weights)


def columns(product, size):
    return torch.stack([product(column) for column in torch.eye(size, dtype=torch.float64)])


def test_the_product_with_the_hessian_is_that_of_the_dense_one():
    model, images, labels = small_network()
    outputs, weights = flat_function(model, images)
    dense = dense_hessian(lambda vector: F.cross_entropy(outputs(vector), labels), weights)
    found = columns(hessian_product(model, F.cross_entropy(model(images), labels)), len(weights))
    torch.testing.assert_close(found, dense)
    assert all(weight.grad is None for weight in model.parameters())


def test_the_product_with_gauss_newton_is_that_of_the_jacobian_and_the_softmax():
    """For cross-entropy M is (diag(p) - p p^T) / N for each picture (Schraudolph 2002)."""
    model, images, labels = small_network()
    outputs, weights = flat_function(model, images)
    jacobian = torch.func.jacrev(outputs)(weights)  # (N, classes, P)
    p = model(images).detach().softmax(1)
    middle = (torch.diag_embed(p) - p[:, :, None] * p[:, None, :]) / len(p)
    dense = torch.einsum("nap,nab,nbq->pq", jacobian, middle, jacobian)
    scores = model(images)
    found = columns(gauss_newton_product(model, scores, F.cross_entropy(scores, labels)), len(weights))
    torch.testing.assert_close(found, dense)


def test_lanczos_finds_every_eigenvalue_as_often_as_it_occurs():
    values = torch.tensor([9.0, 4.0, 4.0, 1.0, 0.25, 0.0, 0.0, 0.0], dtype=torch.float64)
    found = list(lanczos(lambda vector: values * vector, 8, 8))
    np.testing.assert_allclose(found[-1], [0, 0, 0, 0.25, 1, 4, 4, 9], atol=1e-12)
    assert found[0][0] > 0  # the first estimate is an average


def test_lanczos_finds_both_ends_of_a_wide_spectrum_early():
    values = torch.cat([torch.tensor([-5.0, 100.0]), torch.linspace(0, 1, 200)]).double()
    *_, found = lanczos(lambda vector: values * vector, len(values), 20, every=7)
    assert len(found) == 20
    assert found[0] == pytest.approx(-5, rel=1e-6)
    assert found[-1] == pytest.approx(100, rel=1e-6)


@pytest.mark.parametrize("residual", [False, True])
def test_the_reported_spectrum_is_that_of_the_dense_matrix(residual):
    *_, last = preconditioning(SMALL)
    x, target = task(SMALL, 0)
    outputs, weights = flat_function(start(SMALL, residual, 0), x)
    jacobian = torch.func.jacrev(outputs)(weights).reshape(-1, len(weights))
    expected = torch.linalg.eigvalsh(2 * jacobian.T @ jacobian / target.square().sum()).flip(0).numpy()
    found = last.record.spectrum[int(residual), 0]
    np.testing.assert_allclose(found, np.where(expected > 1e-11 * expected[0], expected, 0), rtol=1e-5)
    loss = lambda vector: (outputs(vector) - target).square().sum() / target.square().sum()  # noqa: E731
    dense = torch.linalg.eigvalsh(dense_hessian(loss, weights))
    assert last.record.hessian[int(residual), 0] == pytest.approx([float(dense[0]), float(dense[-1])], rel=1e-6)


def test_there_is_a_flat_direction_for_every_relu_that_can_be_scaled():
    """A ReLU's weights in can be doubled and those out halved. With shortcuts the sums cannot: 3 ReLUs without, 2 with,
    for each of 4 channels of two blocks.
    """
    *_, last = preconditioning(SMALL)
    assert last.record.parameters == 64
    assert last.record.flat[0, 0] >= 12 / 64
    assert last.record.flat[1, 0] >= 8 / 64


def test_both_forms_are_the_same_weights_and_descend_as_written_down_here():
    x, target = (part.numpy() for part in task(SMALL, 0))
    *_, last = preconditioning(SMALL)
    for kind in (0, 1):
        a, b, c, d = (weight.detach().numpy() for weight in start(SMALL, kind == 1, 0).parameters())
        first = np.maximum(x @ a.T, 0) @ b.T + kind * x
        middle = np.maximum(first, 0)
        outputs = np.maximum(middle @ c.T, 0) @ d.T + kind * middle
        loss = ((outputs - target) ** 2).sum() / (target**2).sum()
        np.testing.assert_allclose(last.record.losses[kind, :, 0, 0], loss, rtol=1e-6)
        assert (last.record.losses[kind, 0, 0, 1:] < last.record.losses[kind, 0, 0, 0]).all()


def test_at_distance_zero_the_wanted_map_is_the_identity_and_zero_weights_are_the_residual_answer():
    question = PreconditioningQuestion(width=3, points=20, far=0.0)
    x, target = task(question, 5)
    torch.testing.assert_close(x, target)
    model = SmallNet(2, 3, residual=True)
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
    torch.testing.assert_close(model(x), target)  # x is not negative, so no ReLU changes it


def test_a_rate_that_diverges_is_not_called_the_best():
    *_, last = preconditioning(replace(SMALL, seeds=2))
    losses = last.record.losses.copy()
    losses[1, 1, 0, 3:] = np.nan  # one seed of two diverged at the rate that does best
    assert losses[1, 1, 1, -1] < losses[1, 0, 1, -1]
    assert replace(last.record, losses=losses).best_rate(1) == 0
    losses[1, 0, 1, -1] = np.nan
    assert replace(last.record, losses=losses).best_rate(1) is None


def test_what_is_known_comes_seed_by_seed():
    moments = list(preconditioning(PreconditioningQuestion(width=3, points=20, steps=5, seeds=2, rates=(0.1,))))
    assert [moment.done for moment in moments] == sorted(moment.done for moment in moments)
    assert moments[-1].done == 1.0
    assert np.isnan(moments[0].record.spectrum).all()
    half = next(moment.record for moment in moments if np.isfinite(moment.record.spectrum[1, 0, 0]))
    assert np.isnan(half.spectrum[:, 1]).all()


@pytest.mark.parametrize("wrong", [{"blocks": 5}, {"far": 1.5}, {"rates": ()}, {"init": "xavier"}, {"seeds": 0}])
def test_a_question_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError):
        PreconditioningQuestion(**wrong)
