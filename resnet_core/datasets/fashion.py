"""A balanced part of Fashion-MNIST: 1,000 pictures of each class to learn from and 200 to test on.

Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747. See assets/data/README.md for where the file comes from.
"""

import numpy as np

from resnet_core.datasets.pictures import SHIPPED, Pictures, Pixels, average, pad
from resnet_core.errors import ConfigError

SIZES = (8, 16, 28, 32)
CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def load_fashion(size: int) -> Pictures:
    """28 pixels as published; 32 with a black frame; 16 and 8 are averages of the framed picture.

    Raises:
        ConfigError: another size.
    """
    if size not in SIZES:
        raise ConfigError(
            "size is {size!r}. Fashion-MNIST is 28 pixels wide and comes in {sizes} pixels. Choose one of these.",
            size=size,
            sizes=", ".join(map(str, SIZES)),
        )
    with np.load(SHIPPED / "fashion.npz", allow_pickle=False) as file:
        return Pictures(
            train_images=_view(file["train_images"][..., None], size),
            train_labels=file["train_labels"].astype(np.int64),
            test_images=_view(file["test_images"][..., None], size),
            test_labels=file["test_labels"].astype(np.int64),
            classes=CLASSES,
        )


def _view(images: Pixels, size: int) -> Pixels:
    if size == 28:
        return images
    framed = pad(images, 32)
    return framed if size == 32 else average(framed, 32 // size)
