"""Single paths against the whole gradient, and against pencil and paper."""

from itertools import chain, combinations
from math import comb

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.catalogue import answer
from resnet_core.probes.detours import detours
from resnet_core.questions.gradients import GradientPathsQuestion
from resnet_core.records.gradient_parts import GradientPathsReport

DIGITS = DataConfig(name="digits", size=8)


def network(**settings):
    return cifar(8, width=4, in_channels=1, **settings)


def question(**settings):
    usual = {"network": network(), "data": DIGITS, "steps": 0, "images": 8, "paths": 3}
    return GradientPathsQuestion(**(usual | settings))


@pytest.mark.parametrize("settings", [{}, {"version": "v2"}, {"shortcut": "C"}])
def test_the_gradients_of_all_paths_add_up_to_the_gradient(settings):
    data = load_data(DIGITS)
    model = build_model(network(**settings), 0).double().train()
    images = data.train_images[:8].double().requires_grad_()
    with detours(model) as chosen:
        loss = F.cross_entropy(model(images), data.train_labels[:8])

        def gradient(through):
            chosen.through = through
            return torch.autograd.grad(loss, images, retain_graph=True)[0]

        whole = gradient(None)
        every = chain.from_iterable(combinations(chosen.blocks, length) for length in range(4))
        together = sum(gradient(set(path)) for path in every)
    assert torch.allclose(whole, together, rtol=1e-9, atol=1e-15)
    assert whole.norm() > 0


def test_the_path_around_every_block_is_that_of_the_shortcuts_alone():
    """In v2 with one stage of identity shortcuts, what leaves is what arrives."""
    config = cifar(8, width=4, in_channels=1, version="v2", depths=(3,), widths=(4,))
    record = answer("gradient-paths", question(network=config))
    model, data = build_model(config, 0).train(), load_data(DIGITS)
    kept = []
    model.get_submodule("stages.0").register_forward_hook(lambda module, inputs, output: kept.append(output))
    loss = F.cross_entropy(model(data.train_images[:8]), data.train_labels[:8])
    assert record.norms[0, 0] == pytest.approx(float(torch.autograd.grad(loss, kept[0])[0].norm()), rel=1e-5)


def test_every_length_is_measured_on_as_many_paths_as_there_are_or_as_were_asked_for():
    record = answer("gradient-paths", question(paths=2))
    assert record.counts == (1, 3, 3, 1)
    assert np.isfinite(record.norms).sum(axis=1).tolist() == [1, 2, 2, 1]
    assert record.total > 0


def test_shares_worked_by_hand():
    norms = np.array([[4.0, np.nan], [1.0, 3.0], [0.5, 0.5]])
    record = GradientPathsReport(norms, (1, 2, 1), 5.0, 0, 2.3)
    assert record.means == pytest.approx([4, 2, 0.5])
    assert record.contributions == pytest.approx(np.array([4, 4, 0.5]) / 8.5)
    assert record.path_shares == pytest.approx([0.25, 0.5, 0.25])


def test_most_paths_are_of_middle_length_as_veit_et_al_count_them():
    """n = 54: paths through 5 to 17 branches are 0.45 % of all, those through 19 to 35 more than 95 %."""
    counts = tuple(comb(54, length) for length in range(55))
    shares = GradientPathsReport(np.full((55, 1), np.nan), counts, 0.0, 0, 0.0).path_shares
    assert shares[5:18].sum() == pytest.approx(0.0045, abs=5e-5)
    assert shares[19:36].sum() > 0.95


def test_after_training_it_is_another_gradient_and_progress_reaches_one():
    before = answer("gradient-paths", question())
    after = answer("gradient-paths", question(steps=3, training=TrainConfig(batch=16)))
    assert after.total != pytest.approx(before.total, rel=1e-3)
    assert after.steps == 3


def test_a_network_with_a_block_that_cannot_be_gone_around_is_refused():
    with pytest.raises(ConfigError, match="without a shortcut"):
        question(network=network(plain=True))
    with pytest.raises(ConfigError, match="without a shortcut"):
        question(network=network(cut=((0, 0),)))
