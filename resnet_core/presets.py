"""The papers' networks by name, and their plain twins. No torch is needed to name a network.

Sources: He et al. 2015 (arXiv:1512.03385) table 1 and section 4.2; He et al. 2016 (arXiv:1603.05027); Zagoruyko and
Komodakis 2016 (arXiv:1605.07146) for wide networks; Xie et al. 2017 (arXiv:1611.05431) for ResNeXt.
"""

import difflib
from dataclasses import replace
from typing import Any

from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError

MAX_CIFAR_DEPTH = 1202

_DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def preset(name: str) -> ResNetConfig:
    """The config of a network known by name. `preset_names()` lists the names.

    Raises:
        ConfigError: there is none of that name; the message offers the nearest.
    """
    if name in _PRESETS:
        return _PRESETS[name]
    close = difflib.get_close_matches(str(name).lower(), _PRESETS, n=3) or ["resnet18", "cifar-resnet20", "plain34"]
    raise ConfigError(
        "There is no network called {name!r}. Did you mean {close}? There are {count} in all, see preset_names().",
        name=name,
        close=" or ".join(close),
        count=len(_PRESETS),
    )


def preset_names() -> tuple[str, ...]:
    """Every name that `preset` knows, families together, small before large."""
    return tuple(_PRESETS)


def plain_twin(config: ResNetConfig) -> ResNetConfig:
    """The same network without any shortcut."""
    return replace(config, shortcut="none", cut=())


def cifar(depth: int, *, width: int = 16, plain: bool = False, **settings: Any) -> ResNetConfig:  # noqa: ANN401
    """A network of section 4.2: three stages of n blocks with `width`, 2 `width` and 4 `width` channels.

    With basic blocks depth is 6n + 2, with bottlenecks 9n + 2. `settings` are any others of ResNetConfig;
    `plain` wins over a `shortcut` among them.

    Raises:
        ConfigError: no whole n gives that depth, or a setting is out of range.
    """
    per_n = 9 if settings.get("block") == "bottleneck" else 6
    blocks = _blocks_per_stage(depth, per_n)
    if plain:
        settings["shortcut"] = "none"
    shape: dict[str, Any] = {"depths": (blocks,) * 3, "widths": (width, 2 * width, 4 * width), "stem_width": width}
    return ResNetConfig(**(shape | settings))


def _blocks_per_stage(depth: int, per_n: int) -> int:
    allowed = range(per_n + 2, MAX_CIFAR_DEPTH + 1, per_n)
    if isinstance(depth, int) and depth in allowed:
        return (depth - 2) // per_n
    nearest = sorted(allowed, key=lambda known: abs(known - depth))[:2] if isinstance(depth, int) else allowed[:2]
    raise ConfigError(
        "depth is {depth!r}. A network of three equal stages has {per_n}n + 2 layers, from {low} to {high}. "
        "Choose {one} or {other}.",
        depth=depth,
        per_n=per_n,
        low=allowed[0],
        high=allowed[-1],
        one=min(nearest),
        other=max(nearest),
    )


def _imagenet(depth: int, **settings: Any) -> ResNetConfig:  # noqa: ANN401
    defaults: dict[str, Any] = {
        "stem": "imagenet",
        "stem_width": 64,
        "block": "bottleneck" if depth >= 50 else "basic",
        "depths": _DEPTHS.get(depth),
        "widths": (64, 128, 256, 512),
        "version": "v1.5",
        "shortcut": "B",
        "classes": 1000,
    }
    return ResNetConfig(**(defaults | settings))


def _wide(depth: int, factor: int) -> ResNetConfig:
    # WRN-d-k counts its three projections and not the head, so d = 6n + 4; the stem stays at 16 channels
    width = 16 * factor
    return cifar(depth - 2, width=width, stem_width=16, version="v2", shortcut="B")


def _imagenet_presets() -> dict[str, ResNetConfig]:
    residual = {f"resnet{depth}": _imagenet(depth) for depth in _DEPTHS}
    papers = {f"resnet{depth}-v1": _imagenet(depth, version="v1", shortcut=_paper_option(depth)) for depth in _DEPTHS}
    options = {
        f"resnet{depth}-{option}": _imagenet(depth, version="v1", shortcut=option)
        for depth in (18, 34)
        for option in "ABC"
    }
    plain = {f"plain{depth}": plain_twin(config) for depth, config in zip(_DEPTHS, papers.values(), strict=True)}
    second = {f"resnetv2-{depth}": _imagenet(depth, version="v2") for depth in _DEPTHS}
    second["resnetv2-200"] = _imagenet(200, depths=(3, 24, 36, 3), version="v2")
    return residual | papers | options | plain | second | _widened()


def _widened() -> dict[str, ResNetConfig]:
    return {
        "resnext50_32x4d": _imagenet(50, groups=32, width_per_group=4),
        "resnext101_32x8d": _imagenet(101, groups=32, width_per_group=8),
        "resnext101_64x4d": _imagenet(101, groups=64, width_per_group=4),
        "wide_resnet50_2": _imagenet(50, width_per_group=128),
        "wide_resnet101_2": _imagenet(101, width_per_group=128),
    }


def _cifar_presets() -> dict[str, ResNetConfig]:
    residual = {f"cifar-resnet{depth}": cifar(depth) for depth in (20, 32, 44, 56, 110, 1202)}
    plain = {f"cifar-plain{depth}": cifar(depth, plain=True) for depth in (20, 32, 44, 56, 110)}
    second = {"preresnet110": cifar(110, version="v2", shortcut="B")}
    for depth in (164, 1001):
        second[f"preresnet{depth}"] = cifar(depth, block="bottleneck", version="v2", shortcut="B")
    sizes = ((16, 4), (16, 8), (28, 2), (28, 10), (40, 4), (40, 10))
    wide = {f"wrn-{depth}-{factor}": _wide(depth, factor) for depth, factor in sizes}
    return residual | plain | second | wide


def _paper_option(depth: int) -> str:
    # tables 2 and 3: zero-padding for the two shallow networks, projections where bottlenecks make quadruple widths
    return "A" if depth < 50 else "B"


_PRESETS = _imagenet_presets() | _cifar_presets()
