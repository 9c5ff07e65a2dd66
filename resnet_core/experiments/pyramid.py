"""The feature pyramid: what does a detector get from a ResNet for one picture?"""

from collections.abc import Iterator, Sequence
from math import sqrt

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.checkpoints import load_checkpoint
from resnet_core.errors import DataError, Sentence
from resnet_core.images import read_picture, square, to_input
from resnet_core.layers import Convolution
from resnet_core.model import ResNet, build_model
from resnet_core.official import official_file
from resnet_core.presets import preset
from resnet_core.probes import layer_shapes, receptive_fields, record, residual_blocks
from resnet_core.questions.beyond import PyramidQuestion
from resnet_core.records import Progress
from resnet_core.records.beyond import Level, PyramidReport
from resnet_core.samples import edge_pattern, sample_pictures

AREAS = (32**2, 64**2, 128**2, 256**2, 512**2)  # pixels, of the anchors on P2 to P6 (Lin et al. 2017, section 4.1)
RATIOS = (0.5, 1.0, 2.0)  # height over width: 1:2, 1:1, 2:1
LOOK = Sentence("The network looks at the picture")


def feature_pyramid(question: PyramidQuestion) -> Iterator[Progress]:
    """What does a backbone hand on at strides 4, 8, 16 and 32, and what do the top-down sums make of it?

    C2 to C5 are the outputs of the last block of each stage, in eval mode. A 1x1 brings each to 256 channels; from the
    coarsest down, P5 = lateral(C5) and P_l = lateral(C_l) + upsample(P_(l+1)), nearest neighbour, factor 2 (Lin et al.
    2017, arXiv:1612.03144, section 3, figure 3). P6 takes every second cell of P5 and has anchors only. The paper
    smooths each sum with a 3x3 before anything reads it; that is left out here. The laterals' weights are always fresh
    from the seed, as the backbone's are unless ImageNet's are asked for: this shows how the pyramid is wired, not what
    a trained one has learned.

    Raises:
        DataError: ImageNet's weights are asked for and not on this machine.
    """
    picture = shipped_picture(question.picture)
    model = backbone(question).eval()
    yield Progress(0.5, None, LOOK)
    stages = last_block_of_each_stage(model)
    with torch.no_grad(), record(model, stages, copy=False) as tape:
        model(to_input(picture, question.size))
        maps = [tape.activations[stage] for stage in stages]
        laterals = lateral_convolutions([level.shape[1] for level in maps], question.CHANNELS, question.seed)
        sides, above, sums = top_down(maps, laterals)
    yield Progress(
        1.0,
        PyramidReport(
            picture=square(picture, question.size),
            levels=levels(model, question.size, stages),
            backbone=tuple(level[0].mean(0).numpy() for level in maps),
            lateral=_channel(sides, question.channel),
            above=_channel(above, question.channel),
            sums=_channel(sums, question.channel),
            lateral_norms=_norms(sides),
            above_norms=_norms(above),
            channel=question.channel,
            channels=question.CHANNELS,
            anchors=anchor_sizes(),
        ),
    )


def backbone(question: PyramidQuestion) -> ResNet:
    """The network, fresh from the seed or with the weights that torchvision publishes.

    Raises:
        DataError: those are not on this machine.
    """
    if question.weights == "random":
        return build_model(preset(question.backbone), question.seed)
    if (file := official_file(question.backbone)) is None:
        raise DataError(
            "The ImageNet weights of {network} are not on this machine. Choose random weights, or fetch them first.",
            network=question.backbone,
        )
    model, _ = load_checkpoint(file.read_bytes(), file.name)
    return model


def lateral_convolutions(channels: Sequence[int], width: int, seed: int) -> nn.ModuleList:
    """A 1x1 from each level's channels to `width`, fresh from the seed with variance 1 / (channels in) and no bias."""
    draw = torch.Generator().manual_seed(seed)
    convolutions = nn.ModuleList()
    for count in channels:
        convolution = Convolution(count, width, 1, bias=False)  # whose making draws nothing
        with torch.no_grad():
            convolution.weight.copy_(torch.randn(width, count, 1, 1, generator=draw) / sqrt(count))
        convolutions.append(convolution)
    return convolutions


def top_down(
    maps: Sequence[Tensor], laterals: Sequence[nn.Module] | nn.ModuleList
) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Lateral, upsampled from above, and their sum, for each level; maps and results go from fine to coarse.

    Shapes: (N, C_l, S_l, S_l) -> (N, width, S_l, S_l), where each S_l is twice the next one.
    """
    sides = [lateral(level) for lateral, level in zip(laterals, maps, strict=True)]
    above, sums = [torch.zeros_like(sides[-1])], [sides[-1]]
    for side in reversed(sides[:-1]):
        above.insert(0, F.interpolate(sums[0], scale_factor=2, mode="nearest"))
        sums.insert(0, side + above[0])
    return sides, above, sums


def anchor_sizes() -> NDArray[np.float64]:
    """Width and height of each level's anchors, (levels, ratios, 2): width = sqrt(area / ratio), height = its ratio."""
    return np.array([[(sqrt(area / ratio), sqrt(area * ratio)) for ratio in RATIOS] for area in AREAS])


def levels(model: nn.Module, size: int, stages: Sequence[str]) -> tuple[Level, ...]:
    """C2 to C5 of this network for a picture of `size` pixels, and P6, which takes every second cell of P5."""
    shapes = layer_shapes(model, (3, size, size))
    fields = receptive_fields(model)
    found = []
    for place, (stage, area) in enumerate(zip(stages, AREAS, strict=False)):
        channels, side, _ = shapes[stage]
        last = [layer for layer in fields if layer.startswith(f"{stage}.")][-1]
        found.append(Level(f"C{place + 2}", size // side, side, channels, fields[last], area))
    coarsest = found[-1]
    found.append(
        Level("P6", 2 * coarsest.stride, coarsest.side // 2, PyramidQuestion.CHANNELS, coarsest.field, AREAS[-1])
    )
    return tuple(found)


def last_block_of_each_stage(model: nn.Module) -> tuple[str, ...]:
    """Names of the blocks whose outputs are C2, C3, C4, C5."""
    return tuple({block.rpartition(".")[0]: block for block in residual_blocks(model)}.values())


def shipped_picture(name: str) -> NDArray[np.uint8]:
    """A picture that comes along, (H, W, 3)."""
    return edge_pattern() if name == "edges" else read_picture(sample_pictures()[name].read_bytes())


def _channel(tensors: Sequence[Tensor], channel: int) -> tuple[NDArray[np.float32], ...]:
    return tuple(tensor[0, channel].numpy() for tensor in tensors)


def _norms(tensors: Sequence[Tensor]) -> NDArray[np.float64]:
    return np.array([float(tensor.double().norm()) for tensor in tensors])
