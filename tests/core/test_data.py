from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from resnet_core.augmentation import augment
from resnet_core.data import load_data, to_tensors
from resnet_core.datasets.fashion import load_fashion
from resnet_core.datasets.pictures import Pictures
from resnet_core.errors import ConfigError, DataError
from resnet_core.recipe import DataConfig


@pytest.mark.parametrize(("name", "size"), [("fashion", 8), ("fashion", 16), ("digits", 8)])
def test_training_images_are_normalised_and_shaped_for_a_network(name, size):
    data = load_data(DataConfig(name=name, size=size))
    assert data.train_images.shape[1:] == data.test_images.shape[1:] == (1, size, size)
    assert (data.channels, data.size) == (1, size)
    assert data.train_images.dtype == torch.float32
    assert data.train_labels.dtype == torch.int64
    assert data.train_images.double().mean().item() == pytest.approx(0, abs=1e-4)
    assert data.train_images.double().std(correction=0).item() == pytest.approx(1, abs=1e-4)


def test_normalising_by_pencil():
    images = np.array([[[[0, 10]]], [[[255, 10]]]], dtype=np.uint8)  # two pictures of one pixel with two channels
    labels = np.array([0, 1])
    data = to_tensors(Pictures(images, labels, images, labels, ("dark", "light")))
    assert data.mean == pytest.approx((0.5, 10 / 255))
    assert data.std == pytest.approx((0.5, 1.0))  # the second channel never varies, so it is left unscaled
    assert data.train_images[:, :, 0, 0].tolist() == [[-1, 0], [1, 0]]


def test_a_normalised_image_can_be_looked_at_again():
    data = load_data(DataConfig(name="fashion", size=28))
    original = load_fashion(28).test_images
    for index in (0, 999, 1999):
        assert np.array_equal(data.pixels(data.test_images[index]), original[index, ..., 0])


def test_colour_images_can_be_looked_at_again():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 6, 6, 3), dtype=np.uint8)
    data = to_tensors(Pictures(pixels, np.arange(4), pixels, np.arange(4), tuple("abcd")))
    assert np.array_equal(data.pixels(data.train_images[2]), pixels[2])


def test_the_same_config_is_loaded_once_even_by_many_threads():
    config = DataConfig(name="digits", size=16)
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(load_data, [config] * 16))
    assert all(data is loaded[0] for data in loaded)


def test_an_impossible_size_is_refused():
    with pytest.raises(ConfigError, match="Fashion-MNIST is 28 pixels wide"):
        load_data(DataConfig(name="fashion", size=64))


@pytest.mark.parametrize("name", ["cifar10", "folder"])
def test_data_from_a_path_needs_a_path_that_is_there(name):
    with pytest.raises(ConfigError, match="path is empty"):
        load_data(DataConfig(name=name, size=32))
    with pytest.raises(DataError, match="nothing at /no/such/place"):
        load_data(DataConfig(name=name, size=32, path="/no/such/place"))


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_augmenting_repeats_itself_with_the_seed_and_leaves_the_batch_alone():
    images = torch.randn(50, 3, 16, 16)
    before = images.clone()
    assert torch.equal(augment(images, seeded(1)), augment(images, seeded(1)))
    assert not torch.equal(augment(images, seeded(1)), augment(images, seeded(2)))
    assert torch.equal(images, before)


@pytest.mark.parametrize(("side", "reach"), [(8, 1), (16, 2), (32, 4)])
def test_augmenting_shifts_by_up_to_an_eighth_of_the_side(side, reach):
    images = torch.zeros(2000, 1, side, side)
    images[:, 0, side // 2, side // 2] = 1
    moved = augment(images, seeded(0), mirror=False)
    assert moved.sum(dim=(1, 2, 3)).tolist() == [1] * 2000
    where = moved[:, 0].nonzero()[:, 1:] - side // 2
    counts = torch.bincount(where[:, 0] + reach, minlength=2 * reach + 1)
    assert where.abs().max() == reach
    # each of 2 reach + 1 shifts is equally likely; five deviations of the binomial law
    share = 1 / (2 * reach + 1)
    assert (counts - 2000 * share).abs().max() < 5 * (2000 * share * (1 - share)) ** 0.5
    assert len(where.unique(dim=0)) == (2 * reach + 1) ** 2


def test_what_a_shift_uncovers_is_the_mean():
    moved = augment(torch.ones(500, 2, 8, 8), seeded(0))
    assert set(moved.unique().tolist()) == {0.0, 1.0}
    kept = moved.sum(dim=(2, 3))
    assert set(kept.flatten().tolist()) <= {64.0, 56.0, 49.0}  # 8x8, 7x8, 7x7
    assert torch.equal(kept[:, 0], kept[:, 1])  # channels move together


def test_about_half_of_a_batch_is_mirrored_unless_it_must_not_be():
    image = torch.arange(4.0).expand(1000, 1, 4, 4)  # 4 // 8 is 0: nothing is shifted
    mirrored = (augment(image, seeded(0))[:, 0, 0, 0] == 3).sum().item()
    assert 420 < mirrored < 580  # five deviations around 500
    assert torch.equal(augment(image, seeded(0), mirror=False), image)


def test_each_image_of_a_batch_keeps_its_own_content():
    images = torch.arange(1.0, 101).reshape(100, 1, 1, 1).expand(100, 3, 16, 16)
    moved = augment(images, seeded(0))
    assert torch.equal(moved.amax(dim=(1, 2, 3)), torch.arange(1.0, 101))
