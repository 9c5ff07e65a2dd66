import io
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from resnet_core import images
from resnet_core.errors import ConfigError, DataError
from resnet_core.images import IMAGENET_MEAN, IMAGENET_STD, picture_size, read_picture, square, to_input
from resnet_core.samples import edge_pattern, sample_pictures


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def test_a_png_comes_back_as_it_was_saved():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    assert np.array_equal(read_picture(encoded(Image.fromarray(pixels), "PNG")), pixels)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_a_flat_colour_survives_every_lossy_format(kind):
    read = read_picture(encoded(Image.new("RGB", (16, 16), (200, 100, 50)), kind))
    assert read.shape == (16, 16, 3)
    assert np.abs(read.astype(int) - (200, 100, 50)).max() <= 4


def test_sixteen_bit_gray_is_scaled_and_not_clipped():
    values = np.array([[0, 257, 32768, 65535]], dtype=np.uint16)
    read = read_picture(encoded(Image.fromarray(values), "PNG"))
    assert read[0, :, 0].tolist() == [0, 1, 128, 255]  # v / 257, rounded


def test_cmyk_becomes_the_colour_it_prints():
    ink = Image.new("CMYK", (8, 8), (0, 255, 255, 0))  # no cyan, all magenta, all yellow: red
    assert np.abs(read_picture(encoded(ink, "JPEG", quality=100)).astype(int) - (255, 0, 0)).max() <= 3


def test_transparency_is_laid_on_white():
    row = Image.new("RGBA", (3, 1))
    for x, pixel in enumerate([(0, 0, 0, 0), (0, 0, 0, 51), (100, 200, 0, 255)]):
        row.putpixel((x, 0), pixel)
    # black at 51/255 = 0.2 leaves 0.8 of white: 204
    assert read_picture(encoded(row, "PNG"))[0].tolist() == [[255, 255, 255], [204, 204, 204], [100, 200, 0]]


def test_a_palette_with_a_transparent_entry_is_laid_on_white():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    assert read_picture(encoded(image, "PNG", transparency=0))[0].tolist() == [[255, 255, 255], [40, 50, 60]]


@pytest.mark.parametrize(("mode", "value", "shown"), [("L", 90, 90), ("1", 1, 255)])
def test_gray_and_black_and_white_become_three_equal_channels(mode, value, shown):
    read = read_picture(encoded(Image.new(mode, (2, 2), value), "PNG"))
    assert read.tolist() == [[[shown] * 3] * 2] * 2


def test_of_an_animation_the_first_frame_is_read():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(data)[0, 0].tolist() == [255, 0, 0]


# How the picture [[1, 2, 3], [4, 5, 6]] must be stored for each tag of the EXIF standard (2.3, table 4, Orientation),
# which says where on the shown picture the stored row 0 and column 0 are.
STORED = {
    1: [[1, 2, 3], [4, 5, 6]],  # row 0 is the top, column 0 the left side
    2: [[3, 2, 1], [6, 5, 4]],  # top, right
    3: [[6, 5, 4], [3, 2, 1]],  # bottom, right
    4: [[4, 5, 6], [1, 2, 3]],  # bottom, left
    5: [[1, 4], [2, 5], [3, 6]],  # left side, top
    6: [[3, 6], [2, 5], [1, 4]],  # right side, top
    7: [[6, 3], [5, 2], [4, 1]],  # right side, bottom
    8: [[4, 1], [5, 2], [6, 3]],  # left side, bottom
}


@pytest.mark.parametrize("tag", STORED)
def test_every_exif_orientation_is_turned_upright(tag):
    exif = Image.Exif()
    exif[0x0112] = tag
    data = encoded(Image.fromarray(np.array(STORED[tag], dtype=np.uint8) * 40), "PNG", exif=exif)
    assert read_picture(data)[..., 0].tolist() == [[40, 80, 120], [160, 200, 240]]


def test_a_large_jpeg_is_shrunk_while_it_is_read():
    data = encoded(Image.new("RGB", (2000, 1000), "teal"), "JPEG")
    assert read_picture(data, max_side=250).shape == (125, 250, 3)
    assert picture_size(data) == (2000, 1000)


@pytest.mark.parametrize("size", [(1000, 700), (333, 1001), (2500, 40)])
@pytest.mark.parametrize("strip", [1, 100_000, 10_000_000])
def test_a_large_picture_shrinks_to_what_numpy_and_torch_make_of_it(size, strip, monkeypatch):
    """Noise with noisy transparency: laid on white in floating point, averaged, and brought to size by torch."""
    monkeypatch.setattr(images, "STRIP_PIXELS", strip)
    width, height = size
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 4)).astype(np.uint8)
    pixels[: height // 2] //= 2  # something to see
    read = read_picture(encoded(Image.fromarray(pixels), "PNG"), max_side=100)
    assert max(read.shape) == 100
    alpha = pixels[..., 3:] / 255
    laid = torch.from_numpy(pixels[..., :3] * alpha + 255 * (1 - alpha)).permute(2, 0, 1)[None]
    expected = F.interpolate(laid, size=read.shape[:2], mode="bilinear", antialias=True)[0].permute(1, 2, 0).numpy()
    difference = np.abs(read - expected)
    assert difference.mean() < 4  # averaging in two steps is a little sharper on noise
    assert abs((read - expected).mean()) < 0.5


def test_a_picture_just_small_enough_is_not_averaged_first(monkeypatch):
    monkeypatch.setattr(images, "STRIP_PIXELS", 0)
    pixels = np.random.default_rng(2).integers(0, 256, (300, 390, 3)).astype(np.uint8)
    expected = Image.fromarray(pixels).resize((100, 77), Image.Resampling.BILINEAR)
    assert np.abs(read_picture(encoded(Image.fromarray(pixels), "PNG"), 100) - np.array(expected, float)).max() <= 1


MEMORY = """
import resource, sys
from resnet_core.images import read_picture
data = sys.stdin.buffer.read()
read_picture(open(sys.argv[1], "rb").read())  # whatever is loaded once
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert read_picture(data).shape == (512, 1024, 3)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ru_maxrss is in kilobytes on Linux only")
def test_of_a_large_picture_only_the_picture_itself_is_held_at_full_size():
    width, height = 8000, 4000  # 4 bytes each: 128 MB
    data = encoded(Image.new("RGBA", (width, height), (1, 2, 3, 100)), "PNG")
    command = [sys.executable, "-c", MEMORY, str(sample_pictures()["cat"])]
    kilobytes = int(subprocess.run(command, input=data, capture_output=True, check=True).stdout)
    assert kilobytes * 1024 < 1.5 * 4 * width * height


def test_the_square_is_cut_from_the_middle():
    columns = np.repeat(np.arange(6, dtype=np.uint8)[None, :, None], 2, axis=0).repeat(3, axis=2) * 40
    assert square(columns, 2)[0, :, 0].tolist() == [80, 120]  # columns 2 and 3 of 0..5


def test_gray_weighs_the_colours_by_brightness():
    picture = np.zeros((1, 1, 3), dtype=np.uint8)
    picture[0, 0] = (100, 200, 50)
    assert square(picture, 1, channels=1).item() == 153  # 29.9 + 117.4 + 5.7


@pytest.mark.parametrize("size", [7, 16, 32, 50])
def test_shrinking_agrees_with_torch(size):
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    expected = torch.nn.functional.interpolate(tensor, size=(size, size), mode="bilinear", antialias=True)
    assert np.abs(square(picture, size) - expected[0].permute(1, 2, 0).numpy()).max() <= 1.01


def test_an_input_is_normalised_channel_by_channel():
    picture = np.full((8, 8, 3), 255, dtype=np.uint8)
    batch = to_input(picture, 4)
    assert batch.shape == (1, 3, 4, 4)
    expected = [(1 - mean) / std for mean, std in zip(IMAGENET_MEAN, IMAGENET_STD, strict=True)]
    assert batch[0, :, 0, 0].tolist() == pytest.approx(expected, rel=1e-6)
    assert to_input(picture, 4, 1, (0.5,), (0.25,)).tolist() == [[[[2.0] * 4] * 4]]


@pytest.mark.parametrize(("channels", "mean"), [(2, (0.0, 0.0)), (3, (0.0,))])
def test_an_input_needs_one_mean_per_channel(channels, mean):
    with pytest.raises(ConfigError, match="one mean and one deviation for each"):
        to_input(np.zeros((4, 4, 3), dtype=np.uint8), 4, channels, mean, mean)


def test_the_photographs_are_small_and_named_in_their_readme():
    pictures = sample_pictures()
    assert set(pictures) == {"cat", "coffee", "rocket"}
    readme = next(iter(pictures.values())).with_name("README.md").read_text()
    for path in pictures.values():
        assert path.name in readme
        assert path.stat().st_size < 60_000
        assert max(read_picture(path.read_bytes()).shape) <= 320


@pytest.mark.parametrize("size", [32, 33, 224])
def test_the_pattern_has_every_corner_of_the_colour_cube(size):
    pattern = edge_pattern(size)
    assert pattern.shape == (size, size, 3)
    assert len(np.unique(pattern.reshape(-1, 3), axis=0)) == 8


def test_reading_a_picture_does_not_wait_for_torch():
    code = "import sys, resnet_core.images, resnet_core.datasets.packed; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_errors_say_what_the_file_looks_like():
    with pytest.raises(DataError, match=r"a PDF document.*PNG, JPEG, WebP or GIF"):
        read_picture(b"%PDF-1.7\n%...")
