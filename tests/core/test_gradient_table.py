"""The table of three switches against plain autograd and against published orders of magnitude."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.batches import Batches
from resnet_core.catalogue import answer, experiment
from resnet_core.experiments.gradient_table import steps_looked_at
from resnet_core.questions.gradients import GradientTableQuestion
from resnet_core.records.gradient_table import Switches, over

DIGITS = DataConfig(name="digits", size=8)
RECIPE = TrainConfig(batch=16)


def question(**settings):
    usual = {"depths": (8,), "trained_depth": 8, "width": 4, "data": DIGITS, "training": RECIPE, "seeds": 1, "steps": 0}
    return GradientTableQuestion(**(usual | settings))


def by_autograd(switches, depth, seed):
    data = load_data(DIGITS)
    norm, init = "batch" if switches.norm else "none", "he" if switches.he else "default"
    config = cifar(depth, width=4, in_channels=1, plain=not switches.skip, norm=norm, init=init)
    model = build_model(config, seed).train()
    images, labels = Batches(data, TrainConfig(batch=16, seed=seed), torch.device("cpu")).at(1)
    weights = [weight for weight in model.parameters() if weight.shape[2:] == (3, 3)]
    gradients = torch.autograd.grad(F.cross_entropy(model(images), labels), [weights[0], weights[-1]])
    return [float(gradient.norm()) for gradient in gradients]


def test_every_cell_is_what_autograd_gives():
    table = answer("gradient-table", question(seeds=2))
    assert len(set(table.rows)) == 8
    for row, switches in enumerate(table.rows):
        for number, seed in enumerate((0, 1)):
            expected = by_autograd(switches, 8, seed)
            assert [table.first[row, 0, number], table.last[row, 0, number]] == pytest.approx(expected, rel=2e-3)


def test_the_table_has_the_published_orders_of_magnitude():
    """First over last at depth 56 before the first step, measured elsewhere at width 16: see each line."""
    table = answer("gradient-table", question(depths=(56,), width=8))
    found = dict(zip(table.rows, table.ratios[:, 0, 0], strict=True))
    assert found[Switches(skip=False, norm=True, he=True)] > 100  # 500 to 2,200
    assert found[Switches(skip=False, norm=True, he=False)] > 100  # 490 to 1,000
    assert 0.02 < found[Switches(skip=False, norm=False, he=True)] < 50  # 0.49 to 1.8
    assert found[Switches(skip=False, norm=False, he=False)] == 0  # by underflow
    assert 0.3 < found[Switches(skip=True, norm=True, he=True)] < 50  # 2.1 to 4.4
    assert 0.03 < found[Switches(skip=True, norm=False, he=False)] < 10  # 0.18 to 0.92


def test_training_begins_where_the_table_is_and_looks_at_powers_of_two():
    table = answer("gradient-table", question(steps=5))
    assert table.steps == (0, 1, 2, 4, 5)
    assert table.trained_first[:, 0] == pytest.approx(table.first[:, 0, 0], rel=1e-6)
    assert np.isfinite(table.trained_ratios).all()
    assert (table.trained_losses[:, -1] != table.trained_losses[:, 0]).all()


def test_a_run_that_diverges_has_nothing_more_to_show_and_says_so():
    wild = TrainConfig(batch=16, learning_rate=100.0)
    table = answer("gradient-table", question(steps=8, training=wild))
    row = table.rows.index(Switches(skip=True, norm=False, he=True))
    assert np.isfinite(table.trained_first[row, 0])
    assert np.isnan(table.trained_first[row, -1])
    assert np.isinf(table.trained_losses[row, -1])


def test_what_is_not_measured_yet_is_nan_and_an_earlier_record_stays_as_it_was():
    moments = list(experiment("gradient-table").ask(question(steps=1)))
    assert np.isfinite(moments[0].record.first).sum() == 1
    assert np.isnan(moments[0].record.trained_first).all()
    assert moments[-1].done == 1
    assert all(one.done <= other.done for one, other in pairwise(moments))


def test_steps_are_powers_of_two_and_the_last():
    assert steps_looked_at(0) == ()
    assert steps_looked_at(1) == (0, 1)
    assert steps_looked_at(32) == (0, 1, 2, 4, 8, 16, 32)


def test_nothing_over_nothing_is_nothing_and_not_undefined():
    assert over(np.array([0.0, 2.0]), np.array([0.0, 4.0])).tolist() == [0.0, 0.5]


def test_a_depth_that_cannot_be_built_is_refused():
    with pytest.raises(ConfigError, match="6n"):
        question(depths=(21,))
