"""What a weight is called: here, in torchvision, and in the CIFAR repositories that follow torchvision's habits.

The three differ in names only, never in shapes or in order, so a mapping of names loses nothing in either direction.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from resnet_core.errors import CheckpointError
from resnet_core.model import ResNet

StyleName = Literal["ours", "torchvision", "cifar"]


@dataclass(frozen=True, slots=True)
class _Style:
    """Where torchvision's way and the CIFAR way of naming part."""

    head: str
    shortcut: str


_STYLES = {"torchvision": _Style("fc", "downsample"), "cifar": _Style("linear", "shortcut")}
_OUR_BLOCK = re.compile(r"stages\.([0-9]{1,4})\.([0-9]{1,4})\.(.+)")
_THEIR_BLOCK = re.compile(r"layer([0-9]{1,4})\.([0-9]{1,4})\.(.+)")


def guess_style(names: Iterable[str]) -> StyleName:
    """Whose names these are.

    Raises:
        CheckpointError: they are nobody's that we know.
    """
    known = set(names)
    if {"stem.conv.weight", "head.weight"} <= known:
        return "ours"
    for style, words in _STYLES.items():
        if {"conv1.weight", "layer1.0.conv1.weight", f"{words.head}.weight"} <= known:
            return "torchvision" if style == "torchvision" else "cifar"
    raise CheckpointError(
        "The file's weights are called {names} and so on. That is no ResNet in the naming of this laboratory, of "
        "torchvision ('layer1.0.conv1.weight', 'fc.weight') or of the CIFAR repositories ('linear.weight'). Save the "
        "state_dict of one of those.",
        names=", ".join(map(repr, sorted(known)[:3])) or "nothing",
    )


def to_ours(name: str, style: StyleName) -> str:
    """Our name for the weight that `style` calls `name`. A name that does not belong to a ResNet stays as it is."""
    if style == "ours":
        return name
    words = _STYLES[style]
    for theirs, ours in (("conv1.", "stem.conv."), ("bn1.", "stem.norm."), (f"{words.head}.", "head.")):
        if name.startswith(theirs):
            return ours + name.removeprefix(theirs)
    if not (match := _THEIR_BLOCK.fullmatch(name)):
        return name
    stage, block, rest = match.groups()
    rest = re.sub(r"^bn(\d)\.", r"norm\1.", rest)
    rest = rest.replace(f"{words.shortcut}.0.", "shortcut.conv.").replace(f"{words.shortcut}.1.", "shortcut.norm.")
    return f"stages.{int(stage) - 1}.{block}.{rest}"


def from_ours(name: str, style: StyleName) -> str:
    """What `style` calls the weight that we call `name`; `to_ours` takes it back."""
    if style == "ours":
        return name
    words = _STYLES[style]
    for theirs, ours in (("conv1.", "stem.conv."), ("bn1.", "stem.norm."), (f"{words.head}.", "head.")):
        if name.startswith(ours):
            return theirs + name.removeprefix(ours)
    if not (match := _OUR_BLOCK.fullmatch(name)):
        return name
    stage, block, rest = match.groups()
    rest = re.sub(r"^norm(\d)\.", r"bn\1.", rest)
    rest = rest.replace("shortcut.conv.", f"{words.shortcut}.0.").replace("shortcut.norm.", f"{words.shortcut}.1.")
    return f"layer{int(stage) + 1}.{block}.{rest}"


def state_dict_as(model: ResNet, style: StyleName) -> dict[str, Tensor]:
    """The network's weights and statistics under the names of `style`, in its order; the tensors are not copied.

    Raises:
        CheckpointError: the network is pre-activation (v2), which neither torchvision nor the CIFAR style has.
    """
    if style != "ours" and model.config.version == "v2":
        raise CheckpointError(
            "This network is of version 'v2', which the {style} naming has no words for. It can name versions 'v1' "
            "and 'v1.5'. Save it in our own naming instead.",
            style=style,
        )
    return {from_ours(name, style): tensor for name, tensor in model.state_dict().items()}
