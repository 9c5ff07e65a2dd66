"""The command line that makes a run again."""

import shlex
from dataclasses import replace

from resnet_core.config import ResNetConfig
from resnet_core.presets import preset, preset_names
from resnet_core.races import RACES, race
from resnet_core.recipe import ELSEWHERE, RunSpec, TrainConfig

SPEC_FILE = "spec.json"  # in what a run is taken home as, see archive.py

_OPTIONS = {  # setting of a recipe: its option
    "steps": "--steps",
    "batch": "--batch",
    "optimiser": "--optimiser",
    "learning_rate": "--lr",
    "momentum": "--momentum",
    "weight_decay": "--weight-decay",
    "schedule": "--schedule",
    "warm_up": "--warm-up",
    "seed": "--seed",
    "label_smoothing": "--label-smoothing",
    "precision": "--precision",
    "inspect_every": "--inspect-every",
}


def train_command(spec: RunSpec) -> str:
    """`python -m resnet_core train ...` with the options that give these networks, pictures and recipe.

    Networks that no options name are read from the file spec.json, which every run that is taken home holds. Pictures
    that do not come along have to be put in the place of FOLDER.
    """
    words = ["python", "-m", "resnet_core", "train"]
    networks = _networks(spec.networks)
    if networks is None:
        words += ["--spec", SPEC_FILE]
    else:
        words += [*networks, "--data", spec.data.name, "--size", str(spec.data.size), *_recipe(spec.training)]
    if spec.data.name in ELSEWHERE:
        words += ["--path", "FOLDER"]
    return shlex.join(words)


def _networks(networks: tuple[ResNetConfig, ...]) -> list[str] | None:
    bare = tuple(replace(config, in_channels=1, classes=10) for config in networks)
    width = bare[0].widths[0]
    for name in RACES:
        if bare == race(name, width=width):
            return ["--race", name, "--width", str(width)]
    known = {replace(preset(name), in_channels=1, classes=10): name for name in preset_names()}
    if all(config in known for config in bare):
        return [word for config in bare for word in ("--preset", known[config])]
    return None


def _recipe(training: TrainConfig) -> list[str]:
    usual = TrainConfig()
    words = [
        word
        for setting, option in _OPTIONS.items()
        if getattr(training, setting) != getattr(usual, setting)
        for word in (option, str(getattr(training, setting)))
    ]
    if training.milestones:
        words += ["--milestones", *map(str, training.milestones)]
    switches = {"--augment": training.augment, "--vary": training.vary}
    return words + [option for option, on in switches.items() if on]
