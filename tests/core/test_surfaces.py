"""The loss surface against plain re-evaluation, closed forms and pencil."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, ResNetConfig, TrainConfig, build_model, load_data, train
from resnet_core.catalogue import experiment
from resnet_core.experiments.surfaces import save_steps
from resnet_core.probes.directions import filter_direction, filter_weights, path_directions, point_of, project
from resnet_core.probes.landscape import Landscape
from resnet_core.questions.surface import LossSurfaceQuestion

DIGITS = DataConfig(name="digits", size=8)
TINY = ResNetConfig(depths=(1, 1), widths=(4, 8), stem_width=4, in_channels=1)
SMALL = LossSurfaceQuestion(
    networks=(replace(TINY, shortcut="none"), TINY),
    data=DIGITS,
    training=TrainConfig(steps=6, batch=16),
    points=13,
    lines=2,
    images=32,
)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def trained(config, steps=6):
    model = build_model(config)
    list(train(model, load_data(DIGITS), TrainConfig(steps=steps, batch=16, precision="fp32")))
    return model


def answer(question):
    return list(experiment("loss-surface").ask(question))


@pytest.fixture(scope="module")
def moments():
    return answer(SMALL)


def test_every_filter_of_a_direction_is_as_long_as_the_networks_own():
    model = build_model(TINY)
    parts = filter_direction(model, generator()).split([weight.numel() for weight in filter_weights(model)])
    for weight, part in zip(filter_weights(model), parts, strict=True):
        for own, drawn in zip(weight.detach(), part.view(weight.shape), strict=True):
            assert float((drawn**2).sum()) == pytest.approx(float((own**2).sum()), rel=1e-5)


def test_biases_and_the_parameters_of_batchnorm_do_not_move():
    model = build_model(TINY)
    convolutions = 4 * 1 * 9 + 2 * 4 * 4 * 9 + 8 * 4 * 9 + 8 * 8 * 9  # stem, stage 1, stage 2
    assert len(point_of(model)) == len(filter_direction(model, generator())) == convolutions + 10 * 8  # and the head


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"shortcut": "none"},
        {"norm": "none"},
        {"version": "v2", "shortcut": "B"},
        {"shortcut": "C", "init": "default"},
        {"block": "bottleneck", "shortcut": "B", "version": "v1.5"},
    ],
)
def test_the_loss_is_that_of_a_network_whose_weights_were_set_one_by_one(changes):
    model = trained(replace(TINY, **changes))
    images, labels = load_data(DIGITS).train_images[:300], load_data(DIGITS).train_labels[:300]
    one, other = (filter_direction(model, generator(seed)) for seed in (1, 2))
    found = Landscape(model, images, labels).towards(one, other)(0.3, -0.5)

    sizes = [weight.numel() for weight in filter_weights(model)]
    model.eval()
    with torch.no_grad():
        for weight, a, b in zip(filter_weights(model), one.split(sizes), other.split(sizes), strict=True):
            weight.add_(0.3 * a.view_as(weight) - 0.5 * b.view_as(weight))
        expected = F.cross_entropy(model(images), labels).item()
    assert found == pytest.approx(expected, rel=1e-4)


def test_of_a_linear_classifier_the_surface_is_the_formula():
    model = nn.Sequential(nn.Flatten(), nn.Linear(2, 2))
    with torch.no_grad():
        model[1].weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 2.0]]))
        model[1].bias.copy_(torch.tensor([0.5, 0.0]))
    image, label = torch.tensor([[[[1.0, 3.0]]]]), torch.tensor([0])
    loss = Landscape(model, image, label).towards(torch.tensor([1.0, 0, 0, 0]), torch.tensor([0, 0, 0, 1.0]))
    for a, b in ((0, 0), (2, 0), (0, -2), (-1, 0.5)):
        scores = (1 + a) * 1 + 0.5, (2 + b) * 3
        assert loss(a, b) == pytest.approx(math.log1p(math.exp(scores[1] - scores[0])), rel=1e-5)


def test_the_network_itself_is_left_alone():
    model = trained(TINY).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    data = load_data(DIGITS)
    Landscape(model, data.train_images[:8], data.train_labels[:8]).towards(filter_direction(model, generator()))(1.0)
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_a_loss_that_overflows_is_infinite():
    model = trained(replace(TINY, norm="none"))
    data = load_data(DIGITS)
    loss = Landscape(model, data.train_images[:8], data.train_labels[:8]).towards(filter_direction(model, generator()))
    assert loss(1e30) == math.inf
    assert math.isfinite(loss(0.0))


def test_a_path_is_projected_to_its_nearest_point_in_the_plane():
    # from (3, 4, 12) to the origin: 9 + 16 of its 169 squared lengths lie in the plane of the first two axes
    path = torch.tensor([[3.0, 4.0, 12.0], [0.0, 0.0, 0.0]])
    skew = torch.tensor([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    places, share = project(path, skew)
    np.testing.assert_allclose(places.numpy(), [[-1, 4], [0, 0]], atol=1e-6)  # -1 (1, 0) + 4 (1, 1) = (3, 4)
    assert share == pytest.approx(25 / 169)


def test_the_plane_of_a_path_is_the_one_that_holds_most_of_it():
    path = torch.randn(8, 5, generator=generator(3))
    axes = path_directions(path)
    away = (path - path[-1]).double().numpy()
    values, vectors = np.linalg.eigh(away.T @ away)
    places, share = project(path, axes)
    assert share == pytest.approx(values[-2:].sum() / values.sum(), rel=1e-5)
    assert float(axes.norm(dim=1)[0]) == pytest.approx(float(path[-1].norm()), rel=1e-5)
    assert abs(float(axes[0] @ axes[1])) < 1e-4
    assert (places[0] >= 0).all()  # the path begins where both coordinates are positive
    assert abs(vectors[:, -1] @ axes[0].double().numpy()) == pytest.approx(float(path[-1].norm()), rel=1e-5)


def test_a_straight_path_lies_in_its_line():
    end = torch.tensor([1.0, 2.0, 2.0])
    places, share = project(*(lambda path: (path, path_directions(path)))(torch.stack([3 * end, 2 * end, end])))
    np.testing.assert_allclose(places.numpy(), [[2, 0], [1, 0], [0, 0]], atol=1e-6)
    assert share == pytest.approx(1)


def test_the_plane_grows_finer_and_keeps_what_it_had(moments):
    records = [moment.record for moment in moments]
    assert list(dict.fromkeys(record.loss.shape[1] for record in records)) == [7, 13]
    coarse = [record for record in records if record.loss.shape[1] == 7][-1]
    last = records[-1]
    np.testing.assert_array_equal(last.loss[:, ::2, ::2], coarse.loss)
    np.testing.assert_array_equal(last.x[:, ::2], coarse.x)
    assert np.isfinite(last.loss).all()
    assert np.isfinite(last.line_loss).all()
    assert moments[-1].done == 1
    assert all(later.done >= earlier.done for earlier, later in itertools.pairwise(moments))


def test_the_middle_of_the_plane_and_of_every_line_is_the_trained_network(moments):
    record = moments[-1].record
    data = load_data(DIGITS)
    for index, config in enumerate(SMALL.networks):
        model = trained(config).eval()
        with torch.no_grad():
            expected = F.cross_entropy(model(data.train_images[:32]), data.train_labels[:32]).item()
        assert record.centre[index] == pytest.approx(expected, rel=1e-4)
        assert record.loss[index, 6, 6] == pytest.approx(expected, rel=1e-4)
        assert record.line_loss[index, :, 12] == pytest.approx(expected, rel=1e-4)
    assert record.guess == pytest.approx(math.log(10))


def test_a_random_plane_holds_next_to_nothing_of_the_path_and_its_own_plane_most(moments):
    """Li et al. 2018, section 7.1 and 7.2: random planes capture almost no variation, the path's own 40 to 90 %."""
    own = answer(replace(SMALL, plane="path", points=7, lines=1))[-1].record
    assert (moments[-1].record.captured < 0.05).all()
    assert (own.captured > 0.4).all()
    assert (np.abs(own.path[:, -1]) < 1e-6).all()
    assert (own.x.min(1) < own.path[:, :, 0].min(1)).all()
    assert (own.x.max(1) > own.path[:, :, 0].max(1)).all()


def test_another_seed_gives_other_directions_around_the_same_network(moments):
    other = answer(replace(SMALL, seed=1, points=7, lines=1))[-1].record
    first = moments[-1].record
    np.testing.assert_array_equal(other.centre, first.centre)
    assert not np.allclose(other.loss, first.loss[:, ::2, ::2])


def test_a_training_that_breaks_off_is_told_and_measured_where_it_ended():
    broken = replace(SMALL, networks=(replace(TINY, norm="none"),), points=7, lines=1)
    record = answer(replace(broken, training=replace(SMALL.training, learning_rate=100.0)))[-1].record
    assert record.diverged.tolist() == [True]
    assert not np.isnan(record.loss).any()


def test_the_path_is_saved_at_the_start_at_the_end_and_between():
    assert save_steps(3) == [0, 1, 2, 3]
    assert (save_steps(150)[0], save_steps(150)[-1], len(save_steps(150))) == (0, 150, 31)


@pytest.mark.parametrize("wrong", [{"points": 8}, {"plane": "pca"}, {"networks": ()}, {"reach": 0.0}, {"lines": 0}])
def test_a_question_that_cannot_be_asked_is_refused(wrong):
    with pytest.raises(ConfigError):
        LossSurfaceQuestion(**wrong)
