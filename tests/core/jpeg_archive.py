"""A small archive of JPEG pictures, put together as datasets/jpegs.py describes it."""

import io

import numpy as np
from PIL import Image

CLASSES = ("dark", "bright")
SIDE = 16


def pictures(count, seed=0):
    """(count, 16, 16, 3) pictures and their labels: dark ones and bright ones in turn, with some noise."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.uint8) % 2
    level = np.where(labels == 0, 60, 190)[:, None, None, None]
    return np.clip(level + rng.integers(-30, 30, (count, SIDE, SIDE, 3)), 0, 255).astype(np.uint8), labels


def encoded(images):
    """Each picture as a JPEG file of its own; all have the same tables, so the same header."""
    files = []
    for image in images:
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, "JPEG", quality=75)
        files.append(buffer.getvalue())
    return files


def content(train=24, test=10):
    """What such an archive holds, by name."""
    parts = {"train": pictures(train), "test": pictures(test, seed=1)}
    files = {name: encoded(images) for name, (images, _) in parts.items()}
    every = [*files["train"], *files["test"]]
    common = next(place for place in range(len(every[0]) + 1) if len({one[: place + 1] for one in every}) > 1)
    arrays = {"header": np.frombuffer(every[0][:common], np.uint8), "classes": np.array(CLASSES)}
    for name, (_, labels) in parts.items():
        bodies = [one[common:] for one in files[name]]
        arrays[f"body_{name}"] = np.frombuffer(b"".join(bodies), np.uint8)
        arrays[f"len_{name}"] = np.array([len(body) for body in bodies], np.uint16)
        arrays[f"y_{name}"] = labels
    return arrays


def write(path, **changes):
    """Write an archive with some of its arrays changed, or left out where the change is None."""
    arrays = {name: array for name, array in (content() | changes).items() if array is not None}
    np.savez(path, **arrays)
    return path
