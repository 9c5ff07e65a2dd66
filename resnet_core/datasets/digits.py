"""Handwritten digits, 8x8 pixels: the test part of UCI's Optical Recognition of Handwritten Digits, as in scikit-learn.

Alpaydin and Kaynak 1998, doi:10.24432/C50P49. See assets/data/README.md for where the file comes from.
"""

import numpy as np

from resnet_core.datasets.pictures import SHIPPED, Pictures, split
from resnet_core.errors import ConfigError

SIZES = (8, 16)
TEST_SHARE = 360 / 1797


def load_digits(size: int) -> Pictures:
    """1,437 pictures to learn from and 360 to test on. At 16 pixels every pixel is repeated 2x2; nothing is invented.

    Raises:
        ConfigError: a size other than 8 or 16.
    """
    if size not in SIZES:
        raise ConfigError(
            "size is {size!r}. The digits are 8 pixels wide and come in {sizes} pixels. Choose one of these.",
            size=size,
            sizes=", ".join(map(str, SIZES)),
        )
    with np.load(SHIPPED / "digits.npz", allow_pickle=False) as file:
        sixteenths, labels = file["images"], file["labels"].astype(np.int64)
    images = (sixteenths[..., None] * np.float32(255 / 16)).repeat(size // 8, axis=1).repeat(size // 8, axis=2)
    train, test = split(labels, TEST_SHARE, seed=0)
    return Pictures(
        train_images=images[train],
        train_labels=labels[train],
        test_images=images[test],
        test_labels=labels[test],
        classes=tuple(map(str, range(10))),
        mirror_ok=False,
    )
