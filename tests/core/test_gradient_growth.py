"""Growth per layer against the paper's theorem, against its exact number without ReLU, and against pencil and paper."""

import math

import numpy as np
import pytest

from resnet_core import ConfigError
from resnet_core.catalogue import answer
from resnet_core.experiments.gradient_growth import growth_per_layer
from resnet_core.questions.gradients import GradientGrowthQuestion


def test_a_square_that_halves_from_layer_to_layer_has_doubled_on_the_way_back():
    assert growth_per_layer(np.array([32.0, 16, 8, 4, 2, 1])) == pytest.approx(2)
    assert math.isnan(growth_per_layer(np.array([1.0, np.inf, 1, 1])))


def test_batchnorm_and_relu_grow_as_yang_et_al_say_and_more_with_small_batches():
    """Theorem 8: pi / (pi - 1) in the limit. Measured elsewhere at width 500: 1.59, 1.486, 1.455 for these batches."""
    record = answer("gradient-growth", GradientGrowthQuestion(width=250, depth=24, batches=(16, 128), seeds=1))
    small, large, without, skipped = record.growth.mean(axis=1)
    assert record.limit == pytest.approx(1.467, abs=5e-4)
    assert record.limit * 0.96 < large < record.limit * 1.05
    assert 1.53 < small < 1.65
    assert without == pytest.approx(1, abs=0.05)
    assert 1 < skipped < 1.25  # a shortcut around each layer leaves a fraction of the growth
    assert record.predicted[:3] == pytest.approx([record.limit, record.limit, 1])
    assert math.isnan(record.predicted[3])


def test_without_relu_the_growth_is_that_of_the_batch_size():
    question = GradientGrowthQuestion(width=250, depth=24, batches=(6, 16), activation="linear", seeds=1)
    record = answer("gradient-growth", question)
    assert record.predicted[:2] == pytest.approx([4 / 3, 14 / 13])  # (B - 2) / (B - 3)
    assert record.growth[:2].mean(axis=1) == pytest.approx(record.predicted[:2], rel=0.04)


def test_an_activation_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError, match="'relu', 'linear'"):
        GradientGrowthQuestion(activation="tanh")
