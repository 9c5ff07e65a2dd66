"""Uploads that are broken, or meant to break something."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from resnet_core.errors import DataError
from resnet_core.images import MAX_BYTES, picture_size, read_picture
from resnet_core.signatures import looks_like


def encoded(kind: str, size: tuple[int, int] = (20, 20)) -> bytes:
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, kind)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that announces a size and has hardly any data."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(100_000, 100_000), (10_000, 10_000), (8_000, 7_000), (30_000, 10), (1, 2_000_000)])
def test_a_picture_that_announces_too_many_pixels_is_refused_before_decoding(size):
    with pytest.raises(DataError, match="too many pixels"):
        read_picture(png_header(*size))
    with pytest.raises(DataError, match="too many pixels"):
        picture_size(png_header(*size))


def test_a_picture_of_zero_width_is_refused():
    with pytest.raises(DataError):
        read_picture(png_header(0, 10))


def test_too_many_bytes_are_refused_whatever_they_are():
    with pytest.raises(DataError, match="At most 20 MB"):
        read_picture(bytes(MAX_BYTES + 1))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_cut_off_picture_is_refused(kind):
    data = encoded(kind)
    with pytest.raises(DataError, match=r"cut off or damaged|cannot be read as a picture"):
        read_picture(data[: len(data) // 2])


def test_nothing_is_not_a_picture():
    with pytest.raises(DataError, match="empty"):
        read_picture(b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "a HEIC picture"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", "an AVIF picture"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "a video"),
        (b"%PDF-1.4", "a PDF document"),
        (b"PK\x03\x04 and so on", "a zip archive"),
        (b"II*\x00 and so on", "a TIFF picture"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"dear diary", "plain text"),
        (bytes(range(200, 250)) + b"\x00", "something else"),
    ],
)
def test_what_is_no_allowed_picture_is_called_by_its_name(data, words):
    assert looks_like(data).startswith(words)
    with pytest.raises(DataError, match=words):
        read_picture(data)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA"])
def test_formats_that_pillow_could_read_are_refused_all_the_same(kind):
    with pytest.raises(DataError, match="Choose a PNG, JPEG, WebP or GIF"):
        read_picture(encoded(kind))


def picture_or_words(data: bytes, max_side: int) -> bool:
    """Whether reading gives a picture within the limit, or an error that says something. Other errors pass through."""
    try:
        picture = read_picture(data, max_side)
    except DataError as problem:
        return len(str(problem)) > 0
    return picture.shape[2] == 3 and max(picture.shape) <= max_side


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_a_data_error(data):
    assert picture_or_words(data, 64)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.data())
def test_a_damaged_picture_is_still_a_picture_or_a_data_error(kind, data):
    content = bytearray(encoded(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert picture_or_words(bytes(content), 64)
