"""Build fashion.npz: a balanced part of Fashion-MNIST, cut from the four original files.

    python assets/data/build_fashion.py [folder with the original files] [file to write]

Debian and Ubuntu install the originals with `apt install dataset-fashion-mnist`. The same originals give the same
file, byte for byte, wherever zlib compresses alike.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ORIGINALS = Path("/usr/share/datasets/fashion-mnist")
SEED = 20170825  # the day the data set was published
TRAIN_PER_CLASS, TEST_PER_CLASS = 1000, 200


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array in an IDX file: two zero bytes, its type, the number of axes, the axes (big-endian), the values."""
    content = gzip.decompress(path.read_bytes())
    axes = content[3]
    shape = np.frombuffer(content, ">u4", count=axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def choose(labels: NDArray[np.uint8], per_class: int, draw: np.random.Generator) -> NDArray[np.int32]:
    """Sorted indices of `per_class` pictures of every class."""
    chosen = [draw.choice(np.flatnonzero(labels == one), per_class, replace=False) for one in np.unique(labels)]
    return np.sort(np.concatenate(chosen)).astype(np.int32)


def build(originals: Path, target: Path) -> None:
    """Write the chosen pictures, their labels and where they stood in the originals."""
    draw = np.random.default_rng(SEED)
    arrays: dict[str, NDArray[np.generic]] = {}
    for part, prefix, per_class in (("train", "train", TRAIN_PER_CLASS), ("test", "t10k", TEST_PER_CLASS)):
        images = read_idx(originals / f"{prefix}-images-idx3-ubyte.gz")
        labels = read_idx(originals / f"{prefix}-labels-idx1-ubyte.gz")
        index = choose(labels, per_class, draw)
        arrays |= {f"{part}_images": images[index], f"{part}_labels": labels[index], f"{part}_index": index}
    np.savez_compressed(target, **arrays)  # pyright: ignore[reportArgumentType]


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    build(given[0] if given else ORIGINALS, given[1] if len(given) > 1 else Path(__file__).with_name("fashion.npz"))
