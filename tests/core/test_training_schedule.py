"""Learning rates and batch order, against torch's own schedulers and against the definition of an epoch."""

from dataclasses import replace

import pytest
import torch
from torch.optim import lr_scheduler

from resnet_core import DataConfig, TrainConfig
from resnet_core.batches import Batches
from resnet_core.data import load_data
from resnet_core.schedule import learning_rate

STEPS = 40
BASE = TrainConfig(steps=STEPS, learning_rate=0.4)


def rates_of(config):
    return [learning_rate(step, config) for step in range(1, config.steps + 1)]


def rates_of_torch(make):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.4)
    schedule, rates = make(optimiser), []
    for _ in range(STEPS):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return rates


def test_step_and_cosine_are_those_of_torch():
    steps = replace(BASE, schedule="step", milestones=(10, 25))
    assert rates_of(steps) == pytest.approx(rates_of_torch(lambda o: lr_scheduler.MultiStepLR(o, [10, 25], gamma=0.1)))
    cosine = replace(BASE, schedule="cosine")
    assert rates_of(cosine) == pytest.approx(rates_of_torch(lambda o: lr_scheduler.CosineAnnealingLR(o, STEPS)))


def test_the_warm_up_rises_in_a_straight_line_and_meets_the_schedule():
    for schedule in ("constant", "cosine"):
        rates = rates_of(replace(BASE, schedule=schedule, warm_up=4))
        assert rates[:5] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.4])
    assert rates_of(BASE) == [0.4] * STEPS


@pytest.fixture(scope="module")
def digits():
    return load_data(DataConfig(name="digits", size=8))


def test_an_epoch_shows_every_image_once_in_an_order_of_its_own(digits):
    count = len(digits.train_labels)
    batches = Batches(digits, TrainConfig(batch=32), torch.device("cpu"))
    shown = torch.cat([batches.indices(step) for step in range(1, 2 * count // 32 + 2)])
    first, second = shown[:count], shown[count : 2 * count]
    assert first.sort().values.equal(torch.arange(count))
    assert second.sort().values.equal(torch.arange(count))
    assert not first.equal(second)


def test_any_step_can_be_asked_for_at_any_time(digits):
    recipe = TrainConfig(batch=100, augment=True)
    once, again = (Batches(digits, recipe, torch.device("cpu")) for _ in range(2))
    forwards = [once.at(step) for step in range(1, 40)]
    for step in (39, 3, 17):
        images, labels = again.at(step)
        assert images.equal(forwards[step - 1][0])
        assert labels.equal(forwards[step - 1][1])


def test_the_order_depends_on_the_seed_and_on_nothing_else(digits):
    def indices(**settings):
        return Batches(digits, replace(BASE, **settings), torch.device("cpu")).indices(1)

    assert indices().equal(indices(augment=True, learning_rate=0.1, optimiser="adam"))
    assert not indices().equal(indices(seed=1))


def test_a_batch_larger_than_the_data_shows_images_again(digits):
    few = replace(digits, train_images=digits.train_images[:10], train_labels=digits.train_labels[:10])
    shown = Batches(few, TrainConfig(batch=25), torch.device("cpu")).indices(1)
    assert shown[:10].sort().values.equal(shown[10:20].sort().values)
    assert shown.bincount().sort().values.tolist() == [2] * 5 + [3] * 5
