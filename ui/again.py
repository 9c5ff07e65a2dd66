"""The link that opens Train live with the settings of a run."""

from typing import Any, get_args

from resnet_core import DataConfig, ResNetConfig, RunSpec, TrainConfig, cifar, race
from ui.controls import DEPTHS, SEEDS, WIDTHS
from ui.questions import Comparison
from ui.recipes import BATCHES, MOST_STEPS, MOST_WARM_UP, RATES, SIZES, milestones


def train_again(spec: RunSpec) -> dict[str, str] | None:
    """What the address of Train live has to ask for to get this run, or None where its controls cannot ask for that.

    Pictures of one's own, and where they lay, are left for the visitor to bring again.
    """
    networks = _networks(spec)
    recipe = _recipe(spec.training)
    offered = SIZES.get(spec.data.name, ((), 0))[0]  # sizes
    if networks is None or recipe is None or spec.data.size not in offered:
        return None
    return networks | recipe | _pictures(spec.data)


def _networks(spec: RunSpec) -> dict[str, str] | None:
    first = spec.networks[0]
    width = first.widths[0]
    shape: dict[str, Any] = {"width": width, "in_channels": first.in_channels, "classes": first.classes}
    if width not in WIDTHS:
        return None
    for name in get_args(Comparison):
        if name != "own" and spec.networks == race(name, **shape):
            return {"race": name, "width": str(width)}
    asked = {"race": "own", "width": str(width), "count": str(len(spec.networks))}
    for number, config in enumerate(spec.networks, start=1):
        if config.layers not in DEPTHS or config != _own(config, shape):
            return None
        asked |= {
            f"d{number}": str(config.layers),
            f"s{number}": _word(not config.is_plain),
            f"b{number}": _word(config.norm == "batch"),
            f"i{number}": config.init,
            f"z{number}": _word(config.zero_gamma),
        }
    return asked


def _own(config: ResNetConfig, shape: dict[str, Any]) -> ResNetConfig:
    """What the controls make of a network's switches; see questions.run."""
    switches: dict[str, Any] = {"norm": config.norm, "init": config.init, "zero_gamma": config.zero_gamma}
    return cifar(config.layers, plain=config.is_plain, **switches, **shape)


def _recipe(training: TrainConfig) -> dict[str, str] | None:
    asked = TrainConfig(
        steps=training.steps,
        batch=training.batch,
        optimiser=training.optimiser,
        learning_rate=training.learning_rate,
        schedule=training.schedule,
        milestones=milestones(training.steps) if training.schedule == "step" else (),
        warm_up=training.warm_up,
        augment=training.augment,
        seed=training.seed,
    )
    fits = training.steps <= MOST_STEPS and training.warm_up <= MOST_WARM_UP and training.seed in SEEDS
    if training != asked or not fits or training.batch not in BATCHES or training.learning_rate not in RATES:
        return None
    return {
        "steps": str(training.steps),
        "batch": str(training.batch),
        "opt": training.optimiser,
        "lr": str(training.learning_rate),
        "schedule": training.schedule,
        "warm_up": str(training.warm_up),
        "augment": _word(training.augment),
        "seed": str(training.seed),
    }


def _pictures(data: DataConfig) -> dict[str, str]:
    return {"data": data.name, f"size_{data.name}": str(data.size)}


def _word(answer: bool) -> str:
    return "true" if answer else "false"
