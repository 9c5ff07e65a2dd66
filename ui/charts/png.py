"""Pixels as a PNG inside a web address. Plotly would send each pixel as a list of four numbers instead."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def data_uri(pixels: NDArray[np.uint8]) -> str:
    """`data:image/png;base64,...` of an RGBA picture (height, width, 4). W3C PNG specification, sections 5 and 11."""
    return _file(pixels, 6)


def indexed_uri(pixels: NDArray[np.uint8], colours: NDArray[np.uint8]) -> str:
    """The same of a picture (height, width) of places in `colours`, (256 at most, 4). A quarter of the bytes."""
    return _file(pixels, 3, (b"PLTE", colours[:, :3].tobytes()), (b"tRNS", colours[:, 3].tobytes()))


def _file(pixels: NDArray[np.uint8], colour_type: int, *tables: tuple[bytes, bytes]) -> str:
    height, width = pixels.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)  # 8 bits, no interlace
    rows = pixels.reshape(height, -1)
    unfiltered = np.zeros((height, 1 + rows.shape[1]), np.uint8)
    unfiltered[:, 1:] = rows
    chunks = ((b"IHDR", header), *tables, (b"IDAT", zlib.compress(unfiltered.tobytes(), 1)), (b"IEND", b""))
    file = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)
    return "data:image/png;base64," + base64.b64encode(file).decode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
