import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from resnet_core.records.pixels import PixelMix, SizeTimes, TimeReport
from ui.charts.pixels import channel_sheet, pixel_formulas, sheet_alt, sheet_tiles, shown_range
from ui.charts.time_across_sizes import saving_bars, savings_alt, size_scatter, stage_times, times_alt, times_table
from ui.charts.verdicts.pixels import independent_mixtures, pixel_verdict
from ui.charts.verdicts.time_across_sizes import saving_verdict, speed_verdict

SQUEEZE = (np.array([[1, 1, 0]], np.float32), np.array([[0.5], [0.5], [0]], np.float32))


def mix(matrices, **settings):
    """A picture of 2x2 pixels on its way through these matrices."""
    picture = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [51, 102, 153]]], np.uint8)
    maps = [picture.transpose(2, 0, 1).astype(np.float32) / 255]
    for matrix in matrices:
        maps.append(np.einsum("oc,chw->ohw", matrix, maps[-1]).astype(np.float32))
    usual = {
        "apart": 0.0,
        "rounding": 1e-7,
        "lost": 0.25,
        "least": 0.25,
        "zeroed": np.nan,
        "relu": False,
        "mix": "random",
    }
    return PixelMix(picture=picture, matrices=tuple(matrices), maps=tuple(maps), **(usual | settings))


def image(trace):
    return np.array(Image.open(io.BytesIO(base64.b64decode(trace.source.partition(",")[2]))).convert("RGB"))


def test_the_first_sheet_is_the_picture_and_its_three_channels():
    record = mix(SQUEEZE)
    figure = channel_sheet(record, 0, (1, 0))
    pictures = [trace for trace in figure.data if trace.type == "image"]
    assert len(pictures) == 4
    assert (image(pictures[0]) == record.picture).all()
    assert {note.text for note in figure.layout.annotations} == {"the picture", "red", "green", "blue"}
    ring = next(trace for trace in figure.data if trace.meta == "pixel")
    assert list(ring.text) == ["0, 1, 0", "0", "1", "0"]


def test_a_ring_is_in_the_middle_of_its_pixel_on_every_tile():
    record = mix(SQUEEZE)
    ring = next(trace for trace in channel_sheet(record, 1, (1, 0)).data if trace.meta == "pixel")
    (tile,) = sheet_tiles(1, 1)
    assert list(ring.x) == [pytest.approx(tile.left + 0.75 * tile.side)]
    assert list(ring.y) == [pytest.approx(tile.top + 0.25 * tile.side)]
    placed = next(trace for trace in channel_sheet(record, 1, (1, 0)).data if trace.type == "image")
    assert placed.x0 + placed.dx == pytest.approx(ring.x[0])
    assert placed.y0 == pytest.approx(ring.y[0])


@pytest.mark.parametrize(("channels", "tiles"), [(1, 1), (2, 2), (3, 4), (8, 8)])
def test_tiles_do_not_overlap_and_stay_on_their_sheet(channels, tiles):
    found = sheet_tiles(channels, 1)
    assert len(found) == tiles
    for number, one in enumerate(found):
        assert one.left + one.side <= 3.16 + 1e-9
        for other in found[number + 1 :]:
            assert one.left + one.side <= other.left or one.top + one.side <= other.top or other.left < one.left


def test_negative_values_put_zero_in_the_middle_of_the_colours():
    assert shown_range(np.array([[[-3.0, 1.0]]])) == (-3, 3)
    assert shown_range(np.array([[[0.0, 0.5]]])) == (0, 1)
    assert shown_range(np.array([[[0.0, 2.5]]])) == (0, 2.5)


def test_the_formula_is_the_product_at_the_chosen_pixel():
    first, second = pixel_formulas(mix(SQUEEZE), (1, 1))
    assert first == (
        r"\begin{pmatrix} 1.00 & 1.00 & 0.00 \end{pmatrix}\begin{pmatrix} 0.20 \\ 0.40 \\ 0.60 \end{pmatrix}"
        r" = \begin{pmatrix} 0.60 \end{pmatrix}"
    )
    assert second.endswith(r"\begin{pmatrix} 0.60 \end{pmatrix} = \begin{pmatrix} 0.30 \\ 0.30 \\ 0.00 \end{pmatrix}")
    assert pixel_formulas(mix(SQUEEZE, relu=True), (1, 1))[0].startswith(r"\max\!\left(0,\; \begin{pmatrix}")
    assert "1 channels after" in sheet_alt(mix(SQUEEZE), 1)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (mix(SQUEEZE), "gives exactly what nn.Linear gives. Through one channel and back to three it loses 25%"),
        (mix(SQUEEZE), "the least that any linear map can. Yet every pixel now has the same proportions"),
        (mix(SQUEEZE, lost=0.5), "loses 50% of the picture's squared values; a linear map could do with 25%."),
        (mix(SQUEEZE, apart=1e-6), "what nn.Linear gives (largest difference 10⁻⁶, which is rounding)"),
        (mix(SQUEEZE, apart=1e-3), "differ by up to 0.001 on 4 pixels, more than rounding explains."),
        (mix([np.eye(3, dtype=np.float32)], lost=0.0), "The picture comes out as it went in."),
        (mix([np.ones((3, 3), np.float32)]), "are multiples of one mixture of red, green and blue, to within 1 %."),
        (mix([np.diag([1, 2, 3]).astype(np.float32)]), "are as many different mixtures of red, green and blue."),
        (mix(SQUEEZE, relu=True, zeroed=0.5), "After the ReLU 50% of the outputs are 0."),
        (mix(SQUEEZE, relu=True, zeroed=0.0), "The ReLU changed nothing: no output was negative."),
    ],
)
def test_the_pixel_verdict_follows_the_record(record, words):
    assert words.replace("10⁻⁶", "1×10⁻⁶") in pixel_verdict(record) or words in pixel_verdict(record)


def test_eight_channels_hold_no_more_than_three_mixtures():
    record = mix([np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)], lost=np.nan, least=np.nan)
    assert independent_mixtures(record) == 3
    assert "Its 8 output channels hold only 3 different mixtures" in pixel_verdict(record)


def times(direct, bottleneck, spread=0.0, macs=((800, 200), (100, 25))):
    """Two sizes; a 1x1 that is as fast per multiplication as the first 3x3."""

    def shape(name, counted, values):
        values = np.array(values, float)
        return SizeTimes(name, tuple(counted), values, values * (1 - spread), values * (1 + spread))

    ones = tuple(count * direct[0] / macs[0][0] for count in macs[1])
    shapes = (shape("3x3", macs[0], direct), shape("bottleneck", macs[1], bottleneck), shape("1x1", macs[1], ones))
    return TimeReport("side", (56, 28), (64, 64), shapes, 10, 10)


def test_bars_are_the_counted_and_the_measured_factor():
    report = times([8.0, 2.0], [1.0, 1.0], spread=0.1)
    measured, counted = saving_bars(report).data
    assert list(counted.y) == [8, 8]
    assert list(measured.y) == [8, 2]
    assert measured.error_y.array[0] == pytest.approx(8 * 1.1 / 0.9 - 8)
    assert "28×28×64: 8 times fewer multiplications, 2 times less time" in savings_alt(report)


def test_the_scatter_has_every_time_and_a_line_of_equal_speed():
    report = times([8.0, 2.0], [1.0, 1.0])
    line, *shapes = size_scatter(report).data
    assert [list(shape.y) for shape in shapes[:2]] == [[8, 2], [1, 1]]
    assert np.array(line.y) / np.array(line.x) == pytest.approx(8 / 800)
    assert times_table(report)[0]["Million MACs per ms"] == round(800 / 1e6 / 8, 2)
    assert "bottleneck: 100 MACs in 1 ms at the largest input" in times_alt(report)


def test_where_the_count_is_the_same_everywhere_times_stand_beside_sizes():
    report = replace(times([8.0, 2.0], [1.0, 1.0], macs=((800, 800), (100, 100))), growth="stage", channels=(64, 128))
    direct, bottleneck, _ = stage_times(report).data
    assert (list(direct.x), list(direct.y)) == (["56×56<br>×64", "28×28<br>×128"], [8, 2])
    assert direct.name == "3×3, 800 MACs"
    assert list(bottleneck.y) == [1, 1]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (times([8.0, 2.0], [1.0, 0.25]), "No clear difference between count and clock."),
        (times([8.0, 2.0], [1.0, 1.0]), "The clock clearly saves less than the count at 28×28×64."),
        (times([8.0, 2.0], [1.0, 4.0]), "It is even slower at 28×28×64."),
        (times([24.0, 2.0], [1.0, 0.25]), "The clock clearly saves more than the count at 56×56×64."),
        (times([8.0, 2.0], [1.2, 0.3], spread=0.2), "No clear difference between count and clock."),
    ],
)
def test_the_saving_verdict_follows_the_times(report, words):
    assert words in saving_verdict(report)


def test_the_speed_verdict_names_the_slowest_and_the_fastest():
    words = "one of them takes 4 times as long in the bottleneck at 28×28×64 as in"
    assert words in speed_verdict(times([8.0, 2.0], [1.0, 1.0]))
    assert speed_verdict(times([8.0, 2.0], [1.0, 0.25])).startswith("No clear difference")
    assert speed_verdict(times([8.0, 2.0], [1.0, 1.0], spread=0.7)).startswith("No clear difference")


def test_a_lost_share_is_never_a_share_of_nothing():
    assert "nan" not in pixel_verdict(replace(mix(SQUEEZE), lost=0.0, least=0.0))
