"""Shortcuts with something on them: each sum by hand, and a race whose numbers plain PyTorch gives again."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.batches import Batches
from resnet_core.catalogue import experiment
from resnet_core.experiments.odd_shortcuts import gates, odd_model, shortcut_factor
from resnet_core.questions.shortcuts import ShortcutKindsQuestion, ShortcutOptionsQuestion

NET = cifar(8, width=4, in_channels=1)
DIGITS = DataConfig(name="digits", size=8)
KINDS = ShortcutKindsQuestion().kinds
SHORT = TrainConfig(steps=4, batch=8, inspect_every=0, precision="fp32")


def branch(block, x):
    """F(x) of a basic block, written out."""
    y = F.relu(block.norm1(block.conv1(x)))
    return block.norm2(block.conv2(y))


def sums(kind, block, x, h, f):
    """What the paper's figure 2 adds up, with g worked out as a matrix product at every pixel."""
    if hasattr(block, "gate"):
        weight, bias = block.gate[0].weight[:, :, 0, 0], block.gate[0].bias
        g = 1 / (1 + torch.exp(-(torch.einsum("oc,nchw->nohw", weight, h) + bias[:, None, None])))
    return {
        "half": lambda: 0.5 * h + f,
        "half-both": lambda: 0.5 * h + 0.5 * f,
        "exclusive": lambda: (1 - g) * h + g * f,
        "gated": lambda: (1 - g) * h + f,
        "dropout": lambda: 0.5 * h + f,  # after training: its mean
    }[kind]()


@pytest.mark.parametrize("kind", ["half", "half-both", "exclusive", "gated", "dropout"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_block_adds_what_figure_2_of_the_paper_says(kind, place):
    model = odd_model(NET, kind, gate_bias=-1).eval()
    block = model.stages[place][0]
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    h = x if place == 0 else F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, 4))
    with torch.no_grad():
        expected = F.relu(sums(kind, block, x, h, branch(block, x)))
        assert torch.allclose(block(x), expected, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_begins_with_the_weights_of_the_ordinary_network(kind):
    usual = dict(build_model(NET, seed=3).named_parameters())
    odd = dict(odd_model(NET, kind, seed=3).named_parameters())
    assert set(usual) <= set(odd)
    assert all(torch.equal(odd[name], weight) for name, weight in usual.items())


def test_dropout_leaves_half_of_x_while_training_and_can_be_repeated():
    first, second = odd_model(NET, "dropout", seed=1), odd_model(NET, "dropout", seed=1)
    x = torch.ones(64, 4, 8, 8)
    kept = first.stages[0][0].dropout(x)
    assert set(kept.unique().tolist()) == {0.0, 1.0}
    assert float(kept.mean()) == pytest.approx(0.5, abs=4 * 0.5 / x.numel() ** 0.5)
    assert torch.equal(kept, second.stages[0][0].dropout(x))
    assert not torch.equal(kept, odd_model(NET, "dropout", seed=2).stages[0][0].dropout(x))


def test_gates_add_a_square_of_weights_and_a_bias_per_block():
    added = [count(odd_model(NET, kind)) - count(odd_model(NET, "identity")) for kind in ("gated", "exclusive")]
    assert added == [sum(width * width + width for width in (4, 8, 16))] * 2
    shut = gates(odd_model(NET, "gated", gate_bias=-6)).values()
    assert all(float(gate[0].bias.detach().mean()) == -6 for gate in shut)


def count(model):
    return sum(weight.numel() for weight in model.parameters())


def test_what_is_carried_is_a_product_over_the_blocks():
    images = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert shortcut_factor(odd_model(NET, "identity"), "identity", images) == 1
    assert shortcut_factor(odd_model(NET, "half"), "half", images) == 0.125
    model = odd_model(NET, "gated", gate_bias=-2)
    for gate in gates(model).values():
        torch.nn.init.zeros_(gate[0].weight)  # then g is the sigmoid of the bias for every picture
    assert shortcut_factor(model, "gated", images) == pytest.approx((1 - 1 / (1 + np.exp(2))) ** 3, rel=1e-6)
    assert np.isnan(shortcut_factor(odd_model(NET, "conv"), "conv", images))
    assert all(module.training for module in model.modules())
    assert not any(module._forward_hooks for module in model.modules())


def by_hand(model, seed, steps):
    """The losses of a few steps of SGD with momentum, without our training loop."""
    data = load_data(DIGITS)
    batches = Batches(data, replace(SHORT, seed=seed), torch.device("cpu"))
    sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    losses = []
    for step in range(1, steps + 1):
        images, labels = batches.at(step)
        loss = F.cross_entropy(model.train()(images), labels)
        losses.append(loss.item())
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return losses


def test_a_race_of_kinds_is_what_a_plain_loop_gives():
    question = ShortcutKindsQuestion(
        kinds=("identity", "exclusive"), network=NET, data=DIGITS, training=SHORT, seeds=2, gate_bias=-3
    )
    moments = list(experiment("shortcut-kinds").ask(question))
    record = moments[-1].record
    assert [moment.done for moment in moments] == sorted(moment.done for moment in moments)
    assert moments[-1].done == 1
    assert not moments[0].record.race.done
    for row, kind in enumerate(question.kinds):
        for place in (0, 1):
            expected = by_hand(odd_model(NET, kind, gate_bias=-3, seed=place), place, 4)
            assert record.race.losses[row, place] == pytest.approx(expected, rel=2e-3)
    assert record.race.done
    assert record.carried[0].tolist() == [[1, 1], [1, 1]]
    assert ((record.carried[1] > 0.5) & (record.carried[1] < 1)).all()


def test_a_race_of_options_is_what_a_plain_loop_gives():
    question = ShortcutOptionsQuestion(network=NET, data=DIGITS, training=SHORT, seeds=1)
    race = experiment("shortcut-options").answer(question)
    assert race.names == ("none", "A", "B", "C")
    assert race.parameters[0] == race.parameters[1] < race.parameters[2] < race.parameters[3]
    for row, option in enumerate(race.names):
        expected = by_hand(build_model(replace(NET, shortcut=option)), 0, 4)
        assert race.losses[row, 0] == pytest.approx(expected, rel=2e-3)
    data = load_data(DIGITS)
    assert race.test_images == len(data.test_labels)
    assert all(0 <= error <= 1 and error * race.test_images == pytest.approx(round(error * race.test_images))
               for error in race.test_error[:, 0])  # fmt: skip


def test_a_loss_that_is_not_finite_is_told_and_the_other_networks_go_on():
    training = TrainConfig(steps=6, batch=8, learning_rate=100.0)
    network = cifar(20, width=4, in_channels=1, norm="none", init="he")
    question = ShortcutOptionsQuestion(network=network, data=DIGITS, training=training, seeds=1)
    race = experiment("shortcut-options").answer(question)
    assert race.diverged.any()
    assert np.isnan(race.test_error[race.diverged]).all()
    assert np.isfinite(race.losses[:, :, 0]).all()
    assert race.done


def test_other_blocks_than_the_papers_are_refused():
    with pytest.raises(ConfigError, match="basic blocks of version v1"):
        ShortcutKindsQuestion(network=cifar(8, version="v2"))
    with pytest.raises(ConfigError, match="each kind once"):
        ShortcutKindsQuestion(kinds=("identity", "identity"))
