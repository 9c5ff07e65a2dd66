"""How much of what a unit could see it really uses: its effective receptive field (Luo et al. 2016, arXiv:1701.04128).

The centre unit of a map gets a gradient of 1, all others 0, and this is carried back to the picture. The mean absolute
gradient of each pixel over random inputs and networks is the field.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resnet_core.probes.names import find_layer

FAINT = 1 - 0.9545  # of the largest: what is fainter does not count as seen (Luo et al. 2016, section 3)
Field = NDArray[np.float64]  # (height, width)


def unit_field(model: nn.Module, inputs: Tensor, layer: str) -> Field:
    """Mean absolute gradient of the centre unit of `layer`, all of its channels added, for each pixel of `inputs`.

    `inputs` are (N, C, H, W); absolute values are added over C and averaged over N. The centre of a map of h by w is
    (h // 2, w // 2). Weights get no gradient. Put the model into eval mode first, or BatchNorm lets every unit depend
    on every pixel of the batch.

    Raises:
        ProbeError: the model has no layer of that name.
    """
    heard: list[Tensor] = []

    def listen(module: nn.Module, given: tuple[object, ...], output: Tensor) -> None:
        heard.append(output)

    hook = find_layer(model, layer).register_forward_hook(listen)
    pixels = inputs.detach().clone().requires_grad_()
    try:
        with torch.enable_grad():
            model(pixels)
    finally:
        hook.remove()
    height, width = heard[-1].shape[2:]
    (gradient,) = torch.autograd.grad(heard[-1][:, :, height // 2, width // 2].sum(), pixels)
    return gradient.abs().sum(1).mean(0).cpu().numpy().astype(np.float64)


@contextmanager
def fixed_statistics(model: nn.Module, inputs: Tensor) -> Iterator[None]:
    """Eval mode with the BatchNorm statistics of these very inputs, for the length of a `with` block.

    A fresh network has no running statistics to go by, and its signals would grow from block to block as with no
    BatchNorm at all. Taken from the inputs and then held, they normalise and carry no gradient.
    """
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    kept = [({name: value.clone() for name, value in norm.named_buffers()}, norm.momentum) for norm in norms]
    was_training = model.training
    try:
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain mean, here of one batch
        with torch.no_grad():
            model.train()(inputs)
        model.eval()
        yield
    finally:
        for norm, (buffers, momentum) in zip(norms, kept, strict=True):
            norm.momentum = momentum
            for name, value in buffers.items():
                norm.get_buffer(name).copy_(value)
        model.train(was_training)


def effective_side(field: Field) -> float:
    """Pixels: root of the number of pixels that get more than 4.55% of the largest (Luo et al. 2016, section 3)."""
    return float(np.sqrt((field > FAINT * field.max()).sum())) if field.max() > 0 else 0.0


def spread(field: Field) -> float:
    """Standard deviation along one axis in pixels, mean of both axes, of the field as a distribution."""
    if not field.max() > 0:
        return float("nan")
    return float(np.sqrt(np.mean([_variance(field.sum(axis)) for axis in (0, 1)])))


def gaussian_fit(field: Field) -> tuple[float, float]:
    """The round Gaussian nearest to the field: its standard deviation in pixels, and the share of variance explained.

    Least squares over height and width, around the field's centre of mass. Widths are tried from 0.3 pixels to the
    field's own side in steps of 2%.
    """
    if not field.max() > 0 or field.std() == 0:
        return float("nan"), float("nan")
    rows, columns = (_centred(field.sum(axis)) for axis in (1, 0))
    squares = rows[:, None] ** 2 + columns[None, :] ** 2
    sigmas = np.geomspace(0.3, max(field.shape), 1 + int(np.log(max(field.shape) / 0.3) / 0.02))
    left = [_misfit(field, np.exp(-squares / (2 * sigma**2))) for sigma in sigmas]
    best = int(np.argmin(left))
    return float(sigmas[best]), float(1 - left[best] / ((field - field.mean()) ** 2).sum())


def _misfit(field: Field, bell: Field) -> float:
    return float(((field - bell * ((field * bell).sum() / (bell**2).sum())) ** 2).sum())


def _centred(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    places = np.arange(len(profile), dtype=float)
    return places - (profile * places).sum() / profile.sum()


def _variance(profile: NDArray[np.float64]) -> float:
    return float((profile * _centred(profile) ** 2).sum() / profile.sum())
