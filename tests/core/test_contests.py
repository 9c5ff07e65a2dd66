"""Contests: errors are counted again by hand, the batches are the same for all, and what diverges is said to."""

import numpy as np
import pytest
import torch

from resnet_core import DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.batches import Batches
from resnet_core.evaluation import share_of_wrong_answers
from resnet_core.experiments.contests import WINDOWS, Entrant, contest
from resnet_core.inspection import test_subset as subset_that_is_tested

DATA = DataConfig(size=8)
SMALL = cifar(8, width=4, in_channels=1)
PLAIN = cifar(8, width=4, in_channels=1, plain=True)


def moments(*configs, seeds=1, **recipe):
    entrants = [Entrant(str(number), config) for number, config in enumerate(configs)]
    return list(contest(entrants, DATA, TrainConfig(**{"steps": WINDOWS, "batch": 16, **recipe}), seeds))


def by_hand(config, steps, **recipe):
    """Share of wrong answers in each batch, by a bare loop with torch.optim."""
    data, model = load_data(DATA), build_model(config, 0).train()
    batches = Batches(data, TrainConfig(batch=16, **recipe), torch.device("cpu"))
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    wrong = []
    for step in range(1, steps + 1):
        images, labels = batches.at(step)
        scores = model(images)
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(scores, labels).backward()
        optimiser.step()
        wrong.append(float((scores.argmax(1) != labels).double().mean()))
    model.eval()
    chosen = subset_that_is_tested(data)
    with torch.no_grad():
        test = (model(data.test_images[chosen]).argmax(1) != data.test_labels[chosen]).double().mean()
    return wrong, float(test)


def test_both_errors_are_those_of_a_bare_loop():
    record = moments(SMALL, PLAIN, steps=12)[-1].record
    assert record.steps.tolist() == [2, 4, 6, 8, 10, 12]
    for place, config in enumerate((SMALL, PLAIN)):
        wrong, test = by_hand(config, 12)
        windows = np.reshape(wrong, (6, 2)).mean(axis=1)
        assert record.train_error[place, 0] == pytest.approx(windows, abs=1e-6)
        assert record.test_error[place, 0, -1] == pytest.approx(test, abs=0.004)  # two of 500 pictures
    assert record.test_images == 500


def test_two_equal_entrants_have_equal_errors_and_another_seed_has_others():
    record = moments(SMALL, SMALL, seeds=2)[-1].record
    assert record.train_error[0].tolist() == record.train_error[1].tolist()
    assert record.test_error[0].tolist() == record.test_error[1].tolist()
    assert record.train_error[0, 0].tolist() != record.train_error[0, 1].tolist()
    assert record.seeds == (0, 1)
    assert record.whole


def test_progress_grows_and_every_moment_after_a_window_can_be_drawn():
    seen = moments(SMALL, PLAIN)
    shares = [moment.done for moment in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(seen) >= 2 * WINDOWS
    known = [int(np.isfinite(moment.record.test_error).sum()) for moment in seen]
    assert known == sorted(known)  # nothing that was seen goes away
    assert known[0] == 0
    assert known[-1] == 2 * WINDOWS
    assert not seen[0].record.whole


def test_a_network_that_diverges_is_marked_and_the_other_goes_on():
    exploding = cifar(20, width=4, in_channels=1, norm="none", init="he")
    record = moments(exploding, SMALL, steps=12, learning_rate=10.0)[-1].record
    assert record.diverged.tolist() == [[True], [False]]
    assert np.isnan(record.train_error[0, 0, -1])
    assert np.isfinite(record.train_error[1]).all()
    assert record.whole


def test_testing_leaves_the_model_in_training_mode_and_its_weights_alone():
    model = build_model(SMALL, 0).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    share = share_of_wrong_answers(model, load_data(DATA))
    assert 0 <= share <= 1
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
