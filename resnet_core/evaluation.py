"""How a network does on pictures that it has not learned from."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.data import DataSet
from resnet_core.inspection import CHUNK, test_subset


class Score(NamedTuple):
    """What a test comes to."""

    loss: float  # mean cross-entropy
    wrong: int  # pictures whose highest score is not their class's
    images: int

    @property
    def error(self) -> float:
        """Share of wrong answers."""
        return self.wrong / self.images


@torch.no_grad()
def evaluate(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    context: Callable[[], AbstractContextManager[object]] = nullcontext,
    chunk: int = CHUNK,
) -> Score:
    """Test `model` in eval mode, `chunk` pictures at a time; afterwards it is in the mode that it was in.

    Args:
        model: gives (N, classes) scores.
        images: (N, C, H, W) normalised.
        labels: (N,).
        context: what every forward pass runs in, such as autocast.
        chunk: pictures per forward pass.
    """
    device, was_training = next(model.parameters()).device, model.training
    model.eval()
    with context():
        parts = [
            model(part.to(device, memory_format=torch.channels_last)).float().cpu() for part in images.split(chunk)
        ]
    model.train(was_training)
    scores, wanted = torch.cat(parts), labels.cpu()
    return Score(float(F.cross_entropy(scores, wanted)), int((scores.argmax(1) != wanted).sum()), len(wanted))


def share_of_wrong_answers(model: nn.Module, data: DataSet) -> float:
    """Share of wrong answers on the test pictures that every look uses (`test_subset`)."""
    chosen = test_subset(data)
    return evaluate(model, data.test_images[chosen], data.test_labels[chosen]).error
