"""Options A, B and C: which blocks get which shortcut, what that costs, and whether the error depends on it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from torch import nn

from resnet_core.config import ResNetConfig, ShortcutKind
from resnet_core.data import load_data
from resnet_core.experiments.shortcut_races import shortcut_race
from resnet_core.model import build_model
from resnet_core.probes import count_costs
from resnet_core.questions.shortcuts import ShortcutCountsQuestion, ShortcutOptionsQuestion
from resnet_core.records import Progress
from resnet_core.records.shortcuts import Around, ShortcutCounts
from resnet_core.shortcuts import ProjectionShortcut, ZeroPadShortcut
from resnet_core.training import check_fit

OPTIONS: tuple[ShortcutKind, ...] = ("none", "A", "B", "C")


def shortcut_counts(question: ShortcutCountsQuestion) -> Iterator[Progress]:
    """What goes around each block of one network under each option, and what does the whole network cost?

    Read off the built network, on the meta device, so that nothing of its size is in memory: the kind of each block's
    shortcut module, all parameters, and the multiply-accumulates for one picture (see `probes.count_costs`). He et al.
    2015 (arXiv:1512.03385), section 4.1: A pads with zeros, B projects where shapes change, C projects everywhere.

    Raises:
        ConfigError: an option does not fit the network, as zero-padding where channels become fewer.
    """
    networks = [replace(question.network, shortcut=option, cut=(), zero_gamma=False) for option in OPTIONS]
    models = [build_model(network, device="meta") for network in networks]
    shape = (question.network.in_channels, question.size, question.size)
    costs = [count_costs(model, shape) for model in models]
    record = ShortcutCounts(
        layers=question.network.layers,
        size=question.size,
        options=OPTIONS,
        blocks=tuple(name for name, _ in models[0].named_blocks()),
        around=tuple(tuple(_around(block.shortcut) for _, block in model.named_blocks()) for model in models),
        parameters=tuple(cost.parameters for cost in costs),
        macs=tuple(cost.macs for cost in costs),
        shortcut_parameters=tuple(
            sum(layer.parameters for layer in cost.layers if "shortcut" in layer.name.split(".")) for cost in costs
        ),
    )
    yield Progress(1.0, record)


def shortcut_options(question: ShortcutOptionsQuestion) -> Iterator[Progress]:
    """Do the options A, B and C of one network, and its plain twin, learn the same batches differently well?

    The networks share every weight that they have in common and see the same batches; see `shortcut_race` for what is
    measured. Published for 34 layers on ImageNet (He et al. 2015, table 3, top-1 error, 10 crops): plain 28.54 %,
    A 25.03 %, B 24.52 %, C 24.19 %.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(question.data)
    check_fit(question.network, pictures)
    makers = {option: partial(_with_option, question.network, option) for option in OPTIONS}
    yield from shortcut_race(makers, pictures, question.training, question.seeds)


def _with_option(network: ResNetConfig, option: ShortcutKind, seed: int):  # noqa: ANN202 - a ResNet
    return build_model(replace(network, shortcut=option, cut=()), seed)


def _around(shortcut: nn.Module | None) -> Around:
    if shortcut is None:
        return "nothing"
    if isinstance(shortcut, ProjectionShortcut):
        return "projection"
    return "zeros" if isinstance(shortcut, ZeroPadShortcut) else "identity"
