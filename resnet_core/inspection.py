"""The closer look at a network in training: test error, layer responses, both paths' gradients, feature maps."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.data import DataSet
from resnet_core.probes import PathMeter, ResponseMeter, record, residual_blocks, response_layers
from resnet_core.records import Inspection

TEST_IMAGES = 500  # the last look of a run
GLANCE_IMAGES = 48  # the looks before it; a full one every ten steps would take a quarter of the time
MAP_CHANNELS = 8
CHUNK = 64  # images per forward pass, so that a CPU's cache holds them


def test_subset(data: DataSet) -> Tensor:
    """Which test images the looks use, (<= 500,): the same for every run on this data. The first one is the sample."""
    return torch.randperm(len(data.test_labels), generator=torch.Generator().manual_seed(0))[:TEST_IMAGES]


def last_blocks(model: nn.Module) -> tuple[str, ...]:
    """Name of the last block of each stage: the layers whose maps are shown."""
    return tuple({block.rpartition(".")[0]: block for block in residual_blocks(model)}.values())


class Inspector:
    """Looks closely at one network whenever it is asked to, and leaves no hook in between."""

    def __init__(
        self, model: nn.Module, data: DataSet, device: torch.device, autocast: Callable[[], AbstractContextManager]
    ) -> None:
        subset = test_subset(data)
        self._model = model
        self._autocast = autocast
        self._images = data.test_images[subset].to(device, memory_format=torch.channels_last)
        self._labels = data.test_labels[subset].to(device)
        self._responses = ResponseMeter(model, response_layers(model, self._images[:1]))
        self._paths = PathMeter(model)
        self._map_layers = last_blocks(model)
        self._seen: tuple[NDArray[np.uint8], ...] = ()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Wrap this around a forward and backward pass to measure responses and gradients of that step."""
        with self._responses, self._paths:
            yield

    def look(self, images: int = GLANCE_IMAGES) -> Inspection:
        """What was watched, and how the network does on the first test images of the subset.

        The test runs in eval mode, with BatchNorm's running statistics. These follow with momentum 0.1, so in the
        first few dozen steps the test error of a network that learns well can be poor.
        """
        with record(self._model, self._map_layers, copy=False) as tape:
            loss, accuracy = self._test(images, lambda: self._maps(tape.activations))
        moments = self._responses.moments().float().cpu().numpy()
        paths = self._paths.norms().cpu().numpy()
        return Inspection(
            test_loss=loss,
            test_accuracy=accuracy,
            response_mean=moments[0],
            response_std=moments[1],
            skip_gradient=paths[0],
            branch_gradient=paths[1],
            maps=self._seen,
        )

    def _test(self, count: int, after_first: Callable[[], None]) -> tuple[float, float]:
        labels = self._labels[:count]
        logits = []
        self._model.eval()
        with torch.inference_mode(), self._autocast():
            for chunk in self._images[:count].split(CHUNK):
                logits.append(self._model(chunk).float())
                if len(logits) == 1:
                    after_first()
        self._model.train()
        answers = torch.cat(logits)
        loss, correct = F.cross_entropy(answers, labels), (answers.argmax(1) == labels).float().mean()
        loss, correct = torch.stack([loss, correct]).tolist()
        return loss, correct

    def _maps(self, activations: dict[str, Tensor]) -> None:
        self._seen = tuple(_to_bytes(activations[name][0, :MAP_CHANNELS]) for name in self._map_layers)


def _to_bytes(maps: Tensor) -> NDArray[np.uint8]:
    maps = maps.float()
    low, high = maps.min(), maps.max()
    scaled = (maps - low) / torch.where(high > low, high - low, torch.ones_like(high)) * 255
    return scaled.nan_to_num(0).round().clamp(0, 255).to(torch.uint8).contiguous().cpu().numpy()
