"""A run's settings in words: as a list to read, and as what sets several runs apart."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from resnet_core import DataName, ResNetConfig, RunSpec, TrainConfig
from ui.charts.labels import Say, network_labels


class Difference(NamedTuple):
    """A setting in which runs differ."""

    name: str
    values: tuple[str, ...]  # one per run, in their order


def run_label(spec: RunSpec, say: Say = str) -> str:
    """What a run is called that nobody gave a name: networks, pictures, steps."""
    return say("{networks} · {pictures} {size} px · {steps} steps").format(
        networks=_networks(spec.networks, say),
        pictures=short_data_name(spec.data.name, say),
        size=spec.data.size,
        steps=spec.training.steps,
    )


def data_name(name: DataName, say: Say = str) -> str:
    """A data set as the controls call it."""
    names: dict[DataName, str] = {
        "fashion": say("Clothes (Fashion-MNIST)"),
        "digits": say("Handwritten digits"),
        "cifar10": say("CIFAR-10"),
        "folder": say("My own pictures"),
        "jpegs": say("An archive of JPEG pictures"),
    }
    return names[name]


def short_data_name(name: DataName, say: Say = str) -> str:
    """A data set in a word."""
    names: dict[DataName, str] = {
        "fashion": say("Fashion"),
        "digits": say("Digits"),
        "cifar10": say("CIFAR-10"),
        "folder": say("Own pictures"),
        "jpegs": say("JPEG archive"),
    }
    return names[name]


def recipe_settings(spec: RunSpec, say: Say = str) -> dict[str, str]:
    """Pictures and recipe: what each setting is called, and its value."""
    data, training = spec.data, spec.training
    return {
        say("Pictures"): data_name(data.name, say),
        say("Picture size (pixels)"): str(data.size),
        say("Steps"): str(training.steps),
        say("Batch (pictures per step)"): str(training.batch),
        say("Optimiser"): _optimiser(training, say),
        say("Learning rate"): f"{training.learning_rate:g}",
        say("Weight decay"): f"{training.weight_decay:g}",
        say("Schedule"): _schedule(training, say),
        say("Warm-up (steps)"): str(training.warm_up),
        say("Augment"): _yes(training.augment, say),
        say("Seed"): str(training.seed),
        say("Precision"): training.precision,
    }


def network_settings(config: ResNetConfig, say: Say = str) -> dict[str, str]:
    """One network: what each setting is called, and its value."""
    return {
        say("Depth (layers)"): str(config.layers),
        say("Skip connections"): say("no") if config.is_plain else _shortcuts(config, say),
        say("BatchNorm"): _yes(config.norm == "batch", say),
        say("Initialisation"): say("He (2015)") if config.init == "he" else say("PyTorch default"),
        say("Zero-gamma"): _yes(config.zero_gamma, say),
        say("Version"): config.version,
        say("Channels per stage"): "-".join(map(str, config.widths)),
        say("Blocks per stage"): "-".join(map(str, config.depths)),
    }


def settings_table(networks: Sequence[ResNetConfig], say: Say = str) -> list[dict[str, object]]:
    """One row per network."""
    labels = network_labels(networks, say)
    return [
        {say("Network"): label, **network_settings(config, say)} for label, config in zip(labels, networks, strict=True)
    ]


def differences(specs: Sequence[RunSpec], say: Say = str) -> list[Difference]:
    """The settings that are not the same in all runs: networks first, then pictures and recipe.

    Networks are compared one by one where all runs have as many; otherwise the networks themselves are the difference.
    """
    recipes = [recipe_settings(spec, say) for spec in specs]
    return _network_differences(specs, say) + _told_apart(recipes)


def _network_differences(specs: Sequence[RunSpec], say: Say) -> list[Difference]:
    if len({_bare(spec.networks) for spec in specs}) <= 1:
        return []
    if len({len(spec.networks) for spec in specs}) > 1:
        return [Difference(say("Networks"), tuple(_networks(spec.networks, say) for spec in specs))]
    columns = [[network_settings(config, say) for config in spec.networks] for spec in specs]
    joined = [
        {name: " / ".join(dict.fromkeys(network[name] for network in run)) for name in run[0]} for run in columns
    ]  # fmt: skip
    names = [name for name in columns[0][0] if any(_of(run, name) != _of(columns[0], name) for run in columns)]
    # Networks of other depths have other numbers of blocks: one thing, said once.
    names = [name for name in names if not (name == say("Blocks per stage") and say("Depth (layers)") in names)]
    if not names:
        return [Difference(say("Networks"), tuple(", ".join(network_labels(spec.networks, say)) for spec in specs))]
    return [Difference(name, tuple(run[name] for run in joined)) for name in names]


def _of(run: Sequence[dict[str, str]], name: str) -> list[str]:
    return [network[name] for network in run]


def _bare(networks: Sequence[ResNetConfig]) -> tuple[ResNetConfig, ...]:
    """The networks without what their data decides."""
    return tuple(replace(config, in_channels=1, classes=2) for config in networks)


def _told_apart(rows: Sequence[dict[str, str]]) -> list[Difference]:
    return [
        Difference(name, tuple(row[name] for row in rows))
        for name in (rows[0] if rows else {})
        if len({row[name] for row in rows}) > 1
    ]


def _networks(networks: Sequence[ResNetConfig], say: Say) -> str:
    """plain-20, residual-20: kinds and depths, and BatchNorm only where it is missing."""
    kinds = [
        (say("plain-{layers}") if config.is_plain else say("residual-{layers}")).format(layers=config.layers)
        for config in networks
    ]
    names = ", ".join(dict.fromkeys(kinds))
    norms = {config.norm for config in networks}
    if norms == {"none"}:
        return say("{networks}, no BN").format(networks=names)
    return say("{networks}, with and without BN").format(networks=names) if len(norms) > 1 else names


def _shortcuts(config: ResNetConfig, say: Say) -> str:
    words = say("shortcut {kind}").format(kind=config.shortcut)
    return f"{words}, {say('{count} shortcuts cut').format(count=len(config.cut))}" if config.cut else words


def _optimiser(training: TrainConfig, say: Say) -> str:
    if training.optimiser == "sgd":
        return say("SGD + momentum {momentum}").format(momentum=f"{training.momentum:g}")
    return {"adam": "Adam", "adamw": "AdamW"}[training.optimiser]


def _schedule(training: TrainConfig, say: Say) -> str:
    if training.schedule == "step":
        steps = ", ".join(map(str, training.milestones))
        return say("Divided by ten after steps {steps}").format(steps=steps)
    return say("Cosine") if training.schedule == "cosine" else say("Constant")


def _yes(answer: bool, say: Say) -> str:
    return say("yes") if answer else say("no")
