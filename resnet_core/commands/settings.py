"""Options of the command line that describe networks, data and a recipe, and the RunSpec that they come to."""

import argparse
from dataclasses import fields, replace
from typing import Any, get_args

from resnet_core.config import InitKind, NormKind, ResNetConfig, ShortcutKind, Version
from resnet_core.errors import ConfigError
from resnet_core.presets import preset
from resnet_core.races import RACES, race
from resnet_core.recipe import DataConfig, DataName, OptimiserKind, Precision, RunSpec, ScheduleKind, TrainConfig

RECIPE = TrainConfig()


def add_network_options(parser: argparse.ArgumentParser) -> None:
    """Switches that change every network of the command."""
    group = parser.add_argument_group("switches, for every network of the run")
    group.add_argument("--plain", "--no-skip", action="store_true", help="take all shortcuts away")
    group.add_argument("--shortcut", choices=get_args(ShortcutKind), help="the paper's option A, B or C, or none")
    group.add_argument("--norm", choices=get_args(NormKind), help="BatchNorm, or none")
    group.add_argument("--init", choices=get_args(InitKind), help="He et al.'s initialisation, or PyTorch's default")
    group.add_argument("--zero-gamma", action="store_true", help="start the last BatchNorm of each branch at 0")
    group.add_argument("--version", choices=get_args(Version), help="where stride and BatchNorm-ReLU sit")
    group.add_argument("--width", type=int, help="channels of the first stage; each later stage has twice as many")


def add_recipe_options(parser: argparse.ArgumentParser) -> None:
    """Data and recipe. Each option says its default."""
    data = parser.add_argument_group("data")
    data.add_argument("--data", choices=get_args(DataName), default="fashion", help="the pictures (default: fashion)")
    data.add_argument("--size", type=int, default=16, help="pixels per side (default: 16)")
    data.add_argument("--path", default="", help="for cifar10, folder and jpegs: the archive or folder")
    group = parser.add_argument_group("recipe")
    _number(group, "steps", "optimiser steps")
    _number(group, "batch", "images per step")
    group.add_argument("--optimiser", choices=get_args(OptimiserKind), default=RECIPE.optimiser)
    group.add_argument(
        "--lr", dest="learning_rate", type=float, default=RECIPE.learning_rate, help="learning rate (default: 0.05)"
    )
    _number(group, "momentum", "SGD's momentum, Adam's first beta")
    _number(group, "weight-decay", "weight decay")
    group.add_argument("--schedule", choices=get_args(ScheduleKind), default=RECIPE.schedule)
    group.add_argument("--milestones", type=int, nargs="+", default=(), help="where schedule 'step' divides by ten")
    _number(group, "warm-up", "steps over which the learning rate rises")
    group.add_argument("--augment", action="store_true", help="shift and mirror the images")
    group.add_argument("--vary", action="store_true", help="random crops, colours and hidden squares")
    _number(group, "label-smoothing", "share of the target that is spread over all classes")
    _number(group, "seed", "decides weights, data order and augmentation")
    group.add_argument("--precision", choices=get_args(Precision), default=RECIPE.precision)
    _number(group, "inspect-every", "steps between closer looks, 0 for never")


def run_spec(options: argparse.Namespace) -> RunSpec:
    """The run that the options ask for.

    Raises:
        ConfigError: a setting is out of range, or settings contradict each other.
    """
    data = DataConfig(name=options.data, size=options.size, path=options.path)
    values: dict[str, Any] = {field.name: getattr(options, field.name) for field in fields(TrainConfig)}
    values["milestones"] = tuple(options.milestones)
    training = TrainConfig(**values)
    channels, classes = data_shape(data)
    networks = tuple(
        switch(replace(network, in_channels=channels, classes=classes), options) for network in _named(options)
    )
    return RunSpec(networks=networks, data=data, training=training)


def switch(config: ResNetConfig, options: argparse.Namespace) -> ResNetConfig:
    """`config` with the switches that were given."""
    changes: dict[str, Any] = {
        name: getattr(options, name) for name in ("shortcut", "norm", "init", "version") if getattr(options, name)
    }
    if options.plain:
        changes |= {"shortcut": "none", "cut": ()}
    if options.zero_gamma:
        changes["zero_gamma"] = True
    if options.width is not None:
        changes |= {
            "stem_width": options.width,
            "widths": tuple(options.width * 2**stage for stage in range(len(config.widths))),
        }
    return replace(config, **changes)


def data_shape(data: DataConfig) -> tuple[int, int]:
    """Channels and number of classes of a data set, which it has to be loaded to tell."""
    from resnet_core.data import load_data

    pictures = load_data(data)
    return pictures.channels, len(pictures.classes)


def _named(options: argparse.Namespace) -> tuple[ResNetConfig, ...]:
    named = tuple(preset(name) for name in options.preset or ())
    together = race(options.race) if options.race else ()
    if not named and not together:
        raise ConfigError(
            "No network was named. Give --preset NAME, up to four times, or --race with one of {races}.",
            races=", ".join(RACES),
        )
    return named + together


def _number(group: Any, name: str, meaning: str) -> None:  # noqa: ANN401 - argparse's groups have no public type
    default = getattr(RECIPE, name.replace("-", "_"))
    group.add_argument(f"--{name}", type=type(default), default=default, help=f"{meaning} (default: {default})")
