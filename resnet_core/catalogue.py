"""Every experiment of the laboratory by name. Reading it loads no torch."""

from typing import Any

from resnet_core.errors import ConfigError
from resnet_core.questions import (
    beyond,
    blocks,
    depth,
    gradients,
    lesions,
    norm,
    pictures,
    pixels,
    responses,
    shortcuts,
    surface,
)
from resnet_core.questions.experiment import Experiment

EXPERIMENTS: dict[str, Experiment] = {
    entry.name: entry
    for entry in (
        *depth.EXPERIMENTS,
        *gradients.EXPERIMENTS,
        *norm.EXPERIMENTS,
        *responses.EXPERIMENTS,
        *shortcuts.EXPERIMENTS,
        *blocks.EXPERIMENTS,
        *beyond.EXPERIMENTS,
        *pictures.EXPERIMENTS,
        *surface.EXPERIMENTS,
        *lesions.EXPERIMENTS,
        *pixels.EXPERIMENTS,
    )
}  # fmt: skip


def experiment(name: str) -> Experiment:
    """Look an experiment up.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in EXPERIMENTS:
        raise ConfigError(
            "There is no experiment called {name!r}. There are {names}.", name=name, names=", ".join(EXPERIMENTS)
        )
    return EXPERIMENTS[name]


def answer(name: str, question: object) -> Any:  # noqa: ANN401 - each experiment has its own kind of record
    """The whole record of an experiment. By name, so that another process can be told to work it out."""
    return experiment(name).answer(question)
