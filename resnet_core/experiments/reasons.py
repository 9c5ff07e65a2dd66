"""Reasons: which pixels of one picture speak for what a network sees in it, and which blocks does it need?"""

from collections.abc import Sequence

import numpy as np
import torch

from resnet_core.experiments.attributions import attribution_map
from resnet_core.experiments.lesions import modules
from resnet_core.experiments.operations import draw_operations
from resnet_core.experiments.pictures import Picture, class_names, coloured, shown
from resnet_core.images import IMAGENET_MEAN, IMAGENET_STD, to_input
from resnet_core.model import ResNet
from resnet_core.probes import residual_blocks
from resnet_core.probes.attribution import Attributor, Request
from resnet_core.probes.routes import run_routes
from resnet_core.records.inside import PictureAttributions, PictureReasons

METHODS = ("grad_cam", "saliency", "guided_backprop")  # which take one pass back each


def picture_reasons(
    model: ResNet,
    picture: Picture,
    classes: Sequence[str] = (),
    size: int = 224,
    mean: Sequence[float] = IMAGENET_MEAN,
    std: Sequence[float] = IMAGENET_STD,
) -> PictureReasons:
    """Which pixels speak for the likeliest class, and what does the network see without each of its blocks?

    The picture is treated as in `picture_report`. Grad-CAM looks at the last block (Selvaraju et al. 2017,
    arXiv:1610.02391). What takes a block's place when it is taken out: see `lesions`.

    Raises:
        ProbeError: `classes` does not name each output of the network.
        ConfigError: `mean` and `std` do not fit the network's channels.
    """
    image = to_input(coloured(picture), size, model.config.in_channels, mean, std)
    cuts = draw_operations(model.config, 1, 0)
    routes = cuts.routes[: 1 + len(cuts.blocks)]
    answers = dict(run_routes(modules(model), image, routes))
    scores = torch.cat([answers[number] for number in range(len(routes))]).double().softmax(1).numpy()
    target = int(np.nan_to_num(scores[0], nan=-1.0).argmax())
    attributor, layer = Attributor(model), residual_blocks(model)[-1]
    request = Request(image, torch.tensor([target]), torch.zeros_like(image), layer)
    maps = tuple(attribution_map(method, attributor.attribute(method, request), 0) for method in METHODS)
    return PictureReasons(
        explained=PictureAttributions(
            picture=shown(picture, size, model.config.in_channels),
            label=-1,
            target=target,
            scores=scores[0],
            maps=maps,
        ),
        classes=class_names(classes, scores.shape[1]),
        layer=layer,
        blocks=cuts.blocks,
        without=scores[1:],
    )
