"""The comparisons that a class runs first, by name: small sets of networks whose difference is the lesson.

Each is chosen so that its effect shows within a minute on one thread with the default recipe (TrainConfig). What the
networks really do is for the run to say; nothing about the outcome is stored here.
"""

from collections.abc import Callable
from typing import Literal

from resnet_core.config import ResNetConfig
from resnet_core.presets import cifar

RaceName = Literal["degradation", "two_by_two", "vanishing", "exploding"]


def _degradation(**shape: int) -> tuple[ResNetConfig, ...]:
    """He et al. 2015, figure 1 and figure 6: is a deeper plain network worse on its own training data?"""
    return (
        cifar(20, plain=True, init="default", **shape),
        cifar(56, plain=True, init="default", **shape),
        cifar(56, init="default", zero_gamma=True, **shape),
    )


def _two_by_two(**shape: int) -> tuple[ResNetConfig, ...]:
    """Skip on or off, BatchNorm on or off, all else equal."""
    return (
        cifar(20, plain=True, norm="none", init="default", **shape),
        cifar(20, plain=True, init="default", **shape),
        cifar(20, norm="none", init="default", **shape),
        cifar(20, init="default", **shape),
    )


def _vanishing(**shape: int) -> tuple[ResNetConfig, ...]:
    """No BatchNorm, and an initialisation with too small a gain: what does the shortcut change?"""
    return cifar(20, plain=True, norm="none", init="default", **shape), cifar(20, norm="none", init="default", **shape)


def _exploding(**shape: int) -> tuple[ResNetConfig, ...]:
    """Shortcuts without BatchNorm under He's initialisation: each block about doubles the variance of the signal."""
    return cifar(56, norm="none", init="he", **shape), cifar(56, init="he", **shape)


RACES: dict[RaceName, Callable[..., tuple[ResNetConfig, ...]]] = {
    "degradation": _degradation,
    "two_by_two": _two_by_two,
    "vanishing": _vanishing,
    "exploding": _exploding,
}


def race(name: RaceName, *, width: int = 8, in_channels: int = 1, classes: int = 10) -> tuple[ResNetConfig, ...]:
    """The networks of a comparison, with `width` channels in the first stage."""
    return RACES[name](width=width, in_channels=in_channels, classes=classes)
