"""Which pixels a class score comes from, by six methods. This is the one file that imports captum.

Captum puts hooks on the network. So it gets a copy: networks that several threads share would give wrong
numbers or errors. Guided backpropagation changes what every nn.ReLU hands back and passes over ReLUs that are mere
functions, so a network has to have its ReLUs as modules.
"""

import copy
import warnings
from collections.abc import Callable
from typing import NamedTuple

import torch
from captum.attr import (
    GuidedBackprop,
    IntegratedGradients,
    LayerConductance,
    LayerGradCam,
    Occlusion,
    Saliency,
)
from torch import Tensor, nn

from resnet_core.errors import ProbeError
from resnet_core.probes.names import find_layer

PIXELS_AT_ONCE = 300_000  # of all pictures in one pass of an integral or of occlusion


class Request(NamedTuple):
    """What is to be explained, and how finely."""

    images: Tensor  # (N, C, H, W)
    targets: Tensor  # (N,)  the class whose score is explained
    baselines: Tensor  # (N, C, H, W) or (1, C, H, W)  pictures that say nothing
    layer: str  # of Grad-CAM and conductance
    steps: int = 64  # of the integrals
    window: int = 5  # pixels per side that occlusion covers at a time


class Attribution(NamedTuple):
    """What a method says of each picture."""

    values: Tensor  # (N, h, w)  channels added; at the picture's size or that of the layer's maps
    totals: Tensor  # (N,)  sum of all attributions
    expected: Tensor  # (N,)  what the sum must be; NaN where the method promises nothing


class Attributor:
    """Attributes class scores before the softmax to pixels, or to units of a layer, by one of `METHODS`.

    The model is left as it is; a copy of it in eval mode, made once, is what runs. Use one in one thread only.

    "integrated_gradients": gradient times difference from the baseline, averaged on the straight way between them
        (Sundararajan et al. 2017, arXiv:1703.01365). Sums to score minus baseline's score (completeness).
    "conductance": the same integral through the units of a layer (Dhamdhere et al. 2018, arXiv:1805.12233), complete
        where every way from picture to score leads through the layer, as it does for a block's output.
    "saliency": absolute gradient (Simonyan et al. 2013, arXiv:1312.6034).
    "guided_backprop": gradient without what is negative at a ReLU (Springenberg et al. 2014, arXiv:1412.6806).
    "occlusion": by how much the score falls when the baseline covers a window, mean over the windows that cover a pixel
        (Zeiler and Fergus 2014, arXiv:1311.2901, section 4.2).
    "grad_cam": maps of a layer, each times its mean gradient, added (Selvaraju et al. 2017, arXiv:1610.02391),
        before the ReLU that Grad-CAM ends with, so that what speaks against the class is seen too.
    """

    def __init__(self, model: nn.Module) -> None:
        self._own = copy.deepcopy(model).eval()

    def attribute(self, method: str, request: Request) -> Attribution:
        """What `method` says of each picture.

        Raises:
            ProbeError: there is no such method or layer, or guided backpropagation finds no ReLU module.
        """
        if method not in _METHODS:
            raise ProbeError("There is no method {name!r}. There are {names}.", name=method, names=", ".join(_METHODS))
        find_layer(self._own, request.layer)
        request = request._replace(baselines=request.baselines.expand_as(request.images))
        values = _METHODS[method](self._own, request).detach()
        totals = values.double().flatten(1).sum(1)
        expected = torch.full_like(totals, float("nan"))
        if method in COMPLETE:
            scores, nothing = (
                _scores(self._own, pictures, request) for pictures in (request.images, request.baselines)
            )
            expected = (scores - nothing).double()
        return Attribution(values.sum(1), totals, expected)


def _integrated_gradients(model: nn.Module, ask: Request) -> Tensor:
    return IntegratedGradients(model).attribute(
        ask.images, ask.baselines, target=ask.targets, n_steps=ask.steps, internal_batch_size=_at_once(ask)
    )


def _conductance(model: nn.Module, ask: Request) -> Tensor:
    found = LayerConductance(model, find_layer(model, ask.layer)).attribute(
        ask.images, ask.baselines, target=ask.targets, n_steps=ask.steps, internal_batch_size=_at_once(ask)
    )
    return _one(found)


def _saliency(model: nn.Module, ask: Request) -> Tensor:
    return Saliency(model).attribute(ask.images.clone().requires_grad_(), target=ask.targets)


def _guided_backprop(model: nn.Module, ask: Request) -> Tensor:
    if not any(isinstance(module, nn.ReLU) for module in model.modules()):
        raise ProbeError("Guided backpropagation needs a network whose ReLUs are modules. This one has none.")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Setting backward hooks on ReLU")  # which is what is wanted
        return GuidedBackprop(model).attribute(ask.images.clone().requires_grad_(), target=ask.targets)


def _occlusion(model: nn.Module, ask: Request) -> Tensor:
    channels = ask.images.shape[1]
    step = max(1, ask.window // 3)
    return (
        Occlusion(model).attribute(
            ask.images,
            sliding_window_shapes=(channels, ask.window, ask.window),
            strides=(channels, step, step),
            baselines=ask.baselines,
            target=ask.targets,
            perturbations_per_eval=max(1, _at_once(ask) // len(ask.images)),
        )
        / channels
    )  # a window covers all channels at once, and captum writes its effect to each


def _grad_cam(model: nn.Module, ask: Request) -> Tensor:
    return _one(LayerGradCam(model, find_layer(model, ask.layer)).attribute(ask.images, target=ask.targets))


_METHODS: dict[str, Callable[[nn.Module, Request], Tensor]] = {
    "integrated_gradients": _integrated_gradients,
    "conductance": _conductance,
    "occlusion": _occlusion,
    "saliency": _saliency,
    "guided_backprop": _guided_backprop,
    "grad_cam": _grad_cam,
}
METHODS = tuple(_METHODS)
COMPLETE = ("integrated_gradients", "conductance")  # whose attributions have to add up to a difference of scores


def _scores(model: nn.Module, images: Tensor, ask: Request) -> Tensor:
    with torch.no_grad():
        return model(images).gather(1, ask.targets[:, None])[:, 0]


def _at_once(ask: Request) -> int:
    """Pictures per pass."""
    return max(len(ask.images), PIXELS_AT_ONCE // ask.images[0, 0].numel())


def _one(found: Tensor | tuple[Tensor, ...]) -> Tensor:
    return found if isinstance(found, Tensor) else found[0]
