"""Where a network for a picture comes from, and how it wants its pictures."""

from typing import NamedTuple

from resnet_core import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    DataConfig,
    ResNet,
    ResNetConfig,
    build_model,
    load_checkpoint,
    load_data,
)


class Source(NamedTuple):
    """Either `config` and `seed` of a fresh network, or `weights`, a file's bytes."""

    name: str
    config: ResNetConfig | None = None
    seed: int = 0
    weights: bytes = b""
    filename: str = ""
    data: DataConfig | None = None  # what it was trained on, where that is known


class Opened(NamedTuple):
    """A network of one's own, ready for a picture."""

    model: ResNet
    classes: tuple[str, ...]
    mean: tuple[float, ...]  # per channel
    std: tuple[float, ...]


def open_source(source: Source) -> Opened:
    """Build or load the network. Nobody else holds it: probes may put hooks on it.

    Pictures are normalised as those that it was trained on, or as ImageNet's where that is not known.

    Raises:
        CheckpointError: the file holds no network.
    """
    if source.config is not None:
        model, classes = build_model(source.config, source.seed), ()
    else:
        model, info = load_checkpoint(source.weights, source.filename)
        classes = info.classes
    if source.data is not None:
        data = load_data(source.data)
        return Opened(model, data.classes, data.mean, data.std)
    if model.config.in_channels == 1:
        return Opened(model, classes, (_gray(IMAGENET_MEAN),), (_gray(IMAGENET_STD),))
    return Opened(model, classes, IMAGENET_MEAN, IMAGENET_STD)


def _gray(values: tuple[float, ...]) -> float:
    return sum(values) / len(values)
