"""A 1x1 convolution on a picture, against NumPy's matrix product and the theorem of Eckart and Young."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from resnet_core import ConfigError, DataError
from resnet_core.catalogue import experiment
from resnet_core.questions.pixels import PixelMixQuestion


def mixed(**settings):
    return experiment("pixel-mixing").answer(PixelMixQuestion(size=24, **settings))


def pixels(record):
    return record.picture.reshape(-1, 3) / 255


@pytest.mark.parametrize("mix", ["same", "grey", "swap", "sepia", "squeeze1", "squeeze2", "expand", "random"])
@pytest.mark.parametrize("relu", [False, True])
def test_every_pixel_is_multiplied_by_the_same_matrix(mix, relu):
    record = mixed(mix=mix, relu=relu)
    x = pixels(record)
    for matrix, maps in zip(record.matrices, record.maps[1:], strict=True):
        x = x @ matrix.astype(float).T
        x = np.maximum(x, 0) if relu else x
        assert maps.shape == (len(matrix), 24, 24)
        assert np.abs(maps.reshape(len(matrix), -1).T - x).max() < 1e-5
    assert record.apart <= 16 * record.rounding
    assert record.apart < 1e-5


def test_grey_weighs_green_most_as_the_standard_for_television_does():
    record = mixed(mix="grey", picture="rocket")
    expected = pixels(record) @ [0.299, 0.587, 0.114]
    assert record.maps[-1].reshape(3, -1) == pytest.approx(np.tile(expected, (3, 1)), abs=1e-6)


def test_swapping_twice_gives_the_picture_back():
    record = mixed(mix="swap")
    swapped = record.matrices[0]
    assert (swapped @ swapped == np.eye(3)).all()
    assert record.maps[-1][0].tolist() == record.maps[0][2].tolist()
    assert mixed(mix="same").lost == 0


@pytest.mark.parametrize(("mix", "rank"), [("squeeze1", 1), ("squeeze2", 2)])
def test_a_squeeze_loses_what_eckart_and_young_say_and_nothing_less_is_possible(mix, rank):
    record = mixed(mix=mix, picture="coffee")
    eigenvalues = np.linalg.eigvalsh(pixels(record).T @ pixels(record))[::-1]
    least = eigenvalues[rank:].sum() / eigenvalues.sum()
    assert record.least == pytest.approx(least, rel=1e-6)
    assert record.lost == pytest.approx(least, rel=1e-3)
    expand, squeeze = record.matrices[1].astype(float), record.matrices[0].astype(float)
    assert np.linalg.matrix_rank(expand @ squeeze, tol=1e-5) == rank


def test_other_weights_of_the_same_rank_lose_more():
    record = mixed(mix="squeeze1", picture="coffee")
    x = pixels(record)
    other = np.outer([1, 1, 1], [1, 1, 1]) / 3
    assert ((x @ other.T - x) ** 2).sum() / (x**2).sum() > record.lost


def test_a_relu_after_the_squeeze_costs_more_where_a_channel_was_negative():
    bare, cut = mixed(mix="squeeze2", picture="coffee"), mixed(mix="squeeze2", picture="coffee", relu=True)
    assert bare.maps[1].min() < 0
    assert cut.lost > cut.least == bare.least
    assert cut.maps[1].min() == 0
    assert np.isnan(bare.zeroed)
    assert cut.zeroed == pytest.approx((cut.maps[-1] == 0).mean())


def test_random_weights_come_from_the_seed():
    first, again, other = mixed(mix="expand"), mixed(mix="expand"), mixed(mix="expand", seed=1)
    assert first.matrices[0].shape == (8, 3)
    assert (first.matrices[0] == again.matrices[0]).all()
    assert (first.matrices[0] != other.matrices[0]).all()
    assert np.isnan(first.lost)


def test_a_picture_of_ones_own_is_cut_to_a_square_and_read():
    file = io.BytesIO()
    Image.new("RGB", (60, 40), (255, 0, 51)).save(file, "PNG")
    record = mixed(own=base64.b64encode(file.getvalue()).decode(), mix="squeeze1")
    assert (record.picture == (255, 0, 51)).all()
    assert record.lost == pytest.approx(0, abs=1e-12)  # one colour needs one channel


def test_a_black_picture_loses_nothing():
    file = io.BytesIO()
    Image.new("RGB", (40, 40)).save(file, "PNG")
    record = mixed(own=base64.b64encode(file.getvalue()).decode(), mix="squeeze1")
    assert (record.lost, record.least) == (0, 0)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ConfigError, match="no picture called 'dog'"):
        mixed(picture="dog")
    with pytest.raises(DataError, match="not base64"):
        mixed(own="§")
    with pytest.raises(DataError, match="cannot be read"):
        mixed(own=base64.b64encode(b"hello").decode())
    with pytest.raises(ConfigError, match="mix is 'blur'"):
        PixelMixQuestion(mix="blur")
