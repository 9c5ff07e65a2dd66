"""Questions about what goes around a block: the three options of 2015, and the other shortcuts of 2016."""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig

Kind = Literal["identity", "half", "half-both", "exclusive", "gated", "conv", "dropout", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutCountsQuestion:
    """Which blocks of `network` get which shortcut under each option, and what does that cost?"""

    MAX_SIZE: ClassVar[int] = 512

    network: ResNetConfig = cifar(20)  # its own shortcut is replaced by each option in turn
    size: int = 32  # of the picture, pixels

    def __post_init__(self) -> None:
        check_range("size", self.size, 8, self.MAX_SIZE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutOptionsQuestion:
    """Does it matter for the error which of the options A, B and C a network has?"""

    MAX_SEEDS: ClassVar[int] = 10
    MAX_STEPS: ClassVar[int] = 2000

    network: ResNetConfig = cifar(20, width=8, in_channels=1)  # its own shortcut is replaced by none, A, B and C
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(steps=100, batch=32)
    seeds: int = 3  # counted from the recipe's own

    def __post_init__(self) -> None:
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("steps", self.training.steps, 1, self.MAX_STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutKindsQuestion:
    """What happens when something stands on the shortcut of every block?

    The network has basic blocks of version v1 with option A, as in He et al. 2016 (arXiv:1603.05027), section 3.1.
    """

    MAX_SEEDS: ClassVar[int] = 10
    MAX_STEPS: ClassVar[int] = 2000
    LOWEST_BIAS: ClassVar[int] = -10

    kinds: tuple[Kind, ...] = ("identity", "half", "half-both", "exclusive", "gated", "conv", "dropout", "plain")
    gate_bias: int = 0  # b_g, with which every gate begins; the paper tries 0, -1, ..., -7
    network: ResNetConfig = cifar(32, width=8, in_channels=1)
    data: DataConfig = DataConfig(name="digits", size=8)
    training: TrainConfig = TrainConfig(steps=60, batch=32)
    seeds: int = 2  # counted from the recipe's own

    def __post_init__(self) -> None:
        for kind in self.kinds:
            check_choice("kinds", kind, get_args(Kind))
        if not self.kinds or len(set(self.kinds)) < len(self.kinds):
            raise ConfigError("kinds is {kinds}. Name each kind once, and at least one.", kinds=self.kinds)
        check_range("gate_bias", self.gate_bias, self.LOWEST_BIAS, 0)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("steps", self.training.steps, 1, self.MAX_STEPS)
        network = self.network
        if (network.block, network.version, network.shortcut, network.cut) != ("basic", "v1", "A", ()):
            raise ConfigError(
                "The network has {block} blocks of version {version} and shortcut {shortcut}. Other shortcuts are "
                "built into basic blocks of version v1 with option A and none cut: choose these.",
                block=network.block,
                version=network.version,
                shortcut=network.shortcut,
            )


EXPERIMENTS = (
    Experiment(
        name="shortcut-counts",
        asks="Which blocks project under the options A, B and C, and what does that cost?",
        sections=("5.2", "6.5", "7.1", "7.2"),
        source="He et al. 2015 (arXiv:1512.03385), sections 3.2, 3.3 and 4.1",
        where="resnet_core.experiments.shortcut_options:shortcut_counts",
        question=ShortcutCountsQuestion,
        seconds=1,
    ),
    Experiment(
        name="shortcut-options",
        asks="Do the options A, B and C of one network learn differently well?",
        sections=("6.5", "7"),
        source="He et al. 2015 (arXiv:1512.03385), section 4.1 and table 3",
        where="resnet_core.experiments.shortcut_options:shortcut_options",
        question=ShortcutOptionsQuestion,
        seconds=40,
    ),
    Experiment(
        name="shortcut-kinds",
        asks="What happens when something stands on every shortcut?",
        sections=("6.1", "6.5", "8.2"),
        source="He et al. 2016 (arXiv:1603.05027), section 3 and table 1",
        where="resnet_core.experiments.shortcut_kinds:shortcut_kinds",
        question=ShortcutKindsQuestion,
        seconds=40,
    ),
)
