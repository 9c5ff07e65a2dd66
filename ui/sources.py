"""Where a network for a picture comes from, and how it wants its pictures."""

from typing import NamedTuple

from resnet_core import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    DataConfig,
    DataError,
    ResNet,
    ResNetConfig,
    Sentence,
    build_model,
    imagenet_classes,
    load_checkpoint,
    official_file,
    shipped_weights,
)

NORMALISATION = Sentence(
    "The file does not say how its pictures were normalised. ImageNet's mean and deviation are taken, as torchvision's "
    "networks want them; if it was trained with others, its maps and scores are off."
)
STRIDE = Sentence(
    "The file's weights do not show which convolution of a bottleneck takes the stride. The 3×3 one is taken to do so, "
    "as in torchvision (v1.5); the paper has it on the first 1×1."
)
SHORTCUTS = Sentence(
    "The file's weights do not show whether there are shortcuts without parameters. They are taken to be there, with "
    "zeros for the channels that are missing (option A); a plain network would look the same."
)


class Source(NamedTuple):
    """`config` and `seed` of a fresh network, or `weights`, a file's bytes, or a name of others."""

    name: str
    config: ResNetConfig | None = None
    seed: int = 0
    weights: bytes = b""
    filename: str = ""
    data: DataConfig | None = None  # what it was trained on, where that is known
    official: str = ""
    shipped: str = ""

    @property
    def is_everybodys(self) -> bool:
        """Whether it is not a visitor's own."""
        return self.config is not None or bool(self.official or self.shipped)


class Opened(NamedTuple):
    """A network of one's own, ready for a picture."""

    model: ResNet
    classes: tuple[str, ...]
    mean: tuple[float, ...]  # per channel
    std: tuple[float, ...]
    assumed: tuple[Sentence, ...] = ()  # what the file does not say and was guessed


def open_source(source: Source) -> Opened:
    """Build or load the network. Nobody else holds it: probes may put hooks on it.

    Pictures are normalised as the file says, or as ImageNet's where there is no file or it does not say.

    Raises:
        CheckpointError: the file holds no network.
        DataError: official weights are not here.
    """
    if source.config is not None:
        model = build_model(source.config, source.seed)
        return Opened(model, (), *_imagenet(model.config.in_channels))
    if source.official:
        return _open_official(source.official)
    weights = shipped_weights(source.shipped) if source.shipped else source.weights
    model, info = load_checkpoint(weights, source.filename or "shipped.safetensors")
    assumed = _assumed(model.config) if info.guessed else ()
    if info.mean:
        return Opened(model, info.classes, info.mean, info.std, assumed)
    return Opened(model, info.classes, *_imagenet(model.config.in_channels), (NORMALISATION, *assumed))


def _open_official(network: str) -> Opened:
    if (file := official_file(network)) is None:
        raise DataError("The weights of {network} are not on this server any more. Fetch them again.", network=network)
    model, _ = load_checkpoint(file.read_bytes(), file.name)
    return Opened(model, imagenet_classes(), *_imagenet(model.config.in_channels))


def _assumed(guess: ResNetConfig) -> tuple[Sentence, ...]:
    unseen = {STRIDE: guess.block == "bottleneck" and guess.version != "v2", SHORTCUTS: guess.shortcut == "A"}
    return tuple(sentence for sentence, holds in unseen.items() if holds)


def _imagenet(channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if channels == 1:
        return (_gray(IMAGENET_MEAN),), (_gray(IMAGENET_STD),)
    return IMAGENET_MEAN, IMAGENET_STD


def _gray(values: tuple[float, ...]) -> float:
    return sum(values) / len(values)
