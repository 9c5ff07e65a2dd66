"""Data sets as tensors, ready to train on: normalised, and kept per process."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_core.datasets.cifar10 import load_cifar10
from resnet_core.datasets.digits import load_digits
from resnet_core.datasets.fashion import load_fashion
from resnet_core.datasets.folder import load_folder
from resnet_core.datasets.jpegs import load_jpegs
from resnet_core.datasets.packed import load_packed
from resnet_core.datasets.pictures import Pictures, Pixels
from resnet_core.errors import ConfigError
from resnet_core.recipe import DataConfig

KEPT = 3  # data sets per process; the shipped ones take from 0.5 to 50 MB, CIFAR-10 at 32 pixels takes 740
_loading = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class DataSet:
    """Images and labels to learn from and to test on. Everyone in the process shares the tensors: never write to them.

    Images are (N, channels, height, width) float32; each channel of the training images has mean 0 and deviation 1, and
    the test images are shifted and scaled by the same numbers.
    """

    train_images: Tensor
    train_labels: Tensor  # (N,) int64
    test_images: Tensor
    test_labels: Tensor
    classes: tuple[str, ...]
    mean: tuple[float, ...]  # per channel, of the training images, where black is 0 and white is 1
    std: tuple[float, ...]
    mirror_ok: bool = True  # whether a mirrored picture still belongs to its class
    skipped: tuple[str, ...] = ()  # pictures that could not be read, and why

    @property
    def channels(self) -> int:
        """1 for gray pictures, 3 for colour."""
        return self.train_images.shape[1]

    @property
    def size(self) -> int:
        """Pixels per side."""
        return self.train_images.shape[-1]

    def pixels(self, image: Tensor) -> NDArray[np.uint8]:
        """A picture to look at: (H, W) gray or (H, W, 3), from one normalised (C, H, W) image."""
        std, mean = (torch.tensor(values)[:, None, None] for values in (self.std, self.mean))
        shown = (image.detach().cpu().float() * std + mean).clamp(0, 1).mul(255).round().to(torch.uint8)
        return shown[0].numpy() if len(shown) == 1 else shown.permute(1, 2, 0).numpy()


def load_data(config: DataConfig) -> DataSet:
    """The data set that `config` names. The last few stay in memory; threads may ask at the same time.

    Raises:
        ConfigError: the data set does not come in this size.
        DataError: the file or folder is missing, damaged or not what it should be.
    """
    with _loading:  # a second thread waits for the first one's work instead of doing it again
        return _load(config, _last_change(config.path))


@lru_cache(maxsize=KEPT)
def _load(config: DataConfig, _last_change: float) -> DataSet:
    return to_tensors(_read(config))


def _read(config: DataConfig) -> Pictures:
    if config.name == "fashion":
        return load_fashion(config.size)
    if config.name == "digits":
        return load_digits(config.size)
    if not config.path:
        raise ConfigError(
            "path is empty. Data {name!r} needs the place of its files on the machine that trains.", name=config.name
        )
    path = Path(config.path)
    if config.name == "cifar10":
        return load_cifar10(path, config.size)
    if config.name == "jpegs":
        return load_jpegs(path, config.size)
    return _mixed(load_packed(path, config.size) if path.suffix == ".npz" else load_folder(path, config.size))


def _mixed(pictures: Pictures) -> Pictures:
    """In an order drawn once for all: experiments look at the first few, which may not be those of the first class."""
    draw = np.random.default_rng(0)
    train, test = (draw.permutation(len(labels)) for labels in (pictures.train_labels, pictures.test_labels))
    return replace(
        pictures,
        train_images=pictures.train_images[train],
        train_labels=pictures.train_labels[train],
        test_images=pictures.test_images[test],
        test_labels=pictures.test_labels[test],
    )


def _last_change(place: str) -> float:
    """Seconds since 1970, so that files which have changed are read anew; 0 where there is nothing to look at."""
    path = Path(place)
    if not place or not path.exists():
        return 0.0
    return max(part.stat().st_mtime for part in (path, *(path.glob("*") if path.is_dir() else ())))


def to_tensors(pictures: Pictures) -> DataSet:
    """Normalise `pictures` by the mean and deviation of their training images, channel by channel."""
    train, test = _channels_first(pictures.train_images), _channels_first(pictures.test_images)
    std, mean = torch.std_mean(train, dim=(0, 2, 3), correction=0)
    std = torch.where(std < 1e-6, torch.ones_like(std), std)  # a set of blank pictures stays blank
    for images in (train, test):
        images.sub_(mean[:, None, None]).div_(std[:, None, None])
    return DataSet(
        train_images=train,
        train_labels=torch.from_numpy(pictures.train_labels),
        test_images=test,
        test_labels=torch.from_numpy(pictures.test_labels),
        classes=pictures.classes,
        mean=tuple(mean.tolist()),
        std=tuple(std.tolist()),
        mirror_ok=pictures.mirror_ok,
        skipped=pictures.skipped,
    )


def _channels_first(images: Pixels) -> Tensor:
    values = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2)
    return values.to(torch.float32, memory_format=torch.contiguous_format, copy=True).div_(255)
