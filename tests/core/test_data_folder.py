import os
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_core.data import load_data
from resnet_core.datasets import folder as folder_module
from resnet_core.datasets.folder import load_folder, read_zip
from resnet_core.datasets.packed import pack_folder
from resnet_core.errors import DataError, ResNetCoreError
from resnet_core.recipe import DataConfig
from tests.core.picture_folders import png, red_and_blue, written, zipped


def test_every_subfolder_becomes_a_class_with_a_fifth_for_testing(tmp_path):
    pictures = load_folder(written(tmp_path, red_and_blue()), 8)
    assert pictures.classes == ("blue", "red")
    assert pictures.train_images.shape == (16, 8, 8, 3)
    assert np.bincount(pictures.train_labels).tolist() == [8, 8]
    assert np.bincount(pictures.test_labels).tolist() == [2, 2]
    for images, labels in (
        (pictures.train_images, pictures.train_labels),
        (pictures.test_images, pictures.test_labels),
    ):
        assert (images[labels == 1][..., 0] >= 100).all()
        assert (images[labels == 0][..., 0] == 0).all()


def test_no_picture_is_in_both_parts(tmp_path):
    pictures = load_folder(written(tmp_path, red_and_blue()), 8)
    values = [images[:, 0, 0].sum(axis=1).tolist() for images in (pictures.train_images, pictures.test_images)]
    assert sorted(values[0] + values[1]) == sorted([*range(100, 110)] * 2)


def test_a_zip_a_folder_and_a_packed_file_give_the_same_data_set(tmp_path):
    files = red_and_blue()
    written(tmp_path / "pictures", files)
    (tmp_path / "pictures.zip").write_bytes(zipped(files))
    (tmp_path / "pictures.npz").write_bytes(pack_folder(zipped(files), 16)[0])
    loaded = [
        load_data(DataConfig(name="folder", size=16, path=str(tmp_path / name)))
        for name in ("pictures", "pictures.zip", "pictures.npz")
    ]
    for data in loaded:
        assert data.classes == ("blue", "red")
        assert torch.equal(data.train_images, loaded[0].train_images)
        assert torch.equal(data.test_labels, loaded[0].test_labels)


def test_the_first_pictures_are_not_all_of_the_first_class(tmp_path):
    data = load_data(DataConfig(name="folder", size=8, path=str(written(tmp_path, red_and_blue(60)))))
    for images, labels in ((data.train_images, data.train_labels), (data.test_images, data.test_labels)):
        half = torch.bincount(labels[: len(labels) // 2], minlength=2)
        assert half.min() > len(labels) // 8  # a quarter of all if they were dealt out evenly
        red = images[:, 0].mean(dim=(1, 2)) > images[:, 0].mean()
        assert torch.equal(red, labels == 1)  # each has kept its label


def test_a_folder_that_has_changed_is_read_again(tmp_path):
    config = DataConfig(name="folder", size=8, path=str(written(tmp_path, red_and_blue())))
    assert len(load_data(config).train_labels) == 16
    written(tmp_path, {f"red/more{n}.png": png((1, 2, 3)) for n in range(10)})
    os.utime(tmp_path / "red", (0, 2**31))
    assert len(load_data(config).train_labels) == 24


def test_gray_pictures_have_one_channel_and_one_coloured_one_changes_that():
    gray = {f"{kind}/{n}.png": png((n, n, n)) for kind in "ab" for n in range(3)}
    assert read_zip(zipped(gray), 8).train_images.shape[-1] == 1
    assert read_zip(zipped(gray | {"a/c.png": png((1, 2, 3))}), 8).train_images.shape[-1] == 3


def test_a_folder_around_the_classes_and_the_clutter_of_computers_are_ignored():
    files = {f"holiday/{name}": content for name, content in red_and_blue(2).items()}
    clutter = {
        "__MACOSX/holiday/red/._0.png": b"junk",
        "holiday/red/.DS_Store": b"junk",
        "holiday/.hidden/0.png": b"junk",
        "holiday/blue/Thumbs.db": b"junk",
        "readme.txt": b"lies in no class",
    }
    pictures = read_zip(zipped(files | clutter), 8)
    assert pictures.classes == ("blue", "red")
    assert pictures.skipped == ()


def test_what_cannot_be_read_is_left_out_and_named(tmp_path):
    files = red_and_blue(3) | {"red/notes.txt": b"hello", "blue/cut.png": png((1, 2, 3), (300, 300))[:100]}
    for pictures in (read_zip(zipped(files), 8), load_folder(written(tmp_path, files), 8)):
        assert len(pictures.train_labels) + len(pictures.test_labels) == 6
        assert [line.split(":")[0] for line in pictures.skipped] == ["blue/cut.png", "red/notes.txt"]
        assert "plain text" in pictures.skipped[1]


def test_names_that_point_outside_the_archive_write_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outside = {"../../evil/0.png": png((1, 1, 1)), "/etc/evil/1.png": png((1, 1, 1)), "..\\evil\\2.png": png((2, 2, 2))}
    pictures = read_zip(zipped(red_and_blue(2) | outside | {"/etc/evil/3.png": png((3, 3, 3))}), 8)
    assert pictures.classes == ("blue", "evil", "red")  # only a name; ".." is hidden and left out
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(folder_module, "MAX_ARCHIVE_BYTES", 5_000_000)
    bomb = zipped(red_and_blue(2) | {"red/bomb.png": bytes(5_000_001)})
    assert len(bomb) < 10_000
    with pytest.raises(DataError, match="would unpack to 5 MB"):
        read_zip(bomb, 8)


def test_a_member_larger_than_a_picture_may_be_is_not_unpacked():
    pictures = read_zip(zipped(red_and_blue(2) | {"red/bomb.png": bytes(30_000_000)}), 8)
    assert pictures.skipped == ("red/bomb.png: larger than 20 MB.",)


def test_a_member_that_lies_about_its_size_is_left_out():
    data = zipped(red_and_blue(2) | {"red/liar.png": png((9, 9, 9), (2000, 2000))})
    entry = data.index(b"red/liar.png", data.index(b"PK\x01\x02")) - 46  # its line in the directory at the end
    length = struct.pack("<I", 10)
    pictures = read_zip(data[: entry + 24] + length + data[entry + 28 :], 8)
    assert [line.split(":")[0] for line in pictures.skipped] == ["red/liar.png"]


def test_too_many_pixels_together_are_refused(monkeypatch):
    monkeypatch.setattr(folder_module, "MAX_PIXELS_TOGETHER", 1000)  # 20 x 12 fits four times
    assert read_zip(zipped(red_and_blue(2)), 8).classes == ("blue", "red")
    with pytest.raises(DataError, match="million pixels together"):
        read_zip(zipped(red_and_blue(3)), 8)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(folder_module, "MAX_PICTURES", 5)
    with pytest.raises(DataError, match=r"6 files\. At most 5"):
        read_zip(zipped(red_and_blue(3)), 8)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "There are 0 subfolders"),
        ({f"red/{n}.png": png((n, 0, 0)) for n in range(4)}, r"There are 1 subfolders with files in them \(red\)"),
        ({f"{n}/0.png": b"" for n in range(101)}, "There are 101 subfolders"),
        (red_and_blue(2) | {"green/0.png": png((0, 1, 0))}, "'green' has 1 readable"),
        (red_and_blue(2) | {f"text/{n}.txt": b"words" for n in range(9)}, "'text' has 0 readable.*9 files could not"),
    ],
)
def test_a_folder_that_is_no_data_set_is_refused_in_words(files, words, tmp_path):
    with pytest.raises(DataError, match=words):
        read_zip(zipped(files), 8)
    with pytest.raises(DataError, match=words):
        load_folder(written(tmp_path, files), 8)


def test_an_encrypted_or_strangely_packed_archive_is_refused():
    data = bytearray(zipped(red_and_blue(2)))
    for marker, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(marker)
        while place >= 0:
            data[place + offset] |= 1  # "encrypted"
            place = data.find(marker, place + 1)
    with pytest.raises(DataError, match=r"has 0 readable pictures.*encrypted"):
        read_zip(bytes(data), 8)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"hello", zipped(red_and_blue(2))[:-30]])
def test_what_is_no_zip_archive_is_refused(data):
    with pytest.raises(DataError, match="not a zip archive"):
        read_zip(data, 8)


def test_class_names_are_fit_to_be_shown():
    files = {f"a\x07b/{n}.png": png((n, 0, 0)) for n in range(2)} | {
        "c" * 200 + f"/{n}.png": png((n, 0, 0)) for n in range(2)
    }
    assert read_zip(zipped(files), 8).classes == ("a?b", "c" * 60)


def data_set_or_words(content: bytes) -> bool:
    """Whether reading gives a data set, or an error that says something. Other errors pass through."""
    try:
        return len(read_zip(content, 8).classes) >= 2
    except ResNetCoreError as problem:
        return len(str(problem)) > 0


SMALL = zipped(red_and_blue(2))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_a_data_set_or_an_error_in_words(data):
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert data_set_or_words(bytes(content))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_an_error_in_words(content):
    assert data_set_or_words(content)
