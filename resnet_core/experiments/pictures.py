"""Feature maps: what does a network make of one picture, and what does one block add to it?"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resnet_core.errors import ProbeError
from resnet_core.images import IMAGENET_MEAN, IMAGENET_STD, square, to_input
from resnet_core.model import ResNet
from resnet_core.probes import record, residual_blocks
from resnet_core.records import BlockAnatomy, LayerMaps, PictureReport

Picture = NDArray[np.uint8]


def picture_report(
    model: ResNet,
    picture: Picture,
    classes: Sequence[str] = (),
    size: int = 224,
    mean: Sequence[float] = IMAGENET_MEAN,
    std: Sequence[float] = IMAGENET_STD,
) -> PictureReport:
    """What do the stem and every block make of a picture, and which class does the network see in it?

    The centre square of `picture`, (H, W) or (H, W, 3), is scaled to `size` pixels and normalised by `mean` and `std`,
    one number per channel that the network reads. One pass in eval mode; the maps are the network's own output, shared
    and not copied. Without `classes` the scores are named by their numbers.

    Raises:
        ProbeError: `classes` does not name each output of the network.
        ConfigError: `mean` and `std` do not fit the network's channels.
    """
    names = ("stem", *residual_blocks(model))
    with record(model, names, copy=False) as tape:
        logits = _look(model, picture, size, mean, std)
    return PictureReport(
        picture=shown(picture, size, model.config.in_channels),
        layers=tuple(LayerMaps(name, *_place(name), _array(tape.activations[name])) for name in names),
        scores=logits[0].double().softmax(0).cpu().numpy(),
        classes=class_names(classes, logits.shape[1]),
    )


def block_anatomy(
    model: ResNet,
    picture: Picture,
    block: str,
    size: int = 224,
    mean: Sequence[float] = IMAGENET_MEAN,
    std: Sequence[float] = IMAGENET_STD,
    *,
    before: NDArray[np.float32] | None = None,
) -> BlockAnatomy:
    """What comes into a block, what goes around it, what goes through it, and what is their sum?

    `block` is a name like "stages.0.1"; the picture is treated as in `picture_report`. In a v2 block with a projection
    x is what both paths share, after the first BN and ReLU (He et al. 2016, appendix). `before`, (channels, height,
    width), is what the layer before the block put out for this picture, where that is known: it saves the way there.

    Raises:
        ProbeError: the network has no block of that name.
        ConfigError: `mean` and `std` do not fit the network's channels.
    """
    if block not in (blocks := residual_blocks(model)):
        raise ProbeError(
            "The network has no block named {block!r}. It has {count} blocks, from {first} to {last}.",
            block=block,
            count=len(blocks),
            first=blocks[0],
            last=blocks[-1],
        )
    with_skip = dict(model.named_modules()).get(f"{block}.skip") is not None
    taps = ["branch_in", "branch", "sum", *(["skip"] if with_skip else [])]
    with record(model, [f"{block}.{tap}" for tap in taps], copy=False) as tape:
        if before is None:
            _look(model, picture, size, mean, std)
        else:
            _pass(model, model.get_submodule(block), torch.from_numpy(before)[None])
    found = {tap: _array(tape.activations[f"{block}.{tap}"]) for tap in taps}
    return BlockAnatomy(block, found["branch_in"], found.get("skip"), found["branch"], found["sum"])


def _look(model: ResNet, picture: Picture, size: int, mean: Sequence[float], std: Sequence[float]) -> Tensor:
    return _pass(model, model, to_input(coloured(picture), size, model.config.in_channels, mean, std))


def _pass(model: ResNet, part: nn.Module, batch: Tensor) -> Tensor:
    weight = next(model.parameters())
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            return part(batch.to(weight.device))
    finally:
        model.train(was_training)


def coloured(picture: Picture) -> Picture:
    """(H, W, 3), also of a gray picture."""
    return np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 else picture


def shown(picture: Picture, size: int, channels: int) -> Picture:
    """What a network of so many channels gets to see, before normalising: (size, size) or (size, size, 3)."""
    seen = square(coloured(picture), size, channels)
    return seen[..., 0] if channels == 1 else seen


def _array(activation: Tensor) -> NDArray[np.float32]:
    return activation[0].float().cpu().numpy()


def _place(name: str) -> tuple[int, int]:
    """Stage, with 0 for the stem, and block."""
    if name == "stem":
        return 0, 0
    _, stage, block = name.split(".")
    return int(stage) + 1, int(block)


def class_names(classes: Sequence[str], outputs: int) -> tuple[str, ...]:
    """One name per output; numbers where there are no names.

    Raises:
        ProbeError: there are some, but not one per output.
    """
    if not classes:
        return tuple(map(str, range(outputs)))
    if len(classes) != outputs:
        raise ProbeError(
            "The network has {outputs} outputs and {count} class names were given. Give one name per output, or none.",
            outputs=outputs,
            count=len(classes),
        )
    return tuple(classes)
