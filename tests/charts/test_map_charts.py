import base64
import io

import numpy as np
import pytest
from PIL import Image

from resnet_core.records import BlockAnatomy, LayerMaps, PictureReport
from ui.charts import (
    anatomy,
    anatomy_alt,
    anatomy_verdict,
    class_scores,
    map_limits,
    maps_alt,
    maps_montage,
    scores_alt,
)
from ui.charts.png import data_uri, indexed_uri


def decoded(uri):
    file = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGBA"))


def layer(maps):
    return LayerMaps("stages.0.2", 1, 2, np.asarray(maps, dtype=np.float32))


def corner(figure, row, column, rows, columns):
    """The colour at the middle of one tile of a montage."""
    (picture,) = [decoded(trace.source) for trace in figure.data if trace.type == "image"]
    height, width, _ = picture.shape
    return tuple(picture[int((row + 0.4) * height / rows), int((column + 0.4) * width / columns)][:3].tolist())


def test_our_png_is_read_back_pixel_by_pixel_by_another_program():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    assert np.array_equal(decoded(data_uri(pixels)), pixels)


def test_a_picture_of_few_colours_is_read_back_in_these_colours():
    draw = np.random.default_rng(0)
    colours, places = draw.integers(0, 256, (9, 4), dtype=np.uint8), draw.integers(0, 9, (5, 7), dtype=np.uint8)
    assert np.array_equal(decoded(indexed_uri(places, colours)), colours[places])


def test_on_one_scale_for_the_layer_a_weak_map_looks_weak():
    figure = maps_montage(layer([np.full((4, 4), 1.0), np.full((4, 4), 0.0)]), "layer", columns=2)
    bright, dark = corner(figure, 0, 0, 1, 2), corner(figure, 0, 1, 1, 2)
    assert sum(bright) > sum(dark)
    assert dark == (0, 34, 78)  # cividis begins at #00224e


def test_each_map_on_its_own_scale_looks_equally_strong():
    figure = maps_montage(layer([np.full((4, 4), 100.0), np.full((4, 4), 0.01)]), "unit", columns=2)
    assert corner(figure, 0, 0, 1, 2) == corner(figure, 0, 1, 1, 2)


def test_on_the_networks_scale_the_limits_decide():
    figure = maps_montage(layer([np.full((4, 4), 1.0)]), "network", (0.0, 1.0), columns=1)
    faint = maps_montage(layer([np.full((4, 4), 1.0)]), "network", (0.0, 100.0), columns=1)
    assert sum(corner(figure, 0, 0, 1, 1)) > sum(corner(faint, 0, 0, 1, 1))


def test_signed_maps_have_zero_in_the_middle_of_the_scale():
    assert map_limits([layer([[[-3.0, 1.0]]])]) == (-3, 3)
    assert map_limits([layer([[[0.0, 1.0]]])]) == (0, 1)
    figure = maps_montage(layer([np.zeros((4, 4)), np.full((4, 4), -1.0)]), "layer", columns=2)
    assert min(corner(figure, 0, 0, 1, 2)) > 240  # nearly white


def test_a_layer_of_zeros_can_be_drawn():
    assert "100% of them exactly zero" in maps_alt(layer(np.zeros((2, 4, 4))))
    assert maps_montage(layer(np.zeros((2, 4, 4))), "unit").data


def test_only_the_first_channels_are_shown_and_the_words_say_how_many():
    maps = layer(np.ones((100, 2, 2)))
    assert "64 of 100 feature maps of stage 1, block 3, 2 by 2 pixels" in maps_alt(maps)
    hover = [trace for trace in maps_montage(maps).data if trace.type == "scatter" and trace.text is not None]
    assert len(hover[0].text) == 64


@pytest.fixture
def block():
    x = np.array([[[1.0, 2.0], [3.0, 4.0]]], dtype=np.float32)
    branch = np.array([[[0.5, -8.0], [0.0, 0.0]]], dtype=np.float32)
    return BlockAnatomy("stages.1.0", x, x, branch, x + branch)


def test_the_three_pictures_are_x_f_and_their_sum_on_one_scale(block):
    figure = anatomy(block)
    x, branch, total = (np.asarray(trace.z) for trace in figure.data)
    assert np.array_equal(x + branch, total)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (-8, 8)
    assert [trace.name for trace in figure.data] == ["x", "F(x)", "x + F(x)"]


def test_a_projected_shortcut_is_not_called_x(block):
    projected = BlockAnatomy("b", block.x[:, :1], block.shortcut, block.branch, block.total)
    assert anatomy(projected).data[0].name == "shortcut(x)"


def test_a_plain_block_shows_its_branch_alone(block):
    plain = BlockAnatomy("b", block.x, None, block.branch, block.branch)
    assert [trace.name for trace in anatomy(plain).data] == ["F(x), no shortcut"]
    assert "no shortcut" in anatomy_verdict(plain)


def test_the_anatomy_in_words_gives_the_ranges(block):
    assert (
        anatomy_alt(block) == "stage 2, block 1, channel 1: x from 1 to 4; F(x) from -8 to 0.5; x + F(x) from -6 to 4."
    )


@pytest.mark.parametrize(
    ("factor", "words"),
    [(0.0, "exactly 0"), (0.1, "shortcut carries more"), (1.0, "No clear difference"), (9.0, "branch carries more")],
)
def test_the_verdict_compares_the_norms_of_the_two_paths(block, factor, words):
    scaled = BlockAnatomy("b", block.x, block.x, factor * block.x, block.x)
    assert words in anatomy_verdict(scaled)


def test_class_scores_are_drawn_best_first():
    report = PictureReport(np.zeros((2, 2), np.uint8), (), np.array([0.1, 0.7, 0.2]), ("coat", "bag", "boot"))
    (bars,) = class_scores(report).data
    assert list(bars.y) == ["bag", "boot", "coat"]
    assert list(bars.x) == [0.7, 0.2, 0.1]
    assert "bag 70%, boot 20%, coat 10%" in scores_alt(report)


def test_classes_that_are_digits_stay_names_in_order():
    report = PictureReport(np.zeros((2, 2), np.uint8), (), np.array([0.1, 0.7, 0.2]), ("0", "1", "2"))
    figure = class_scores(report)
    assert list(figure.data[0].y) == ["1", "2", "0"]
    assert figure.layout.yaxis.type == "category"


BROKEN = [[[np.nan, np.inf], [-np.inf, np.nan]], [[1.0, 0.0], [np.nan, 3.0]]]


def test_what_is_not_finite_is_left_empty_and_no_colour_of_the_scale():
    (picture,) = [trace for trace in maps_montage(layer(BROKEN), columns=2).data if trace.type == "image"]
    left, right = np.split(decoded(picture.source)[:, :, 3] > 0, 2, axis=1)
    assert not left.any()
    height, width = right.shape
    rows, columns = [height // 4, 3 * height // 4], [width // 4 + 9, 3 * width // 4 + 9]  # past half of the gap
    assert right[np.ix_(rows, columns)].tolist() == [[True, True], [False, True]]


def test_broken_maps_do_not_move_the_scale_and_the_bar_says_what_is_empty():
    assert map_limits([layer(BROKEN)]) == (0, 3)
    bars = [trace.marker.colorbar for trace in maps_montage(layer(BROKEN)).data if trace.type == "scatter"]
    assert "activation (left empty: not finite)" in [bar.title.text for bar in bars]
    whole = [trace.marker.colorbar for trace in maps_montage(layer(np.ones((1, 2, 2)))).data[1:]]
    assert "activation (left empty: not finite)" not in [bar.title.text for bar in whole]


@pytest.mark.parametrize("scale", ["unit", "layer", "network"])
def test_maps_that_are_not_finite_say_so_under_the_mouse(scale):
    limits = map_limits([layer(BROKEN)])
    (hover,) = [trace.text for trace in maps_montage(layer(BROKEN), scale, limits).data if trace.text is not None]
    assert hover[0] == "channel 1<br>not finite"
    assert hover[1] == "channel 2<br>not finite in places, else from 0 to 3"


def test_a_montage_in_words_counts_what_is_not_finite():
    """Five of eight values are not finite; of the other three one is zero, which is an eighth of all."""
    assert maps_alt(layer(BROKEN)) == (
        "2 of 2 feature maps of stage 1, block 3, 2 by 2 pixels each; 62% of the values are not finite, the others go "
        "from 0 to 3, and 12% of all are exactly zero."
    )
    assert "not one value is finite" in maps_alt(layer(np.full((2, 4, 4), np.nan)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_diverged_block_is_neither_zero_nor_compared(block, value):
    lost = np.full_like(block.x, value)
    for broken in (
        BlockAnatomy("b", block.x, block.x, lost, lost),
        BlockAnatomy("b", lost, lost, block.branch, lost),
        BlockAnatomy("b", block.x, None, lost, lost),
    ):
        verdict = anatomy_verdict(broken)
        assert "not finite" in verdict
        assert "exactly 0" not in verdict


def test_a_diverged_block_is_described_in_words_and_drawn_without_it(block):
    lost = np.array([[[np.nan, 2.0], [np.inf, 1.0]]], dtype=np.float32)
    broken = BlockAnatomy("stages.1.0", block.x, block.x, lost, np.full_like(lost, np.nan))
    assert anatomy_alt(broken) == (
        "stage 2, block 1, channel 1: x from 1 to 4; F(x) not finite in places, else from 1 to 2; x + F(x) not finite."
    )
    figure = anatomy(broken)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (-4, 4)
    assert figure.layout.coloraxis.colorbar.title.text == "activation (left empty: not finite)"


def test_norms_too_large_for_a_float32_are_still_compared(block):
    """1e30 squared is beyond float32, so both norms would read infinite and their ratio nothing at all."""
    large = np.full((1, 2, 2), 1e30, np.float32)
    assert "F(x) has 10 times" in anatomy_verdict(BlockAnatomy("b", large, large, 10 * large, 11 * large))


def test_scores_that_are_not_finite_have_words_and_no_percentage():
    report = PictureReport(np.zeros((2, 2), np.uint8), (), np.full(3, np.nan), ("coat", "bag", "boot"))
    assert "not finite" in scores_alt(report)
    assert "coat" not in scores_alt(report)
    (bars,) = class_scores(report).data
    assert list(bars.text) == ["not finite"] * 3
    assert list(bars.x) == [0, 0, 0]
