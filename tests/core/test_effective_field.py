"""Effective receptive fields against pencil and paper, and against Luo et al. 2016 (arXiv:1701.04128)."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from resnet_core import ConfigError, DataConfig, ProbeError, TrainConfig, build_model, cifar
from resnet_core.catalogue import experiment
from resnet_core.probes import receptive_fields
from resnet_core.probes.effective_field import effective_side, fixed_statistics, gaussian_fit, spread, unit_field
from resnet_core.probes.receptive_field import unit_spacings
from resnet_core.questions.pictures import EffectiveFieldQuestion

SMALL = EffectiveFieldQuestion(
    depths=(8, 14),
    width=4,
    draws=2,
    images=2,
    trained=8,
    data=DataConfig(name="digits", size=8),
    training=TrainConfig(steps=3, batch=8, precision="fp32", inspect_every=0),
)


def stack(layers, kernel=3):
    """Convolutions of one channel whose weights are all the same."""
    model = nn.Sequential(*(nn.Conv2d(1, 1, kernel, padding=kernel // 2, bias=False) for _ in range(layers)))
    for convolution in model:
        nn.init.constant_(convolution.weight, 1 / kernel**2)
    return model


@pytest.mark.parametrize(("layers", "kernel"), [(1, 3), (6, 3), (12, 3), (4, 5)])
def test_uniform_kernels_give_the_width_that_was_derived_for_them(layers, kernel):
    """n boxes of k pixels convolved: each adds a variance of (k^2 - 1) / 12 (Luo et al. 2016, section 2.2)."""
    side = layers * (kernel - 1) + 9
    field = unit_field(stack(layers, kernel), torch.zeros(1, 1, side, side), str(layers - 1))
    assert spread(field) == pytest.approx(math.sqrt(layers * (kernel**2 - 1) / 12), rel=1e-5)
    assert field.sum() == pytest.approx(1, rel=1e-5)
    assert np.count_nonzero(field > 1e-12) == (layers * (kernel - 1) + 1) ** 2  # and nothing beyond what it could see


def test_the_field_of_two_boxes_is_the_triangle_of_pascal():
    field = unit_field(stack(2), torch.zeros(1, 1, 7, 7), "1")
    triangle = np.array([0, 1, 2, 3, 2, 1, 0]) / 9
    np.testing.assert_allclose(field, np.outer(triangle, triangle), rtol=1e-5, atol=1e-9)


def test_many_uniform_layers_make_a_gaussian():
    field = unit_field(stack(20), torch.zeros(1, 1, 51, 51), "19")
    sigma, fit = gaussian_fit(field)
    assert fit > 0.999
    assert sigma == pytest.approx(math.sqrt(20 * 8 / 12), rel=0.03)


def test_a_drawn_gaussian_is_found_again_and_its_side_is_that_of_its_circle():
    """Above 4.55% of its middle a Gaussian is a disc of radius sigma sqrt(2 ln(1/0.0455)): its area is known."""
    places = np.arange(81) - 40.0
    bell = np.exp(-(places[:, None] ** 2 + places[None, :] ** 2) / (2 * 7.0**2))
    sigma, fit = gaussian_fit(bell)
    assert sigma == pytest.approx(7, rel=0.011)  # widths are tried in steps of 2%
    assert fit > 0.999
    assert effective_side(bell) == pytest.approx(math.sqrt(math.pi * 49 * 2 * math.log(1 / 0.0455)), rel=0.01)


def test_a_flat_or_empty_field_has_no_gaussian():
    assert np.isnan(gaussian_fit(np.ones((5, 5)))).all()
    assert np.isnan(gaussian_fit(np.zeros((5, 5)))).all()
    assert effective_side(np.zeros((5, 5))) == 0
    assert math.isnan(spread(np.zeros((5, 5))))


def test_a_field_is_the_gradient_that_single_pixels_show():
    """Each pixel nudged by itself, in float64: the second way to the same numbers."""
    model = build_model(cifar(8, width=4, in_channels=1), 0).double().eval()
    inputs = torch.randn(1, 1, 12, 12, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    field = unit_field(model, inputs, "stages.1.0")

    def centre(pictures):
        maps = model.stages[1](model.stages[0](model.stem(pictures)))
        return maps[:, :, 3, 3].sum(1)

    nudges = torch.eye(144, dtype=torch.float64).reshape(144, 1, 12, 12) * 1e-6
    with torch.no_grad():
        slopes = (centre(inputs + nudges) - centre(inputs - nudges)) / 2e-6
    np.testing.assert_allclose(field.ravel(), slopes.abs().numpy(), atol=1e-7)


def test_the_probe_leaves_the_network_as_it_was_also_after_an_error():
    model = build_model(cifar(8, width=4, in_channels=1), 0).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    inputs = torch.randn(2, 1, 8, 8)
    with fixed_statistics(model, inputs):
        assert not model.training
        unit_field(model, inputs, "stages.2.0")
    with pytest.raises(ProbeError), fixed_statistics(model, inputs):
        unit_field(model, inputs, "nowhere")
    with pytest.raises(RuntimeError):
        unit_field(model, torch.zeros(1, 5, 8, 8), "stem")
    assert model.training
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())
    assert all(weight.grad is None for weight in model.parameters())


def test_a_layer_knows_how_far_its_units_stand_apart():
    spacings = unit_spacings(build_model(cifar(8), device="meta"))
    assert (spacings["stem.conv"], spacings["stages.1.0.conv1"], spacings["stages.2.0.conv2"]) == (1, 2, 4)
    assert set(spacings) == set(receptive_fields(build_model(cifar(8), device="meta")))


@pytest.fixture(scope="module")
def moments():
    return list(experiment("effective-field").ask(SMALL))


def test_the_experiment_gives_every_pair_and_goes_on_to_the_end(moments):
    done = [moment.done for moment in moments]
    assert done == sorted(done)
    assert done[-1] == 1
    report = moments[-1].record
    assert [(field.depth, field.plain) for field in report.fresh] == [(8, True), (8, False), (14, True), (14, False)]
    assert [field.theoretical for field in report.fresh] == [25, 25, 53, 53]  # 1 + 2 (1 + 2) + 4 (2) + 8 (2) ...
    assert [field.steps for field in report.after] == [3, 3]
    assert all(field.field.shape == (field.theoretical,) * 2 for field in report.fresh)
    assert all(0 < field.side <= field.theoretical for field in (*report.fresh, *report.before, *report.after))
    assert report.before[0].side != report.after[0].side


def test_a_unit_sits_in_the_middle_of_its_field(moments):
    """If the centre of the unit were missed by a unit, the outermost rows of what it can see would be empty."""
    for field in moments[-1].record.fresh[:2]:
        edges = [field.field[0], field.field[-1], field.field[:, 0], field.field[:, -1]]
        assert all(edge.any() for edge in edges)
        rows = field.field.astype(float).sum(1)
        middle = (rows * np.arange(len(rows))).sum() / rows.sum()
        assert middle == pytest.approx((len(rows) - 1) / 2, abs=1)


def test_the_used_share_falls_with_depth_and_shortcuts_make_it_smaller():
    """Luo et al. 2016, section 3: both hold for any data, width and seed; few draws are enough to see them."""
    question = EffectiveFieldQuestion(depths=(8, 26), width=8, draws=1, images=2, trained=0)
    plain, residual, deep_plain, deep_residual = experiment("effective-field").answer(question).fresh
    assert deep_plain.ratio < 0.8 * plain.ratio
    assert deep_residual.ratio < 0.8 * residual.ratio
    assert deep_residual.side < 0.9 * deep_plain.side


def test_pictures_are_mirrored_until_they_fill_the_field():
    from resnet_core.experiments.effective_field import _continued

    row = _continued(torch.tensor([[[[1.0, 2.0, 3.0]]]]), 8)[0, 0, 0]
    assert row.tolist() == [1, 2, 3, 3, 2, 1, 1, 2]


def test_a_question_refuses_depths_that_are_no_networks():
    for settings in ({"depths": (9,)}, {"depths": (14, 8)}, {"depths": ()}, {"inputs": "music"}, {"trained": 7}):
        with pytest.raises(ConfigError):
            EffectiveFieldQuestion(**settings)
