"""Pixels as a PNG inside a web address. Plotly would send each pixel as a list of four numbers instead."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def data_uri(pixels: NDArray[np.uint8]) -> str:
    """`data:image/png;base64,...` of an RGBA picture (height, width, 4). W3C PNG specification, sections 5 and 11."""
    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # 8 bits, RGBA, no interlace
    unfiltered = np.zeros((height, 1 + 4 * width), np.uint8)
    unfiltered[:, 1:] = pixels.reshape(height, -1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(unfiltered.tobytes(), 1)), (b"IEND", b""))
    file = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)
    return "data:image/png;base64," + base64.b64encode(file).decode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
