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
CIFAR_STEPS = 2000  # of all, so that they can be compared
CIFAR_SHIPPED = (("residual", 20), ("plain", 20), ("residual", 56))

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
    found += [
        _on_cifar(f"cifar-{kind}-{depth}", kind, depth, TrainConfig(steps=CIFAR_STEPS, **_ALL, **_CIFAR), weights=True)
        for kind, depth in CIFAR_SHIPPED
    ]
    for seed in range(max(MORE_SEEDS.values())):
        for depth in DEGRADATION_DEPTHS:
            if seed < MORE_SEEDS.get(depth, 1):
                training = TrainConfig(seed=seed, **_ALL, **_DEGRADATION)
                end = f"-seed-{seed}" if seed else ""
                found += [
                    _on_cifar(f"degradation-{kind}-{depth}{end}", kind, depth, training, weights=False)
                    for kind in ("residual", "plain")
                ]
    return {plan.name: plan for plan in found}


def _on_cifar(name: str, kind: str, depth: int, training: TrainConfig, *, weights: bool) -> Plan:
    return Plan(
        name=name,
        corpus="cifar10_jpeg",
        spec=RunSpec(
            networks=(cifar(depth, plain=kind == "plain"),),
            data=DataConfig(name="jpegs", size=32),
            training=training,
        ),
        look_every=training.steps // 20,
        weights=weights,
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
