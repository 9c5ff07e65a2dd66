"""The comparisons that a class runs first, by name: small sets of networks whose difference is the lesson.

Each is chosen so that its effect shows within a minute on one thread with the default recipe (TrainConfig). What the
networks really do is for the run to say; nothing about the outcome is stored here.
"""

from typing import Any, Literal

from resnet_core.config import ResNetConfig
from resnet_core.presets import cifar

RaceName = Literal["degradation", "two_by_two", "two_by_two_deep", "vanishing", "exploding"]

_NO_NORM: dict[str, Any] = {"norm": "none"}
_PLAIN: dict[str, Any] = {"plain": True}


def _two_by_two(depth: int) -> tuple[dict[str, Any], ...]:
    kinds = _PLAIN | _NO_NORM, _PLAIN, _NO_NORM, {}
    return tuple({"depth": depth} | kind for kind in kinds)


RACES: dict[RaceName, tuple[dict[str, Any], ...]] = {
    # He et al. 2015, figures 1 and 6: is a deeper plain network worse on its own training data?
    "degradation": ({"depth": 20} | _PLAIN, {"depth": 56} | _PLAIN, {"depth": 56}),
    # skip on or off, BatchNorm on or off, all else equal
    "two_by_two": _two_by_two(20),
    "two_by_two_deep": _two_by_two(56),
    # no BatchNorm, and an initialisation with too small a gain: what does the shortcut change?
    "vanishing": ({"depth": 20} | _PLAIN | _NO_NORM, {"depth": 20} | _NO_NORM),
    # shortcuts without BatchNorm under He's initialisation: each block about doubles the variance of the signal
    "exploding": ({"depth": 56, "init": "he"} | _NO_NORM, {"depth": 56, "init": "he"}),
}


def race(name: RaceName, *, width: int = 8, in_channels: int = 1, classes: int = 10) -> tuple[ResNetConfig, ...]:
    """The networks of a comparison, with `width` channels in the first stage. PyTorch's initialisation unless said."""
    shape: dict[str, Any] = {"init": "default", "width": width, "in_channels": in_channels, "classes": classes}
    return tuple(cifar(**(shape | settings)) for settings in RACES[name])
