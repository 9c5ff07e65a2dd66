"""A tiny archive in the official format: Python 2 pickles of protocol 2 in a tar.gz."""

import io
import os
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_core.data import load_data
from resnet_core.datasets.archive_pickles import read_batch
from resnet_core.datasets.cifar10 import load_cifar10
from resnet_core.errors import ConfigError, DataError
from resnet_core.recipe import DataConfig

NAMES = [b"airplane", b"automobile", b"bird", b"cat", b"deer", b"dog", b"frog", b"horse", b"ship", b"truck"]


class Python2Pickler(pickle._Pickler):
    """Writes bytes as the `str` of Python 2, which is what the official files hold."""

    def save_string(self, value):
        length = len(value)
        start = (
            pickle.SHORT_BINSTRING + bytes([length])
            if length < 256
            else pickle.BINSTRING + length.to_bytes(4, "little")
        )
        self.write(start + value)
        self.memoize(value)

    dispatch = pickle._Pickler.dispatch | {bytes: save_string}


def pickled(content: object) -> bytes:
    buffer = io.BytesIO()
    Python2Pickler(buffer, protocol=2).dump(content)
    return buffer.getvalue().replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")


def batch(number: int, count: int = 4) -> tuple[np.ndarray, list[int]]:
    draw = np.random.default_rng(number)
    return draw.integers(0, 256, (count, 3072), dtype=np.uint8), draw.integers(0, 10, count).tolist()


def official_files() -> dict[str, bytes]:
    files = {"batches.meta": pickled({b"num_cases_per_batch": 4, b"label_names": NAMES, b"num_vis": 3072})}
    for number, name in enumerate([*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]):
        values, labels = batch(number)
        files[name] = pickled(
            {b"batch_label": b"a batch", b"labels": labels, b"data": values, b"filenames": [b"a.png"] * 4}
        )
    return files


def write_archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def archive(tmp_path) -> Path:
    return write_archive(tmp_path / "cifar-10-python.tar.gz", official_files())


def test_the_archive_is_read_picture_by_picture(archive):
    pictures = load_cifar10(archive, 32)
    assert pictures.classes[3] == "cat"
    assert pictures.train_images.shape == (20, 32, 32, 3)
    assert pictures.test_images.shape == (4, 32, 32, 3)
    values, labels = batch(2)  # data_batch_3
    assert pictures.train_labels[8:12].tolist() == labels
    assert pictures.train_images[9, 5, 7].tolist() == [values[1, plane * 1024 + 5 * 32 + 7] for plane in range(3)]


def test_small_views_are_averages(archive):
    large, small = load_cifar10(archive, 32), load_cifar10(archive, 8)
    assert small.test_images[1, 2, 3, 0] == large.test_images[1, 8:12, 12:16, 0].mean()


@pytest.mark.parametrize("where", ["cifar-10-batches-py", "."])
def test_an_unpacked_folder_is_the_same(archive, tmp_path, where):
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    folder = tmp_path / where
    assert np.array_equal(load_cifar10(folder, 32).train_images, load_cifar10(archive, 32).train_images)


def test_load_data_makes_tensors_of_it(archive):
    data = load_data(DataConfig(name="cifar10", size=16, path=str(archive)))
    assert data.train_images.shape == (20, 3, 16, 16)
    assert len(data.mean) == 3


def test_bytes_as_newer_pythons_pickle_them_are_read_too(archive):
    files = official_files()
    values, labels = batch(5)
    files["test_batch"] = pickle.dumps({b"data": values, b"labels": labels}, protocol=2)
    again = load_cifar10(write_archive(archive, files), 32)
    assert again.test_labels.tolist() == labels


class RunsACommand:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_pickle_that_runs_a_command_is_refused_and_runs_nothing(tmp_path, protocol):
    trace = tmp_path / "trace"
    with pytest.raises(DataError, match=r"it names (posix|nt)\.system"):
        read_batch(pickle.dumps({b"data": RunsACommand(f"touch {trace}")}, protocol), "data_batch_1")
    assert not trace.exists()


def hostile_array(*state: object) -> bytes:
    """An ndarray whose state is not what NumPy would write."""

    class Forged:
        def __reduce__(self):
            return np._core.multiarray._reconstruct, (np.ndarray, (0,), b"b"), state

    return pickle.dumps({b"data": Forged()}, protocol=2)


@pytest.mark.parametrize(
    "state",
    [
        (1, (2,), np.dtype("O"), False, [1, 2]),
        (1, (1 << 40,), np.dtype("u1"), False, b"\0\0"),
        (1, (2,), np.dtype("u1"), True, b"\0\0"),
        (1, (2,), "u1", False, b"\0\0"),
        (1, (2,), np.dtype("u1"), False, "no bytes"),
        (),
    ],
)
def test_a_forged_array_is_refused(state):
    with pytest.raises(DataError, match="python version"):
        read_batch(hostile_array(*state), "data_batch_1")


def dictionary_or_words(content: bytes) -> bool:
    """Whether reading gives a dictionary, or an error that names the file. Other errors pass through."""
    try:
        return isinstance(read_batch(content, "data_batch_1"), dict)
    except DataError as problem:
        return "data_batch_1" in str(problem)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_pickle_is_a_dictionary_or_a_data_error(data):
    content = bytearray(pickled({b"labels": [1, 2], b"data": np.zeros((2, 12), dtype=np.uint8)}))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert dictionary_or_words(bytes(content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("test_batch", {b"labels": [0, 1], b"data": np.zeros((2, 3071), dtype=np.uint8)}),
        ("test_batch", {b"labels": [0], b"data": np.zeros((2, 3072), dtype=np.uint8)}),
        ("test_batch", {b"labels": [0, 10], b"data": np.zeros((2, 3072), dtype=np.uint8)}),
        ("data_batch_4", {b"labels": [0, "1"], b"data": np.zeros((2, 3072), dtype=np.uint8)}),
        ("data_batch_4", {b"fine_labels": [0, 1], b"data": np.zeros((2, 3072), dtype=np.uint8)}),
        ("batches.meta", {b"fine_label_names": NAMES}),
        ("batches.meta", [1, 2]),
    ],
)
def test_a_batch_that_is_not_like_the_official_ones_is_refused(archive, name, content):
    with pytest.raises(DataError, match=name):
        load_cifar10(write_archive(archive, official_files() | {name: pickled(content)}), 32)


def test_a_missing_file_is_named(archive):
    files = official_files()
    del files["data_batch_2"]
    with pytest.raises(DataError, match="lacks data_batch_2"):
        load_cifar10(write_archive(archive, files), 32)


def test_a_cut_off_archive_is_refused(archive):
    archive.write_bytes(archive.read_bytes()[:20_000])
    with pytest.raises(DataError, match=r"cut off|lacks"):
        load_cifar10(archive, 32)


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "notes.tar.gz").write_text("not an archive")
    with pytest.raises(DataError, match=r"tar\.gz"):
        load_cifar10(tmp_path / "notes.tar.gz", 32)
    with pytest.raises(ConfigError, match="32 pixels wide"):
        load_cifar10(tmp_path, 28)
