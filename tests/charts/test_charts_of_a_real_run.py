"""The figures of a finished run, drawn from records of networks that really trained."""

import math

import numpy as np
import pytest
import torch

from resnet_core import DataConfig, RunSpec, TrainConfig, cifar, load_data
from resnet_core.training import train_together
from ui.charts import accuracy_curves, curves_alt, gradient_heatmap, heatmap_alt, loss_curves

STEPS = 20
LAYERS = 7  # of ResNet-8: the stem and two in each of three blocks


def trained(norm="batch", **recipe):
    networks = tuple(cifar(8, width=4, in_channels=1, plain=plain, norm=norm) for plain in (True, False))
    training = TrainConfig(steps=STEPS, batch=16, inspect_every=5, **recipe)
    spec = RunSpec(networks=networks, data=DataConfig(size=8), training=training)
    run = train_together(spec, load_data(spec.data), torch.device("cpu"))
    return spec, run.header, tuple(run.records())


@pytest.fixture(scope="module")
def run():
    return trained()


@pytest.fixture(scope="module")
def diverged():
    return trained("none", learning_rate=50.0)


def drawn(figure, meta):
    return [trace for trace in figure.data if trace.meta == meta]


def test_the_thin_lines_are_the_losses_of_the_records(run):
    spec, _, records = run
    lines = drawn(loss_curves(spec.networks, records, STEPS), "each batch")
    assert len(lines) == 2
    for index, line in enumerate(lines):
        own = [found.record for found in records if found.network == index]
        assert list(line.x) == [record.step for record in own] == list(range(1, STEPS + 1))
        assert list(line.y) == [record.loss for record in own]


def test_the_rings_are_the_looks_at_the_test_pictures(run):
    spec, _, records = run
    figure = accuracy_curves(spec.networks, records, STEPS)
    for index, rings in enumerate(drawn(figure, "tests")):
        looks = [found.record for found in records if found.network == index and found.record.inspection]
        assert list(rings.x) == [look.step for look in looks] == [5, 10, 15, 20]
        assert list(rings.y) == [look.inspection.test_accuracy for look in looks]


def test_the_words_end_where_the_curves_end(run):
    spec, _, records = run
    text = curves_alt(spec.networks, records)
    last = [found.record.loss for found in records if found.network == 1][-1]  # of 20 steps a mean is one step
    assert f"residual-8 + BN: loss {last:.3g}" in text
    assert f"after {STEPS} steps" in text


@pytest.mark.parametrize("index", [0, 1])
def test_the_heat_map_holds_the_norm_of_every_layer_at_every_step(run, index):
    _, header, records = run
    (heat,) = gradient_heatmap(header.networks[index], records, index, STEPS).data
    norms = np.array([found.record.gradients for found in records if found.network == index]).T
    assert norms.shape == heat.z.shape == (LAYERS, STEPS)
    present = norms > 0
    assert heat.z[present] == pytest.approx(np.log10(norms[present].astype(float)))
    assert f"{LAYERS} layers over {STEPS} steps" in heatmap_alt(header.networks[index], records, index, "a")


def test_a_run_that_really_diverged_is_drawn_to_its_end_and_said_so(diverged):
    spec, header, records = diverged
    last = [found.record for found in records if found.network == 0][-1]
    assert not math.isfinite(last.loss)
    assert 1 < last.step < STEPS
    words = f"diverged at step {last.step}"
    cross = drawn(loss_curves(spec.networks, records, STEPS), words)[0]
    assert (cross.name, list(cross.x)) == ("plain-8, no BN", [last.step])
    assert words in curves_alt(spec.networks, records)
    (heat,) = gradient_heatmap(header.networks[0], records, 0, STEPS).data
    assert heat.z.shape == (LAYERS, last.step)
    assert np.isfinite(heat.z).all()
