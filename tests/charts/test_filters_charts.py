"""What is drawn of filters and crops is what is in the record; the verdict follows from its numbers."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from resnet_core.records.inside import FilterLayer, FilterReport
from ui.charts.filters import crop_tiles, crops_alt, kernel_tiles, kernels_alt, purity_alt, purity_lines, purity_table
from ui.charts.tiles import centres, coloured, montage, shown
from ui.charts.verdicts.filters import purity_verdict

NAN = float("nan")


def layer(name="stem", purity=0.4, before=0.35, kernels=None, values=None):
    kernels = np.linspace(-1, 1, 2 * 9).reshape(2, 1, 3, 3) if kernels is None else kernels
    crops = np.zeros((2, 3, 3, 3, 1), np.uint8)
    crops[0, 0] = 255
    return FilterLayer(
        name=name, convolution=f"{name}.conv", field=3, kernels=kernels.astype(np.float32), crops=crops,
        corners=np.full((2, 3, 2), 4, np.int16), values=np.ones((2, 3), np.float32) if values is None else values,
        labels=np.array([[0, 0, 1], [2, 1, 2]], np.int16), purity=purity, purity_before=before,
    )  # fmt: skip


def report(first=None, last=None, **settings):
    values = {
        "layers": (first or layer(), last or layer("stages.0.1", 0.7)), "classes": ("bag", "boot", "coat"), "size": 16,
        "images": 60, "chance": 0.3, "steps": 200, "loss": 0.5, "accuracy": 0.7,
    }  # fmt: skip
    return FilterReport(**(values | settings))


def picture_of(figure):
    (image,) = [trace for trace in figure.data if trace.type == "image"]
    return np.array(Image.open(io.BytesIO(base64.b64decode(image.source.split(",")[1]))))


def test_a_tile_is_enlarged_pixel_by_pixel_and_gaps_are_see_through():
    dark, light = (shown(np.full((2, 2), value, np.uint8)) for value in (0, 255))
    whole = montage([[dark, light]], gap=0.5)
    assert whole.shape[1] > 2 * whole.shape[0]
    middle = whole[whole.shape[0] // 2]
    left, right = (middle[round(place)] for place in centres(2, whole.shape[1], 0.5))
    assert (left.tolist(), right.tolist()) == ([0, 0, 0, 255], [255, 255, 255, 255])
    assert middle[whole.shape[1] // 2].tolist() == [0, 0, 0, 0]


def test_zero_is_in_the_middle_of_the_colours_and_what_is_not_finite_is_see_through():
    colours = coloured(np.array([[-1.0, 0.0, 1.0, np.nan]]), 1.0, signed=True)[0]
    assert colours[1, :3].min() > 240  # nearly white
    assert colours[0, 0] > colours[0, 1]  # purple
    assert colours[2, 1] > colours[2, 0]  # green
    assert colours[3, 3] == 0


def test_the_kernels_of_a_gray_stem_stand_in_rows_of_four_with_their_own_colours():
    kernels = np.zeros((5, 1, 3, 3))
    kernels[4] = -1
    picture = picture_of(kernel_tiles(layer(kernels=kernels)))
    height, width, _ = picture.shape
    across, down = centres(4, width, 0.25), centres(2, height, 0.25)
    assert picture[round(down[0]), round(across[0]), :3].min() > 240
    assert picture[round(down[1]), round(across[0]), 1] < 60  # the far end of purple
    assert picture[round(down[1]), round(across[3]), 3] == 0  # there is no sixth kernel


def test_kernels_of_three_colours_are_drawn_as_colours_around_gray():
    kernels = np.zeros((1, 3, 3, 3))
    kernels[0, 0] = 1  # red
    picture = picture_of(kernel_tiles(layer(kernels=kernels)))
    assert picture[10, 10].tolist() == [255, 128, 128, 255]


def test_deep_kernels_stand_output_by_input():
    figure = kernel_tiles(layer(kernels=np.ones((20, 20, 3, 3))))
    assert picture_of(figure).shape[0] == picture_of(figure).shape[1]
    assert "for 8 outputs and 8 inputs; weights from 1 to 1" in kernels_alt(layer(kernels=np.ones((20, 20, 3, 3))))


def test_crops_stand_unit_by_unit_and_say_what_they_are():
    whole = report()
    figure = crop_tiles(whole, whole.layers[0])
    picture = picture_of(figure)
    assert picture[10, 10].tolist() == [255, 255, 255, 255]
    assert picture[-10, 10].tolist() == [0, 0, 0, 255]
    (hover,) = [trace.text for trace in figure.data if trace.text is not None]
    assert hover[0] == "unit 1, crop 1: bag<br>activation 1"
    assert hover[3] == "unit 2, crop 1: coat<br>activation 1"
    assert crops_alt(whole, whole.layers[0]).endswith("unit 1: bag 2 of 3; unit 2: coat 2 of 3.")


def test_what_lies_beyond_the_picture_and_silent_units_are_left_empty():
    values = np.array([[1, 1, 1], [0, 0, 0]], np.float32)
    edge = replace(layer(values=values), corners=np.full((2, 3, 2), -2, np.int16))  # one pixel of nine is inside
    figure = crop_tiles(report(first=edge), edge)
    picture = picture_of(figure)
    tile = centres(3, picture.shape[1], 0.15)[0] * 2
    assert picture[10, 10, 3] == 0
    assert picture[round(0.85 * tile), round(0.85 * tile), 3] == 255
    assert not picture[-10, :, 3].any()
    (hover,) = [trace.text for trace in figure.data if trace.text is not None]
    assert hover[3] == "unit 2: nothing excites it"


def test_the_lines_are_the_purities_of_the_record():
    lines = {trace.name: list(trace.y) for trace in purity_lines(report()).data}
    assert lines == {"before training": [0.35, 0.35], "after 200 steps": [0.4, 0.7], "drawn by lot": [0.3, 0.3]}
    assert "stem: 40%, before training 35%" in purity_alt(report())
    assert [row["Crops of one class"] for row in purity_table(report())] == ["40%", "70%"]


def test_before_training_there_is_one_line_and_it_is_called_so():
    fresh = report(layer(before=NAN), layer("stages.0.1", 0.7, NAN), steps=0, loss=NAN)
    lines = {trace.name: list(trace.y) for trace in purity_lines(fresh).data}
    assert lines == {"before training": [0.4, 0.7], "drawn by lot": [0.3, 0.3]}


@pytest.mark.parametrize(
    ("last", "settings", "words"),
    [
        (layer("stages.0.1", 0.7, 0.35), {}, "more often to one: 70%, and 35% before training"),
        (layer("stages.0.1", 0.45, 0.35), {}, "No clear difference: 40%"),
        (layer("stages.0.1", 0.7, 0.65), {}, "That training made it so cannot be said"),
        (layer("stages.0.1", 0.7, NAN), {"steps": 0, "loss": NAN}, "That training made it so cannot be said"),
        (layer("stages.0.1", NAN), {}, "no unit is ever active"),
        (layer("stages.0.1", 0.7), {"loss": NAN}, "diverged"),
    ],
)
def test_the_verdict_compares_last_stage_with_stem_and_with_before(last, settings, words):
    assert words in purity_verdict(report(last=last, **settings))
