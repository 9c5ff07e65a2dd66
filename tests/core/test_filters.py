"""Crops and kernels: what is cut out is what the unit saw, by a second look at the same picture."""

import numpy as np
import pytest
import torch

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model, cifar, load_data
from resnet_core.catalogue import experiment
from resnet_core.experiments.filters import filter_report
from resnet_core.questions.pictures import FiltersQuestion

DIGITS = DataConfig(name="digits", size=16)
SMALL = FiltersQuestion(
    network=cifar(8, width=4, in_channels=1),
    data=DIGITS,
    training=TrainConfig(steps=5, batch=16, precision="fp32", inspect_every=0),
    images=60,
    units=3,
    crops=4,
)


@pytest.fixture(scope="module")
def moments():
    return list(experiment("filters").ask(SMALL))


@pytest.fixture(scope="module")
def fresh():
    model = build_model(SMALL.network, 0).eval()
    return model, filter_report(model, load_data(DIGITS), 60, 3, 4)


def test_the_kernels_are_the_networks_own(fresh):
    model, report = fresh
    for layer in report.layers:
        weight = model.get_parameter(f"{layer.convolution}.weight").detach().numpy()
        np.testing.assert_array_equal(layer.kernels, weight[:16, :16])


def test_the_strongest_crops_are_those_that_a_plain_loop_finds(fresh):
    """Picture by picture, without the probes: the same values in the same order."""
    model, report = fresh
    data = load_data(DIGITS)
    with torch.no_grad():
        maps = model.stages[0](model.stem(data.test_images[:60]))
    for unit in range(3):
        tops = sorted((float(maps[picture, unit].max()) for picture in range(60)), reverse=True)[:4]
        assert report.layers[1].values[unit] == pytest.approx(tops, rel=1e-4)


def test_a_stem_unit_answers_to_its_crop_alone_as_it_did_to_the_picture(fresh):
    """A crop of what a unit can see, put through kernel and ReLU by hand, gives the activation that is recorded."""
    model, report = fresh
    data, layer = load_data(DIGITS), report.layers[0]
    assert layer.crops.shape == (3, 4, 3, 3, 1)
    kernel = model.get_parameter("stem.conv.weight").detach().numpy()
    for unit, crop in np.ndindex(3, 4):
        row, column = layer.corners[unit, crop]
        inside = (np.arange(row, row + 3) % 100 < 16)[:, None] & (np.arange(column, column + 3) % 100 < 16)[None, :]
        pixels = (layer.crops[unit, crop, :, :, 0] / 255 - data.mean[0]) / data.std[0] * inside
        answer = max(0.0, float((pixels * kernel[unit, 0]).sum())) / np.sqrt(1 + 1e-5)  # BatchNorm's epsilon
        assert answer == pytest.approx(float(layer.values[unit, crop]), abs=0.02)  # pixels were rounded to 1/255


def test_a_deeper_unit_sees_no_pixel_outside_its_crop(fresh):
    """Pixels outside the crop are replaced by noise, and the unit's answer stays what it was."""
    model, report = fresh
    data, layer = load_data(DIGITS), report.layers[2]
    with torch.no_grad():
        maps = model.stages[1](model.stages[0](model.stem(data.test_images[:60])))
    strongest, places = maps[:, 0].flatten(1).max(1)
    picture = int(strongest.argmax())
    row, column = (int(place) for place in layer.corners[0, 0])
    noisy = torch.randn(1, 1, 16, 16, generator=torch.Generator().manual_seed(1))
    rows, columns = slice(max(row, 0), max(row + 13, 0)), slice(max(column, 0), max(column + 13, 0))
    noisy[:, :, rows, columns] = data.test_images[picture : picture + 1, :, rows, columns]
    with torch.no_grad():
        again = model.stages[1](model.stages[0](model.stem(noisy)))[0, 0].flatten()[places[picture]]
    assert float(again) == pytest.approx(float(layer.values[0, 0]), rel=1e-4)


def test_what_lies_beyond_the_picture_is_zero_and_the_corner_says_where_it_begins(fresh):
    data, layer = load_data(DIGITS), fresh[1].layers[2]
    seen = False
    for unit, crop in np.ndindex(3, 4):
        row = layer.corners[unit, crop, 0]
        outside = [place for place in range(13) if not 0 <= row + place < data.size]
        assert not layer.crops[unit, crop, outside].any()
        seen |= bool(outside)
        assert -6 <= row <= data.size - 1 - 6  # a unit's own place is in the picture
    assert seen


def test_purity_by_lot_is_what_counting_all_groups_of_two_gives():
    """Two pictures of the same class make a purity of 1, others of a half: 1/2 + P(same) / 2."""
    labels = np.repeat([0, 1], [30, 10])
    same = (30 * 29 + 10 * 9) / (40 * 39)
    from resnet_core.experiments.filters import _chance

    assert _chance(labels, 2) == pytest.approx(0.5 + same / 2, abs=0.02)


def test_purity_counts_the_commonest_class_and_leaves_out_units_that_are_silent():
    from resnet_core.experiments.filters import _purity

    classes = np.array([[1, 1, 1, 2], [3, 4, 5, 6], [0, 0, 0, 0]])
    values = np.array([[4, 3, 2, 1], [1, 1, 1, 1], [0, 0, 0, 0]], np.float32)
    assert _purity(classes, values) == pytest.approx((3 / 4 + 1 / 4) / 2)
    assert np.isnan(_purity(classes[2:], values[2:]))


def test_the_experiment_shows_the_search_before_training_first(moments):
    shown = [moment.record for moment in moments if moment.record is not None]
    first, last = shown[0], shown[-1]
    assert (first.steps, last.steps) == (0, 5)
    assert np.isnan([layer.purity_before for layer in first.layers]).all()
    assert [layer.purity_before for layer in last.layers] == [layer.purity for layer in first.layers]
    assert not np.array_equal(first.layers[0].kernels, last.layers[0].kernels)
    assert [layer.field for layer in last.layers] == [3, 7, 13, 25]
    done = [moment.done for moment in moments]
    assert done == sorted(done)
    assert done[-1] == 1


def test_a_network_that_cannot_read_the_pictures_is_refused():
    with pytest.raises(ConfigError):
        experiment("filters").answer(FiltersQuestion(network=cifar(8)))
    with pytest.raises(ConfigError):
        FiltersQuestion(units=0)
