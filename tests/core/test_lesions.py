"""Lesions against networks that were built without the block, and against pencil."""

import copy
import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from resnet_core import ConfigError, DataConfig, ResNetConfig, TrainConfig, build_model, load_data, train
from resnet_core.catalogue import experiment
from resnet_core.experiments.lesions import modules
from resnet_core.experiments.operations import draw_operations, kendall_tau
from resnet_core.presets import cifar
from resnet_core.probes.routes import run_routes
from resnet_core.questions.lesions import LesionsQuestion

DIGITS = DataConfig(name="digits", size=8)
TINY = ResNetConfig(depths=(2, 2), widths=(4, 8), stem_width=4, in_channels=1)
RECIPE = TrainConfig(steps=15, batch=16, learning_rate=0.02, precision="fp32")
SMALL = LesionsQuestion(
    networks=(replace(TINY, shortcut="none"), TINY), data=DIGITS, training=RECIPE, images=200, draws=3
)


def trained(config):
    model = build_model(config)
    list(train(model, load_data(DIGITS), RECIPE))
    return model.eval()


def wrong(model):
    data = load_data(DIGITS)
    with torch.no_grad():
        return float((model(data.test_images[:200]).argmax(1) != data.test_labels[:200]).float().mean())


@pytest.fixture(scope="module")
def moments():
    return list(experiment("lesions").ask(SMALL))


@pytest.mark.parametrize(
    ("order", "tau"),
    [((0, 1, 2), 1), ((2, 1, 0), -1), ((1, 0, 2), 1 / 3), ((0, 2, 1, 3), 4 / 6), ((0,), 1)],
)
def test_kendalls_tau_counts_pairs_by_hand(order, tau):
    assert kendall_tau(order) == pytest.approx(tau)


def test_a_residual_block_taken_out_is_one_whose_branch_gives_zero(moments):
    record, whole = moments[-1].record, trained(TINY)
    for number, name in enumerate(record.blocks):
        model = copy.deepcopy(whole)
        norm = model.get_submodule(f"{name}.norm2")
        nn.init.zeros_(norm.weight)
        nn.init.zeros_(norm.bias)
        assert record.single[1, number] == pytest.approx(wrong(model), abs=1e-6)
    assert record.base[1] == pytest.approx(wrong(whole), abs=1e-6)


def test_a_plain_block_taken_out_leaves_a_network_that_never_had_it(moments):
    record = moments[-1].record
    plain = replace(TINY, shortcut="none")
    whole = trained(plain).state_dict()
    assert record.blocks[1] == "stages.0.1"
    shorter = build_model(replace(plain, depths=(1, 2)))
    shorter.load_state_dict({name: value for name, value in whole.items() if not name.startswith("stages.0.1.")})
    assert record.single[0, 1] == pytest.approx(wrong(shorter.eval()), abs=1e-6)


def test_where_a_plain_block_changes_the_shape_every_second_pixel_and_zeros_stand_in():
    model = build_model(replace(TINY, shortcut="none"))
    x = torch.arange(2 * 4 * 16, dtype=torch.float32).view(2, 4, 4, 4)
    instead = modules(model)[1 + 4 + 2]  # after the stem and four blocks: the stand-in for the third
    expected = torch.zeros(2, 8, 2, 2)
    expected[:, :4] = x[:, :, ::2, ::2]
    assert torch.equal(instead(x), expected)


@pytest.mark.parametrize("shortcut", ["A", "B"])
def test_in_version_2_a_block_taken_out_is_one_whose_last_convolution_gives_zero(shortcut):
    model = trained(replace(TINY, version="v2", shortcut=shortcut))
    images = load_data(DIGITS).test_images[:20]
    operations = draw_operations(model.config, 1, 0)
    answers = dict(run_routes(modules(model), images, operations.routes))
    for number, name in enumerate(operations.blocks):
        last = model.get_submodule(f"{name}.conv2")
        kept = last.weight.detach().clone()
        nn.init.zeros_(last.weight)
        with torch.no_grad():
            torch.testing.assert_close(answers[1 + number], model(images))
            last.weight.copy_(kept)


def test_routes_that_begin_alike_are_walked_once():
    calls = []

    class Counted(nn.Module):
        def __init__(self, number):
            super().__init__()
            self.number = number

        def forward(self, x):
            calls.append(self.number)
            return 10 * x + self.number

    routes = [(0, 1, 2), (0, 2, 1), (0, 1, 3), (0,)]
    found = dict(run_routes([Counted(number) for number in range(4)], torch.zeros(1), routes))
    assert {number: int(value) for number, value in found.items()} == {0: 12, 1: 21, 2: 13, 3: 0}
    assert sorted(calls) == [0, 1, 1, 2, 2, 3]  # six instead of ten


def test_leaving_out_each_of_n_blocks_takes_half_the_blocks():
    model = build_model(cifar(20, width=4, in_channels=1))
    calls = []
    for _, block in model.named_blocks():
        block.register_forward_hook(lambda *_: calls.append(1))
    operations = draw_operations(model.config, 1, 0)
    list(run_routes(modules(model), torch.zeros(1, 1, 8, 8), operations.routes[:10]))
    assert len(calls) == 9 + sum(range(9))  # whole, then after the i-th of nine blocks those that are left


def test_orders_swap_blocks_of_one_stage_and_shape_only():
    operations = draw_operations(cifar(20, in_channels=1), draws=8, seed=1)
    orders = operations.routes[-len(operations.tau) :]
    assert operations.reshaping == (False, False, False, True, False, False, True, False, False)
    possible = {
        (0, *(1 + block for block in (*first, 3, *second, 6, *third)), 19)
        for first, second, third in itertools.product(
            itertools.permutations((0, 1, 2)), itertools.permutations((4, 5)), itertools.permutations((7, 8))
        )
    }
    assert set(orders) <= possible
    assert len(set(orders)) == len(orders)
    assert max(operations.tau) < 1


def test_as_many_blocks_are_taken_out_as_is_said():
    operations = draw_operations(cifar(110, in_channels=1), draws=2, seed=0)
    assert (operations.counts[0], operations.counts[-1], len(operations.counts)) == (1, 54, 12)
    routes = iter(operations.routes[55:])
    for count in operations.counts:
        for _ in range(2):
            assert sum(55 <= module <= 108 for module in next(routes)) == count


def test_all_blocks_taken_out_is_one_way_however_often_it_is_drawn(moments):
    record = moments[-1].record
    assert record.counts.tolist() == [1, 2, 3, 4]
    assert len(set(record.many[1, -1].tolist())) == 1
    for drawn in record.many[1, 0]:
        assert drawn in record.single[1]


def test_after_the_first_chunk_there_is_a_number_everywhere(moments):
    seen = list(dict.fromkeys(moment.record.images for moment in moments))
    assert seen == [(0, 0), (128, 0), (200, 0), (200, 128), (200, 200)]
    first = next(moment.record for moment in moments if moment.record.images == (128, 0))
    assert np.isfinite(first.single[0]).all()
    assert np.isfinite(first.order[0]).all()
    assert np.isnan(first.single[1]).all()
    assert moments[-1].done == 1
    assert moments[-1].record.guess == pytest.approx(0.9)


def test_networks_that_cannot_be_compared_are_refused():
    with pytest.raises(ConfigError):
        LesionsQuestion(networks=(cifar(8), cifar(14)))
    with pytest.raises(ConfigError):
        LesionsQuestion(draws=0)
