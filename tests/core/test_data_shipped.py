import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest

from resnet_core.datasets.digits import load_digits
from resnet_core.datasets.fashion import load_fashion
from resnet_core.datasets.pictures import SHIPPED, average, pad, split
from resnet_core.errors import ConfigError

ORIGINALS = Path("/usr/share/datasets/fashion-mnist")


@pytest.mark.parametrize("name", ["fashion.npz", "digits.npz"])
def test_the_readme_has_the_sum_of_every_file(name):
    digest = hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest()
    assert f"| `{name}` | `{digest}` |" in (SHIPPED / "README.md").read_text()


def test_fashion_has_as_many_pictures_of_each_class():
    fashion = load_fashion(28)
    assert np.bincount(fashion.train_labels).tolist() == [1000] * 10
    assert np.bincount(fashion.test_labels).tolist() == [200] * 10
    assert fashion.train_images.shape == (10_000, 28, 28, 1)
    assert fashion.test_images.shape == (2_000, 28, 28, 1)


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="needs Debian's package dataset-fashion-mnist")
@pytest.mark.parametrize(("part", "prefix"), [("train", "train"), ("test", "t10k")])
def test_every_shipped_picture_is_in_the_original_where_its_index_says(part, prefix):
    pixels = gzip.decompress((ORIGINALS / f"{prefix}-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((ORIGINALS / f"{prefix}-labels-idx1-ubyte.gz").read_bytes())[8:]
    with np.load(SHIPPED / "fashion.npz") as shipped:
        index = shipped[f"{part}_index"]
        assert len(np.unique(index)) == len(index)
        original = np.frombuffer(pixels, np.uint8).reshape(-1, 28, 28)
        assert np.array_equal(shipped[f"{part}_images"], original[index])
        assert np.array_equal(shipped[f"{part}_labels"], np.frombuffer(labels, np.uint8)[index])


def test_averages_by_pencil():
    picture = np.array([[1, 3, 10, 20], [5, 7, 30, 40], [0, 0, 0, 255], [0, 2, 0, 0]], dtype=np.uint8)[None, ..., None]
    assert average(picture, 2)[0, ..., 0].tolist() == [[4, 25], [0.5, 63.75]]
    assert average(picture, 4).item() == pytest.approx(373 / 16)


def test_padding_puts_the_picture_in_the_middle():
    framed = pad(np.ones((1, 28, 28, 1), dtype=np.uint8), 32)[0, ..., 0]
    assert framed.sum() == 28 * 28
    assert framed[2:30, 2:30].all()


def test_smaller_fashion_is_the_average_of_the_framed_original():
    framed = load_fashion(32).test_images.astype(float)
    for size, factor in ((16, 2), (8, 4)):
        small = load_fashion(size).test_images
        assert small.shape == (2000, size, size, 1)
        assert small[7, 3, 4, 0] == framed[7, 3 * factor : 4 * factor, 4 * factor : 5 * factor, 0].mean()
        assert small.mean(dtype=float) == pytest.approx(framed.mean(), rel=1e-6)


def test_digits_are_split_class_by_class():
    digits = load_digits(8)
    assert (len(digits.train_labels), len(digits.test_labels)) == (1437, 360)
    in_all = np.bincount(digits.train_labels) + np.bincount(digits.test_labels)
    assert in_all.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # UCI's page, test part
    assert np.abs(np.bincount(digits.test_labels) - in_all * 360 / 1797).max() < 1
    assert not digits.mirror_ok


def test_digits_use_all_of_the_gray_scale():
    assert load_digits(8).train_images.min() == 0
    assert load_digits(8).train_images.max() == 255  # 16 sixteenths


def test_enlarged_digits_repeat_every_pixel():
    small, large = load_digits(8), load_digits(16)
    for down in (0, 1):
        for right in (0, 1):
            assert np.array_equal(large.test_images[:, down::2, right::2], small.test_images)
    assert np.array_equal(large.test_labels, small.test_labels)


@pytest.mark.parametrize(("load", "size"), [(load_fashion, 64), (load_digits, 28), (load_digits, 32)])
def test_a_size_that_a_data_set_lacks_is_refused(load, size):
    with pytest.raises(ConfigError, match=f"size is {size}.*Choose one of these"):
        load(size)


def test_a_split_takes_its_share_of_every_class_and_repeats_itself():
    labels = np.repeat([0, 1, 2], [50, 30, 2])
    train, test = split(labels, 0.2, seed=3)
    assert np.bincount(labels[test]).tolist() == [10, 6, 1]  # a fifth of 2 is less than one
    assert sorted([*train, *test]) == list(range(82))
    assert np.array_equal(split(labels, 0.2, seed=3)[1], test)
    assert not np.array_equal(split(labels, 0.2, seed=4)[1], test)
