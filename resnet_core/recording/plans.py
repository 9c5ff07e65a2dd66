"""What is recorded at length, by name: networks that are shipped, and the curves of degradation."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from resnet_core.config import ResNetConfig
from resnet_core.presets import cifar
from resnet_core.recipe import DataConfig, RunSpec, TrainConfig

# Not in bf16 where that is fast: a run must go on, and be made again, on another machine.
_ALL: Mapping[str, Any] = MappingProxyType(
    {"batch": 128, "learning_rate": 0.1, "precision": "fp32", "inspect_every": 0}
)
# He et al. 2015, section 4.2, with a 128th of their 64,000 steps: the rate falls at the same shares of the run. They
# warm up at depth 110 only, until the training error is below 80 %; here all do for the same fifty steps.
DEGRADATION_STEPS = 500
DEGRADATION_DEPTHS = (20, 32, 44, 56, 110)
MORE_SEEDS = {20: 3, 56: 3}  # depth: seeds; the others have one
_DEGRADATION: Mapping[str, Any] = MappingProxyType(
    {
        "steps": DEGRADATION_STEPS,
        "weight_decay": 1e-4,
        "schedule": "step",
        "milestones": (DEGRADATION_STEPS // 2, DEGRADATION_STEPS * 3 // 4),
        "warm_up": 50,
        "augment": True,
    }
)
# These are to be as good as so few steps allow, which no paper's recipe is made for.
_CIFAR: Mapping[str, Any] = MappingProxyType(
    {"weight_decay": 5e-4, "schedule": "cosine", "warm_up": 150, "augment": True}
)
CIFAR_SHIPPED = {("residual", 20): 3000, ("plain", 20): 3000, ("residual", 56): 2000}  # (kind, depth): steps

PHOTO_EPOCH = 20_666 / 128  # steps
PHOTO_EPOCHS = 40
_PHOTOS: Mapping[str, Any] = MappingProxyType(
    {"weight_decay": 5e-4, "schedule": "cosine", "warm_up": 300, "vary": True, "label_smoothing": 0.1}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One long run."""

    name: str
    corpus: str
    spec: RunSpec  # of one network; its data has no path
    look_every: int  # steps between two tests on all test pictures
    weights: bool  # whether they are kept
    sizes: tuple[int, ...]  # pixels at which the finished network is tested, enlarged where the pictures are smaller


def plans() -> dict[str, Plan]:
    """All of them, in the order in which they are worth having."""
    found = [_photos("residual"), _photos("plain")]
    found += [_cifar(kind, depth, steps) for (kind, depth), steps in CIFAR_SHIPPED.items()]
    for seed in range(max(MORE_SEEDS.values())):
        for depth in DEGRADATION_DEPTHS:
            if seed < MORE_SEEDS.get(depth, 1):
                found += [_degradation(kind, depth, seed) for kind in ("residual", "plain")]
    return {plan.name: plan for plan in found}


def _degradation(kind: str, depth: int, seed: int) -> Plan:
    return Plan(
        name=f"degradation-{kind}-{depth}" + (f"-seed-{seed}" if seed else ""),
        corpus="cifar10_jpeg",
        spec=RunSpec(
            networks=(cifar(depth, plain=kind == "plain"),),
            data=DataConfig(name="jpegs", size=32),
            training=TrainConfig(seed=seed, **_ALL, **_DEGRADATION),
        ),
        look_every=DEGRADATION_STEPS // 20,
        weights=False,
        sizes=(32,),
    )


def _cifar(kind: str, depth: int, steps: int) -> Plan:
    return Plan(
        name=f"cifar-{kind}-{depth}",
        corpus="cifar10_jpeg",
        spec=RunSpec(
            networks=(cifar(depth, plain=kind == "plain"),),
            data=DataConfig(name="jpegs", size=32),
            training=TrainConfig(steps=steps, **_ALL, **_CIFAR),
        ),
        look_every=steps // 20,
        weights=True,
        sizes=(32,),
    )


def _photos(kind: str) -> Plan:
    network = ResNetConfig(  # ResNet-18 of half the width, He et al. 2015, table 1
        stem="imagenet",
        stem_width=32,
        depths=(2, 2, 2, 2),
        widths=(32, 64, 128, 256),
        shortcut="none" if kind == "plain" else "B",
        classes=42,
    )
    return Plan(
        name=f"photos-{kind}",
        corpus="photos64",
        spec=RunSpec(
            networks=(network,),
            data=DataConfig(name="jpegs", size=64),
            training=TrainConfig(steps=round(PHOTO_EPOCHS * PHOTO_EPOCH), **_ALL, **_PHOTOS),
        ),
        look_every=round(2 * PHOTO_EPOCH),
        weights=True,
        sizes=(64, 128, 224),
    )
