"""A network that an experiment trains for itself, with its progress."""

from collections.abc import Generator

import torch

from resnet_core.data import DataSet
from resnet_core.errors import Sentence
from resnet_core.model import ResNet
from resnet_core.recipe import TrainConfig
from resnet_core.records import Progress
from resnet_core.training import check_fit, train

TRAINING = Sentence("training")
EVERY = 4  # steps between two words about the progress


def trained(
    model: ResNet, data: DataSet, training: TrainConfig, start: float, end: float
) -> Generator[Progress, None, float]:
    """Train `model` in place; progress goes from `start` to `end`. Returns the last loss and leaves eval mode.

    Raises:
        ConfigError: the network does not fit the pictures.
    """
    check_fit(model.config, data)
    loss = float("nan")
    for record in train(model, data, training):
        loss = record.loss
        if record.step % EVERY == 0:
            yield Progress(start + (end - start) * record.step / training.steps, doing=TRAINING)
    model.eval().to(memory_format=torch.contiguous_format)  # pyright: ignore[reportCallIssue]
    return loss
