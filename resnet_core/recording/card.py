"""What is known of a long run: its settings, how it was made, its curves, and how good it became."""

import dataclasses
import json
import math
from dataclasses import dataclass
from pathlib import Path

from resnet_core.errors import ConfigError, DataError
from resnet_core.recipe import RunSpec, build
from resnet_core.recorded import Provenance

Z = 1.959964  # standard deviations to each side that hold 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Look:
    """The training since the look before, and a test on some 2,000 test pictures, the same each time."""

    step: int
    train_loss: float  # of the batches as the network learned from them: augmented, in training mode
    train_error: float  # likewise, share of wrong answers
    test_loss: float
    test_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTest:
    """All test pictures at a size."""

    size: int  # pixels
    images: int
    wrong: int

    @property
    def error(self) -> float:
        """Share of wrong answers."""
        return self.wrong / self.images

    def interval(self) -> tuple[float, float]:
        """Where the error on other pictures of this kind lies with 95 % confidence: Wilson's score interval (1927)."""
        share, n = self.error, self.images
        middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        reach = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        return middle - reach, middle + reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """A class that is often mistaken, and for which other one most often."""

    name: str
    images: int
    wrong: int
    mistaken_for: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the finished network says about a picture that is shipped."""

    picture: str
    size: int
    classes: tuple[str, ...]  # the likeliest first
    shares: tuple[float, ...]  # softmax


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A long run that has ended, without its weights."""

    name: str
    corpus: str
    spec: RunSpec
    recorded: Provenance
    parameters: int
    train_images: int
    looks: tuple[Look, ...]
    tests: tuple[SizeTest, ...]
    weaknesses: tuple[Weakness, ...] = ()
    samples: tuple[Sample, ...] = ()
    sha256: str = ""  # of the weights' file; "" where they are not shipped

    @property
    def epochs(self) -> float:
        """How often it saw each picture."""
        return self.spec.training.steps * self.spec.training.batch / self.train_images


def save_card(card: Card, path: Path) -> None:
    """Write a card as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(dataclasses.asdict(card), indent=1) + "\n", encoding="utf-8")


def load_card(path: Path) -> Card:
    """Read what `save_card` wrote.

    Raises:
        DataError: there is no such file, or it is no card.
    """
    try:
        return build(Card, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ConfigError, ValueError) as problem:
        raise DataError(
            "{file} cannot be read as the card of a recorded run ({problem}). Record it again with python -m "
            "resnet_core record.",
            file=path.name,
            problem=str(problem),
        ) from None
