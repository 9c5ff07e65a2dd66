"""Archives of JPEG pictures: read as they were written, and refused by name where they are damaged."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from resnet_core import ConfigError, DataConfig, DataError
from resnet_core.data import load_data
from resnet_core.datasets.jpegs import load_jpegs
from tests.core import jpeg_archive


def test_every_picture_is_what_another_reader_makes_of_its_file(tmp_path):
    loaded = load_jpegs(jpeg_archive.write(tmp_path / "all.npz"), 16)
    images, labels = jpeg_archive.pictures(24)
    expected = [np.asarray(Image.open(io.BytesIO(file))) for file in jpeg_archive.encoded(images)]
    np.testing.assert_array_equal(loaded.train_images, expected)
    np.testing.assert_array_equal(loaded.train_labels, labels)
    assert loaded.classes == jpeg_archive.CLASSES
    assert len(loaded.test_images) == 10


def test_a_smaller_size_is_the_mean_of_squares(tmp_path):
    path = jpeg_archive.write(tmp_path / "all.npz")
    whole, half = (load_jpegs(path, size).train_images.astype(float) for size in (16, 8))
    mean = whole.reshape(24, 8, 2, 8, 2, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(half, mean, atol=0.5)


def test_as_data_to_learn_from_they_are_normalised(tmp_path):
    path = jpeg_archive.write(tmp_path / "all.npz")
    data = load_data(DataConfig(name="jpegs", size=16, path=str(path)))
    assert data.train_images.shape == (24, 3, 16, 16)
    assert data.train_images.mean(dim=(0, 2, 3)).abs().max() < 1e-4
    torch.testing.assert_close(data.train_images.std(dim=(0, 2, 3)), torch.ones(3), rtol=1e-3, atol=0)


@pytest.mark.parametrize("size", [5, 32])
def test_a_size_that_does_not_divide_is_refused(tmp_path, size):
    with pytest.raises(ConfigError, match=rf"size is {size}.*16 pixels wide"):
        load_jpegs(jpeg_archive.write(tmp_path / "all.npz"), size)


@pytest.mark.parametrize(
    "changes",
    [
        {"header": None},
        {"len_train": np.array([5, 5], np.uint16)},
        {"y_test": np.zeros(3, np.uint8)},
        {"y_train": np.full(24, 7, np.uint8)},
        {"header": np.frombuffer(b"no picture", np.uint8)},
        {"len_train": np.array([], np.uint16), "body_train": np.array([], np.uint8)},
    ],
)
def test_a_damaged_archive_is_refused_by_its_name(tmp_path, changes):
    with pytest.raises(DataError, match=r"all\.npz cannot be read as an archive"):
        load_jpegs(jpeg_archive.write(tmp_path / "all.npz", **changes), 16)


@pytest.mark.parametrize("data", [None, b"", b"PK\x03\x04 cut off"])
def test_what_is_no_archive_is_refused_by_its_name(tmp_path, data):
    path = tmp_path / "notes.npz"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DataError, match=r"notes\.npz cannot be read"):
        load_jpegs(path, 16)
