"""What the browser is sent to work out a pixel: the numbers themselves, once, not too many, and every word."""

import base64
import re
from dataclasses import replace

import numpy as np
import pytest

from resnet_core.experiments.arithmetic import layer_arithmetic
from resnet_core.model import build_model
from resnet_core.records.arithmetic import Convolution, LayerArithmetic
from resnet_core.samples import edge_pattern
from tests.core.random_configs import small
from ui.charts import arithmetic as chart
from ui.charts.verdicts.arithmetic import arithmetic_verdict
from ui.components.arithmetic import HERE

MODEL = build_model(small(shortcut="B"), 2)
LAYERS = ("stem.conv", "stages.0.0.norm1", "stages.0.0.relu1", "stages.1.0.shortcut.conv", "stages.1.0.sum")


def record(layer="stages.0.0.conv1"):
    return layer_arithmetic(MODEL, edge_pattern(48), layer, 32)


def numbers(part):
    return np.frombuffer(base64.b64decode(part["values"]), "<f4").reshape(part["shape"])


@pytest.mark.parametrize("layer", LAYERS)
def test_the_numbers_arrive_as_they_are(layer):
    one = record(layer)
    data = chart.arithmetic_data(one)
    np.testing.assert_array_equal(numbers(data["output"]), one.output)
    for sent, maps in zip(data["inputs"], one.inputs, strict=True):
        np.testing.assert_array_equal(numbers(sent), maps)
    if isinstance(one.rule, Convolution):
        np.testing.assert_array_equal(numbers(data["rule"]["weight"]), one.rule.weight)
    packed = [part for part in (data["output"], *data["inputs"], *data["rule"].values()) if isinstance(part, dict)]
    picture = 4 * np.ceil(32 * 32 * 3 / 3)
    assert chart.sent_bytes(data) == picture + sum(len(part["values"]) for part in packed)


def test_the_same_layer_of_the_same_picture_has_one_name():
    first, again, other = (chart.arithmetic_data(record(layer))["id"] for layer in (LAYERS[1], LAYERS[1], LAYERS[2]))
    assert first == again != other


@pytest.mark.parametrize("layer", LAYERS)
def test_every_word_that_the_scripts_ask_for_is_sent(layer):
    asked = {word for script in HERE.glob("*.js") for word in re.findall(r"\bwords\.(\w+)", script.read_text("utf-8"))}
    assert asked <= set(chart.arithmetic_data(record(layer))["words"])
    assert len(asked) > 20


def made_up(output, weight=None):
    weight = np.ones((len(output), 2, 1, 1), np.float32) if weight is None else weight
    rule = Convolution(weight, None, stride=1, padding=0, groups=1)
    inputs = np.zeros((2, *output.shape[1:]), np.float32)
    return LayerArithmetic("conv", np.zeros((8, 8), np.uint8), 1, (inputs,), rule, output, 0.0, 0)


def test_it_begins_at_the_largest_value_of_the_liveliest_channel_inside_the_border():
    output = np.zeros((3, 6, 6), np.float32)
    output[0, 0, 0] = 100  # on the border
    output[1, 2, 4] = -3
    output[2, 3, 3] = 1
    one = made_up(output)
    assert chart.place(one) == (1, 2, 4)
    assert chart.place(one, (2, 5, 5)) == (2, 5, 5)
    assert chart.place(one, (3, 0, 0)) == (1, 2, 4)  # there is no fourth channel


def test_a_large_layer_sends_some_outputs_with_all_that_they_read(monkeypatch):
    one = made_up(np.arange(4 * 9, dtype=np.float32).reshape(4, 3, 3))
    each, inputs = 9 + 2, 2 * 9
    monkeypatch.setattr(chart, "MOST", inputs + 2 * each + 1)
    data = chart.arithmetic_data(one)
    assert (data["output"]["shape"], data["inputs"][0]["shape"], data["outputs"]) == ([2, 3, 3], [2, 3, 3], 4)
    assert data["rule"]["weight"]["shape"] == [2, 2, 1, 1]
    monkeypatch.setattr(chart, "MOST", inputs)
    assert chart.sendable(one) == 0


def test_the_verdict_says_exact_or_rounding_or_not_at_all():
    one = record()
    assert one.difference > 0
    assert "which is 32-bit rounding" in arithmetic_verdict(one)
    assert f"All {one.output.size:,} numbers" in arithmetic_verdict(one)
    assert "exactly the network's" in arithmetic_verdict(record("stages.0.0.relu1"))
    assert arithmetic_verdict(replace(one, beyond=3, difference=0.5)).startswith("3 of the ")
    assert "not finite" in arithmetic_verdict(replace(one, difference=float("nan")))
