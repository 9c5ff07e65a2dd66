"""Which images each step learns from. It depends on the seed and the step alone, so a run can go on anywhere."""

import zlib

import torch
from torch import Tensor

from resnet_core.augmentation import augment, vary
from resnet_core.data import DataSet
from resnet_core.recipe import TrainConfig


class Batches:
    """The batches of a run: each epoch shows every image once, in an order drawn from (seed, epoch)."""

    def __init__(self, data: DataSet, config: TrainConfig, device: torch.device) -> None:
        self._images = data.train_images.to(device)
        self._labels = data.train_labels.to(device)
        self._mirror = data.mirror_ok
        self._config = config
        self._orders: dict[int, Tensor] = {}  # epoch -> permutation; the present one and the next
        self._last: tuple[int, tuple[Tensor, Tensor]] | None = None

    def at(self, step: int) -> tuple[Tensor, Tensor]:
        """Images (batch, C, H, W), channels last in memory, and labels (batch,) of a step counted from 1.

        The networks of one run ask for the same step in turn and get the same tensors.
        """
        if self._last is None or self._last[0] != step:
            self._last = step, self._draw(step)
        return self._last[1]

    def indices(self, step: int) -> Tensor:
        """Which training images a step sees, (batch,)."""
        count, batch = len(self._labels), self._config.batch
        first = (step - 1) * batch
        pieces = []
        for epoch in range(first // count, (first + batch - 1) // count + 1):
            begin = epoch * count
            pieces.append(self._order(epoch)[max(first - begin, 0) : first + batch - begin])
        return torch.cat(pieces)

    def _draw(self, step: int) -> tuple[Tensor, Tensor]:
        picked = self.indices(step).to(self._labels.device)
        images = self._images[picked]
        if self._config.augment:
            images = augment(images, _generator(self._config.seed, "augment", step), self._mirror)
        if self._config.vary:
            images = vary(images, _generator(self._config.seed, "vary", step), self._mirror)
        return images.contiguous(memory_format=torch.channels_last), self._labels[picked]

    def _order(self, epoch: int) -> Tensor:
        if epoch not in self._orders:
            self._orders = {known: order for known, order in self._orders.items() if known == epoch - 1}
            generator = _generator(self._config.seed, "order", epoch)
            self._orders[epoch] = torch.randperm(len(self._labels), generator=generator)
        return self._orders[epoch]


def _generator(seed: int, purpose: str, number: int) -> torch.Generator:
    return torch.Generator().manual_seed(zlib.crc32(f"{seed}/{purpose}/{number}".encode()))
