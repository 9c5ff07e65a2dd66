"""How strong is the signal behind each block of a fresh network, and how large is F(x) beside x?"""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_core.batches import Batches
from resnet_core.data import load_data
from resnet_core.model import ResNet, build_model
from resnet_core.probes import ResponseMeter, residual_blocks
from resnet_core.probes.norm_statistics import batch_statistics
from resnet_core.questions.responses import SignalsQuestion
from resnet_core.records.progress import Progress
from resnet_core.records.signals import NetworkSignals, SignalsReport
from resnet_core.training import check_fit


def signals(question: SignalsQuestion) -> Iterator[Progress]:
    """The deviation of what every block hands on, and norm(F) / norm(x) in every block, before the first step.

    One forward pass of the batch that training would begin with: the one whose gradient `gradient_flow` reads. Every
    BatchNorm takes the statistics of this batch. The deviation is that of all values of a block's output over pictures,
    channels and pixels, in the units of a normalised picture, whose own deviation is about 1. F is what the branch
    adds, x what the shortcut hands on to the addition, both as L2 norms over the whole batch.

    De & Smith 2020 (arXiv:2002.10444), section 2: with BatchNorm on the branch, the variance of x grows with every
    block and that of F does not, so that a deep block is close to the identity when training begins.

    Raises:
        ConfigError: a network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(question.data)
    for config in question.networks:
        check_fit(config, pictures)
    images, _ = Batches(pictures, question.training, torch.device("cpu")).at(1)
    found: tuple[NetworkSignals, ...] = ()
    for config in question.networks:
        found += (look(build_model(config, question.training.seed), images),)
        yield Progress(len(found) / len(question.networks), SignalsReport(found))


def look(model: ResNet, images: Tensor) -> NetworkSignals:
    """Measure every block on one batch, (N, C, H, W), in float64 from the float32 activations."""
    layers = ("stem", *residual_blocks(model))
    modules = dict(model.named_modules())
    added = [name for name in layers if modules.get(f"{name}.skip") is not None]
    handed_on = ResponseMeter(model, layers, torch.float64)
    branches, shortcuts = (
        ResponseMeter(model, [f"{name}.{path}" for name in added], torch.float64) for path in ("branch", "skip")
    )
    with batch_statistics(model), handed_on, branches, shortcuts, torch.no_grad():
        model(images)
    mean, deviation = handed_on.moments().numpy()
    ratio = np.full(len(layers), np.nan)
    if added:
        places = [layers.index(name) for name in added]
        ratio[places] = _over(branches.moments().numpy(), shortcuts.moments().numpy())
    return NetworkSignals(layers, np.where(np.isfinite(mean), deviation, np.inf), ratio)


def _over(branch: NDArray[np.float64], shortcut: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ratio of two norms from mean and deviation, (2, blocks) each: as many values are in the one as in the other.

    NaN where both are 0 or both not finite.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.hypot(*branch) / np.hypot(*shortcut)
