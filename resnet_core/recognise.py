"""Which network a set of weights belongs to, as far as names and shapes can tell."""

import math
import re
from collections.abc import Mapping

from resnet_core.config import BlockKind, ResNetConfig, ShortcutKind, Version
from resnet_core.errors import CheckpointError, ConfigError
from resnet_core.keys import StyleName

Shapes = Mapping[str, tuple[int, ...]]

_BLOCK = re.compile(r"stages\.([0-9]{1,4})\.([0-9]{1,4})\.")


def guess_config(shapes: Shapes, style: StyleName = "ours") -> ResNetConfig:
    """The config of a network with these weights, named in our way whatever `style` the file had.

    Shapes do not show everything. Taken as given: a 7x7 stem is followed by a max pool; bottlenecks have their stride
    on the 3x3 (v1.5); a network without projections pads with zeros rather than being plain, on both sides of the
    channels where the file is of the CIFAR style, as the repositories of that style do.

    Raises:
        CheckpointError: no network of ours has such weights.
    """
    try:
        return _guess(shapes, style)
    except KeyError as missing:
        raise CheckpointError(
            "The file has no weight for {name}. A ResNet has one; save the whole state_dict.", name=missing
        ) from None
    except ConfigError as problem:
        raise CheckpointError(
            "The file's weights describe a network that cannot be built here: {problem}", problem=problem
        ) from None
    except (IndexError, ValueError, ZeroDivisionError):
        raise CheckpointError(
            "The shapes of the file's weights do not fit together as a ResNet. Its convolutions must have weights of "
            "four dimensions and its head a matrix; save the whole state_dict of an unchanged network."
        ) from None


def _guess(shapes: Shapes, style: StyleName) -> ResNetConfig:
    depths = _depths(shapes)
    block: BlockKind = "bottleneck" if "stages.0.0.conv3.weight" in shapes else "basic"
    last = "conv3" if block == "bottleneck" else "conv2"
    outputs = [shapes[f"stages.{stage}.0.{last}.weight"][0] for stage in range(len(depths))]
    widths = tuple(out // (ResNetConfig.EXPANSION if block == "bottleneck" else 1) for out in outputs)
    groups, width_per_group = _cardinality(shapes, widths) if block == "bottleneck" else (1, 64)
    stem_width, in_channels, kernel, _ = shapes["stem.conv.weight"]
    return ResNetConfig(
        stem="imagenet" if kernel == 7 else "cifar",
        stem_width=stem_width,
        block=block,
        depths=depths,
        widths=widths,
        version=_version(shapes, style, block),
        shortcut=_shortcut(shapes, depths),
        zero_padding="both" if style == "cifar" else "end",
        norm="batch" if "stages.0.0.norm1.weight" in shapes else "none",
        groups=groups,
        width_per_group=width_per_group,
        in_channels=in_channels,
        classes=shapes["head.weight"][0],
    )


def _depths(shapes: Shapes) -> tuple[int, ...]:
    found = {(int(match[1]), int(match[2])) for name in shapes if (match := _BLOCK.match(name))}
    depths = [0] * (1 + max((stage for stage, _ in found if stage < len(shapes)), default=0))
    for stage, _ in found:
        if stage < len(depths):
            depths[stage] += 1
    return tuple(depths)


def _cardinality(shapes: Shapes, widths: tuple[int, ...]) -> tuple[int, int]:
    stage = widths.index(max(widths))  # where rounding to whole channels hides least
    inner = shapes[f"stages.{stage}.0.conv1.weight"][0]
    per_group = shapes[f"stages.{stage}.0.conv2.weight"][1]
    return inner // per_group, math.ceil(per_group * 64 / widths[stage])


def _version(shapes: Shapes, style: StyleName, block: BlockKind) -> Version:
    if "norm.weight" in shapes:
        return "v2"
    return "v1.5" if style == "torchvision" or block == "bottleneck" else "v1"


def _shortcut(shapes: Shapes, depths: tuple[int, ...]) -> ShortcutKind:
    projections = sum(name.endswith(".shortcut.conv.weight") for name in shapes)
    if projections == 0:
        return "A"
    return "C" if projections == sum(depths) else "B"
