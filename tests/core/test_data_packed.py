"""A folder as one file of plain pixels: what is in it, and what is refused."""

import io
import os
import pickle

import numpy as np
import pytest

from resnet_core.data import load_data
from resnet_core.datasets.packed import load_packed, pack_folder
from resnet_core.errors import ConfigError, DataError
from resnet_core.recipe import DataConfig
from tests.core.picture_folders import red_and_blue, zipped


def packed(**changes) -> bytes:
    with np.load(io.BytesIO(pack_folder(zipped(red_and_blue(3)), 8)[0])) as file:
        arrays = {name: file[name] for name in file} | changes
    buffer = io.BytesIO()
    np.savez(buffer, **{name: array for name, array in arrays.items() if array is not None})
    return buffer.getvalue()


def test_a_packed_file_holds_no_pickle_and_keeps_what_was_skipped(tmp_path):
    content, pictures = pack_folder(zipped(red_and_blue(3) | {"red/notes.txt": b"hello"}), 8)
    (tmp_path / "p.npz").write_bytes(content)
    again = load_packed(tmp_path / "p.npz", 8)
    assert again.skipped == pictures.skipped
    assert again.classes == pictures.classes
    assert np.array_equal(again.train_images, pictures.train_images)


class RunsACommand:
    def __reduce__(self):
        return os.system, ("touch trace",)


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": np.array([RunsACommand()], dtype=object)},
        {"train_images": None},
        {"train_images": np.zeros((4, 8, 9, 3), dtype=np.uint8)},
        {"train_images": np.zeros((4, 8, 8, 3), dtype=np.float32)},
        {"train_labels": np.array([0, 1, 2, 0])},
        {"train_labels": np.array([-1, 1, 0, 0])},
        {"test_labels": np.array([0])},
        {"test_images": np.zeros((2, 8, 8, 1), dtype=np.uint8)},
    ],
)
def test_a_packed_file_that_was_tampered_with_is_refused(tmp_path, monkeypatch, changes):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.npz").write_bytes(packed(**changes))
    with pytest.raises(DataError, match="not a packed folder"):
        load_packed(tmp_path / "p.npz", 8)
    assert not (tmp_path / "trace").exists()


def test_a_packed_file_has_one_size(tmp_path):
    (tmp_path / "p.npz").write_bytes(packed())
    with pytest.raises(ConfigError, match="packed at 8 pixels"):
        load_packed(tmp_path / "p.npz", 16)


@pytest.mark.parametrize("content", [b"", b"hello", pickle.dumps(RunsACommand()), zipped({"a.npy": b"nonsense"})])
def test_what_is_no_packed_file_is_refused(tmp_path, content):
    (tmp_path / "p.npz").write_bytes(content)
    with pytest.raises(DataError, match="not a packed folder"):
        load_packed(tmp_path / "p.npz", 8)


def test_uploaded_pictures_that_are_gone_are_asked_for_again_without_naming_the_servers_folders(tmp_path):
    with pytest.raises(DataError, match=r"no longer on the server\. Upload them again") as caught:
        load_data(DataConfig(name="folder", size=8, path=str(tmp_path / "p.npz")))
    assert str(tmp_path) not in str(caught.value)
    (tmp_path / "p.npz").write_bytes(b"hello")
    with pytest.raises(DataError, match=r"^p\.npz is not a packed folder") as caught:
        load_packed(tmp_path / "p.npz", 8)
    assert str(tmp_path) not in str(caught.value)
