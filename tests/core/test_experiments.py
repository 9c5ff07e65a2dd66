"""Experiments against published orders of magnitude and against pencil and paper."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from resnet_core import ConfigError, DataConfig, ProbeError, ResNetConfig, TrainConfig, build_model
from resnet_core.data import load_data
from resnet_core.experiments.costs import bottleneck_costs, cost_report, time_convolutions
from resnet_core.experiments.gradients import gradient_flow
from resnet_core.experiments.pictures import block_anatomy, picture_report
from resnet_core.images import to_input
from resnet_core.presets import cifar, preset
from resnet_core.probes import residual_blocks
from resnet_core.records import ConvCost
from resnet_core.samples import edge_pattern
from resnet_core.training import train

DIGITS = DataConfig(name="digits", size=8)
TINY = ResNetConfig(depths=(1, 1, 1), widths=(4, 8, 16), stem_width=4)


# First over last convolution's gradient norm at initialisation, as measured in two other implementations on other data
# (CIFAR at 16 px with batch 128 and random images at batch 64); digits at 8 px and another init may shift it by the
# decade or so that the bounds leave.
@pytest.mark.parametrize(
    ("depth", "settings", "low", "high"),
    [
        (20, {"plain": True}, 1, 30),  # published 3.8 to 5.2
        (56, {"plain": True}, 100, 3e4),  # 5e2 to 2.2e3: it explodes towards the input
        (110, {"plain": True}, 1e5, 1e9),  # 8e5 to 2.1e6
        (20, {"plain": True, "norm": "none"}, 0.02, 2),  # 0.22 to 0.25
        (56, {"plain": True, "norm": "none"}, 0.02, 20),  # 0.49 to 1.8
        (20, {"plain": True, "norm": "none", "init": "default"}, 1e-9, 1e-5),  # 5e-8 to 1.3e-6: the textbook's curve
        (56, {"plain": True, "norm": "none", "init": "default"}, 0, 1e-30),  # 0, by underflow
        (20, {}, 0.3, 10),  # 0.73 to 1.4
        (56, {}, 0.5, 30),  # 2.1 to 4.4
        (20, {"norm": "none"}, 0.05, 3),  # 0.15 to 0.45
        (20, {"norm": "none", "init": "default"}, 0.05, 10),  # 0.25 to 1.6
        (56, {"norm": "none", "init": "default"}, 0.03, 10),  # 0.18 to 0.92
    ],
)
def test_gradients_at_initialisation_have_the_published_orders(depth, settings, low, high):
    report = gradient_flow(cifar(depth, in_channels=1, **settings), DIGITS, seeds=(0, 1))
    assert ((report.first_over_last >= low) & (report.first_over_last <= high)).all(), report.first_over_last
    assert report.norms.shape == (2, depth - 1)


def test_batch_norm_makes_gradients_grow_towards_the_input_without_shortcuts_only():
    """Yang et al. 2019 (arXiv:1902.08129, theorem 8): backwards, the norm grows by up to sqrt(pi / (pi - 1)) = 1.21 per
    layer in wide BN-ReLU networks. Convolutions share weights over few pixels, so less is allowed too.
    """
    growth = {}
    for plain in (True, False):
        report = gradient_flow(cifar(56, plain=plain, in_channels=1), DIGITS, seeds=(0, 1))
        inside = np.log(
            report.norms[:, 2:-2]
        )  # the first stage's and last stage's ends have neighbours of other widths
        growth[plain] = math.exp(-np.polyfit(np.arange(inside.shape[1]), inside.mean(0), 1)[0])
    assert 1.05 < growth[True] < math.sqrt(math.pi / (math.pi - 1)) * 1.05
    assert growth[False] < 1.05


def test_without_batch_norm_he_initialisation_makes_the_loss_of_a_residual_network_explode():
    """Published initial losses for depth 20 and 56: 3.5 to 18 and 1.5e3 to 8.5e3; plain networks stay near ln 10."""
    small, deep = (gradient_flow(cifar(d, norm="none", in_channels=1), DIGITS).losses[0] for d in (20, 56))
    plain = gradient_flow(cifar(56, plain=True, norm="none", in_channels=1), DIGITS).losses[0]
    assert 2 < small < 60
    assert 100 < deep < 1e5
    assert plain == pytest.approx(math.log(10), abs=0.1)


def test_gradients_after_k_steps_are_those_of_the_next_step_of_a_run():
    config, recipe = replace(TINY, in_channels=1), TrainConfig(steps=9, batch=16, precision="fp32")
    report = gradient_flow(config, DIGITS, seeds=(3,), steps=4, training=recipe)
    steps = list(train(build_model(config, seed=3), load_data(DIGITS), replace(recipe, seed=3)))
    np.testing.assert_array_equal(report.norms[0], steps[4].gradients)
    assert report.losses[0] == steps[4].loss
    assert (report.seeds, report.steps) == ((3,), 4)


def test_a_run_that_diverged_before_it_could_be_measured_is_nan():
    explodes = ResNetConfig(depths=(9, 9, 9), widths=(4, 8, 16), stem_width=4, norm="none", in_channels=1)
    report = gradient_flow(explodes, DIGITS, steps=20, training=TrainConfig(learning_rate=5.0))
    assert np.isnan(report.norms).all()
    assert np.isnan(report.losses).all()


def test_gradient_flow_refuses_a_network_for_other_pictures():
    with pytest.raises(ConfigError, match="in_channels=1"):
        gradient_flow(TINY, DIGITS)


def test_inceptions_reduction_is_the_worked_example():
    """28 * 28 * 192 by a 5x5 to 32 channels, or by a 1x1 to 16 first (Szegedy et al. 2015, section 5)."""
    direct, reduced = bottleneck_costs(28, 28, 192, 32, kernel=5, reduced_channels=16)
    assert direct.macs == 28 * 28 * 32 * 5 * 5 * 192 == 120_422_400
    assert [cost.macs for cost in reduced] == [2_408_448, 10_035_200]
    assert sum(cost.macs for cost in reduced) == 12_443_648


def test_resnets_bottleneck_worked_with_a_pencil():
    """At 56 * 56 = 3136 pixels: 3136 * 9 * 256^2, against 3136 * (256 * 64 + 9 * 64^2 + 64 * 256) = 3136 * 69632."""
    direct, reduced = bottleneck_costs(56, 56, 256, 256, kernel=3, reduced_channels=64, restore=True)
    assert direct.macs == 1_849_688_064
    assert sum(cost.macs for cost in reduced) == 3136 * 69_632 == 218_365_952
    assert [cost.parameters for cost in reduced] == [16_384, 36_864, 16_384]


def test_the_bottlenecks_cost_is_that_of_the_block_in_resnet50():
    _, reduced = bottleneck_costs(56, 56, 256, 256, kernel=3, reduced_channels=64, restore=True)
    layers = {layer.name: layer.macs for layer in cost_report(preset("resnet50"), (3, 224, 224)).layers}
    assert [cost.macs for cost in reduced] == [layers[f"stages.0.1.conv{number}"] for number in (1, 2, 3)]


def test_a_config_and_its_network_cost_the_same():
    assert cost_report(TINY, (3, 16, 16)).layers == cost_report(build_model(TINY), (3, 16, 16)).layers


def test_times_are_measured_on_one_thread_which_is_given_back():
    torch.set_num_threads(2)
    small, large = ConvCost(4, 4, 8, 1, 8), ConvCost(28, 28, 96, 3, 96)
    times = time_convolutions((small, large), repeats=5, seconds=1.0)
    assert torch.get_num_threads() == 2
    assert [time.macs for time in times] == [small.macs, large.macs]
    assert [time.name for time in times] == ["1×1, 8→8, 4×4", "3×3, 96→96, 28×28"]  # the same in every language
    assert all(0 < time.low <= time.milliseconds <= time.high for time in times)
    assert times[0].milliseconds < times[1].milliseconds  # 1,024 against 65 million multiplications


def test_a_picture_report_shows_what_a_plain_forward_pass_computes():
    model = build_model(preset("cifar-resnet20")).train()
    picture = edge_pattern(48)
    report = picture_report(model, picture, [f"class {number}" for number in range(10)], size=32)
    assert model.training
    model.eval()
    with torch.no_grad():
        x = model.stem(to_input(picture, 32))
        logits = model(to_input(picture, 32))
    assert [layer.name for layer in report.layers] == ["stem", *residual_blocks(model)]
    assert [(layer.stage, layer.block) for layer in report.layers[:5]] == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0)]
    np.testing.assert_array_equal(report.layers[0].maps, x[0].numpy())
    np.testing.assert_allclose(report.scores, logits[0].double().softmax(0).numpy(), rtol=1e-6)
    assert report.scores.sum() == pytest.approx(1)
    assert (report.picture.shape, report.classes[9]) == ((32, 32, 3), "class 9")


def test_a_gray_network_reads_and_shows_a_gray_picture():
    model = build_model(replace(TINY, in_channels=1))
    gray = np.arange(256, dtype=np.uint8).reshape(16, 16)
    report = picture_report(model, gray, size=16, mean=(0.5,), std=(0.5,))
    np.testing.assert_array_equal(report.picture, gray)
    assert report.classes == tuple("0123456789")


def test_scores_need_a_name_each():
    with pytest.raises(ProbeError, match="10 outputs and 2 class names"):
        picture_report(build_model(TINY), edge_pattern(16), ("cat", "dog"), size=16)


@pytest.mark.parametrize(
    "settings", [{}, {"shortcut": "B"}, {"version": "v2", "shortcut": "B"}, {"block": "bottleneck", "version": "v1.5"}]
)
def test_shortcut_and_branch_add_up_to_the_sum_exactly(settings):
    model = build_model(ResNetConfig(depths=(1, 1), widths=(4, 8), stem_width=4, **settings))
    for block in residual_blocks(model):
        anatomy = block_anatomy(model, edge_pattern(16), block, size=16)
        np.testing.assert_array_equal(anatomy.shortcut + anatomy.branch, anatomy.total)
        assert anatomy.branch_over_shortcut > 0


def test_around_an_identity_shortcut_x_comes_out_as_it_went_in():
    anatomy = block_anatomy(build_model(preset("cifar-resnet20")), edge_pattern(32), "stages.0.1", size=32)
    np.testing.assert_array_equal(anatomy.x, anatomy.shortcut)


def test_a_block_that_starts_at_zero_gamma_adds_nothing():
    """Goyal et al. 2017, section 5.1: with the last gamma 0 every block begins as the identity."""
    anatomy = block_anatomy(build_model(cifar(20, zero_gamma=True)), edge_pattern(32), "stages.1.2", size=32)
    assert not anatomy.branch.any()
    np.testing.assert_array_equal(anatomy.total, anatomy.x)


def test_a_plain_block_is_its_branch():
    anatomy = block_anatomy(build_model(preset("cifar-plain20")), edge_pattern(32), "stages.0.0", size=32)
    assert anatomy.shortcut is None
    assert math.isnan(anatomy.branch_over_shortcut)
    np.testing.assert_array_equal(anatomy.branch, anatomy.total)


@pytest.mark.parametrize("name", ["cifar-resnet20", "resnet18", "resnetv2-18"])
def test_what_came_before_a_block_saves_the_way_to_it(name):
    model, picture = build_model(preset(name)), edge_pattern(32)
    layers = picture_report(model, picture, size=32).layers
    for before, layer in ((layers[0], layers[1]), (layers[1], layers[2]), layers[-2:]):
        whole = block_anatomy(model, picture, layer.name, size=32)
        short = block_anatomy(model, picture, layer.name, size=32, before=before.maps)
        np.testing.assert_allclose(short.total, whole.total, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(short.x, whole.x, rtol=1e-4, atol=1e-5)


def test_the_anatomy_of_no_block_names_the_blocks():
    with pytest.raises(ProbeError, match=r"3 blocks, from stages\.0\.0 to stages\.2\.0"):
        block_anatomy(build_model(TINY), edge_pattern(16), "stem", size=16)
