"""What a class does together: one recipe for everybody, and a depth and a seed for each."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Self

from resnet_core.checks import check_range
from resnet_core.config import NormKind, ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.recipe import DataConfig, RunSpec, TrainConfig, build


class Seat(NamedTuple):
    """What one student is asked to train: a plain and a residual network of one depth, from one random start."""

    depth: int  # weighted layers
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTask:
    """The recipe of a board and the depths that its class shares out among itself.

    The defaults show the effect in less than a minute per student; docs/decisions/0055 has the measurements.

    Raises:
        ConfigError: a value is out of range, or no network has one of the depths.
    """

    MAX_DEPTHS: ClassVar[int] = 12

    data: DataConfig = field(default_factory=DataConfig)
    training: TrainConfig = field(default_factory=TrainConfig)  # its seed counts for nothing
    width: int = 8  # channels of the first stage
    norm: NormKind = "batch"
    zero_gamma: bool = False  # of the residual networks; a plain one has no branch to start at zero
    depths: tuple[int, ...] = (8, 20, 32, 44, 56)  # weighted layers, 6n + 2

    def __post_init__(self) -> None:
        check_range("The number of depths", len(self.depths), 1, self.MAX_DEPTHS)
        if list(self.depths) != sorted(set(self.depths)):
            raise ConfigError("depths is {depths}. List each depth once, in order.", depths=self.depths)
        for depth in self.depths:
            self.networks(depth)

    def networks(self, depth: int) -> tuple[ResNetConfig, ResNetConfig]:
        """The plain and the residual network of `depth` layers, for gray pictures.

        Raises:
            ConfigError: no network of three equal stages has that depth, or the settings contradict each other.
        """
        shape: dict[str, Any] = {"width": self.width, "norm": self.norm, "init": "default", "in_channels": 1}
        return cifar(depth, plain=True, **shape), cifar(depth, zero_gamma=self.zero_gamma, **shape)

    def spec(self, seat: Seat) -> RunSpec:
        """The whole run of one student."""
        training = dataclasses.replace(self.training, seed=seat.seed)
        return RunSpec(networks=self.networks(seat.depth), data=self.data, training=training)

    def seat(self, number: int) -> Seat:
        """The seat of the `number`-th student, from 0: no two alike, the two ends of the curve before its middle."""
        lap, place = divmod(number, len(self.depths))
        return Seat(_ends_first(self.depths)[place], lap)

    def to_json(self) -> str:
        """Plain JSON with every setting written out."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote, checking every setting again.

        Raises:
            ConfigError: it is not what `to_json` writes.
        """
        try:
            content = json.loads(text)
        except json.JSONDecodeError as problem:
            raise ConfigError("The task's settings are not JSON: {problem}.", problem=problem) from None
        return build(cls, content)


def _ends_first(depths: tuple[int, ...]) -> list[int]:
    """Deepest, shallowest, second deepest, second shallowest, ..."""
    left, order = list(depths), []
    while left:
        order.append(left.pop(-1 if len(order) % 2 == 0 else 0))
    return order
