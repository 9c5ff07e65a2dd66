"""Questions about depth: does it hurt, must it, can a deep stack learn to do nothing, and is x + F the easier form?"""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.config import InitKind, NormKind, ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig

Start = Literal["default", "he", "zero"]

_DIGITS = DataConfig(name="digits", size=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class DegradationQuestion:
    """How do training and test error depend on depth, without shortcuts and with them?"""

    MAX_DEPTHS: ClassVar[int] = 12
    MAX_SEEDS: ClassVar[int] = 10

    depths: tuple[int, ...] = (8, 20, 38, 56)  # weighted layers, 6n + 2, shallow to deep
    width: int = 8  # channels of the first stage
    norm: NormKind = "batch"
    init: InitKind = "he"
    data: DataConfig = _DIGITS
    training: TrainConfig = TrainConfig(steps=60, precision="fp32")
    seeds: int = 2  # counted from the recipe's own

    def __post_init__(self) -> None:
        check_range("The number of depths", len(self.depths), 2, self.MAX_DEPTHS)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        if self.depths != tuple(sorted(set(self.depths))):
            raise ConfigError(
                "depths is {depths}. Name each depth once, the shallowest first, for example (8, 20, 56).",
                depths=self.depths,
            )
        for depth in self.depths:
            self.network(depth, plain=True)

    def network(self, depth: int, *, plain: bool, channels: int = 1, classes: int = 10) -> ResNetConfig:
        """One of the networks, for pictures of so many channels and classes."""
        return cifar(
            depth,
            width=self.width,
            plain=plain,
            norm=self.norm,
            init=self.init,
            in_channels=channels,
            classes=classes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructionQuestion:
    """Is a network that was made deeper by layers that do nothing as good, and does it stay so in training?"""

    MAX_SEEDS: ClassVar[int] = 5

    shallow: int = 8  # weighted layers
    deep: int = 32
    width: int = 8
    norm: NormKind = "batch"
    init: InitKind = "he"
    data: DataConfig = _DIGITS
    training: TrainConfig = TrainConfig(steps=120, precision="fp32")
    grow_after: int = 60  # steps of the shallow network before the deep one is built from it
    seeds: int = 2

    def __post_init__(self) -> None:
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("grow_after", self.grow_after, 1, self.training.steps - 1)
        for depth in (self.shallow, self.deep):
            self.network(depth, plain=True)
        if self.shallow >= self.deep:
            raise ConfigError(
                "shallow is {shallow} and deep is {deep}. The deep network must have more layers.",
                shallow=self.shallow,
                deep=self.deep,
            )

    def network(self, depth: int, *, plain: bool, channels: int = 1, classes: int = 10) -> ResNetConfig:
        """One of the networks, for pictures of so many channels and classes."""
        return cifar(
            depth,
            width=self.width,
            plain=plain,
            norm=self.norm,
            init=self.init,
            in_channels=channels,
            classes=classes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityQuestion:
    """Can a stack of layers that start at random learn to copy its input?"""

    MAX_DEPTH: ClassVar[int] = 128
    MAX_DEPTHS: ClassVar[int] = 10
    MAX_RATES: ClassVar[int] = 8
    MAX_SEEDS: ClassVar[int] = 10

    depths: tuple[int, ...] = (2, 4, 8, 16)  # fully connected layers, two to a block
    start: Start = "default"  # PyTorch's, He's, or PyTorch's with the last layer of each branch beside a shortcut at 0
    rates: tuple[float, ...] = (0.1, 0.03, 0.01)  # learning rates that are tried; the best counts
    steps: int = 120
    batch: int = 64
    seed: int = 0
    seeds: int = 2  # counted from `seed`

    def __post_init__(self) -> None:
        check_choice("start", self.start, get_args(Start))
        check_range("The number of depths", len(self.depths), 1, self.MAX_DEPTHS)
        check_range("The number of rates", len(self.rates), 1, self.MAX_RATES)
        for depth in self.depths:
            check_range("depths", depth, 2, self.MAX_DEPTH)
        if self.depths != tuple(sorted(set(self.depths))) or any(depth % 2 for depth in self.depths):
            raise ConfigError(
                "depths is {depths}. Name each depth once, the shallowest first, and only even ones: a block has two "
                "layers.",
                depths=self.depths,
            )
        for rate in self.rates:
            check_range("rates", rate, 1e-6, 10.0)
        check_range("steps", self.steps, 8, TrainConfig.MAX_STEPS)
        check_range("batch", self.batch, 2, TrainConfig.MAX_BATCH)
        check_range("seed", self.seed, 0, 2**31 - 1)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreconditioningQuestion:
    """Is the loss of a small network easier to descend when its blocks are written as x + F(x) instead of H(x)?"""

    MAX_BLOCKS: ClassVar[int] = 4
    MAX_WIDTH: ClassVar[int] = 12
    MAX_RATES: ClassVar[int] = 10
    MAX_SEEDS: ClassVar[int] = 20

    blocks: int = 2
    width: int = 8  # numbers that come in, that go out, and in each hidden layer
    far: float = 0.1  # how far the wanted map is from the identity: 0 is the identity, 1 a random rotation
    init: InitKind = "default"
    points: int = 256  # inputs
    rates: tuple[float, ...] = (0.03, 0.1, 0.3, 1.0, 3.0)  # learning rates that are tried; the best counts
    steps: int = 150  # of gradient descent on all inputs at once
    seed: int = 0
    seeds: int = 5  # counted from `seed`

    def __post_init__(self) -> None:
        check_range("blocks", self.blocks, 1, self.MAX_BLOCKS)
        check_range("width", self.width, 2, self.MAX_WIDTH)
        check_range("far", self.far, 0.0, 1.0)
        check_choice("init", self.init, get_args(InitKind))
        check_range("points", self.points, 8, 2048)
        check_range("The number of rates", len(self.rates), 1, self.MAX_RATES)
        for rate in self.rates:
            check_range("rates", rate, 1e-6, 10.0)
        check_range("steps", self.steps, 1, 2000)
        check_range("seed", self.seed, 0, 2**31 - 1)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)


EXPERIMENTS = (
    Experiment(
        name="degradation",
        asks="Does a deeper network learn the pictures it is shown any better?",
        sections=("1.2", "2.1", "2.2"),
        source="He et al. 2015 (arXiv:1512.03385), section 4.2, figures 1 and 6",
        where="resnet_core.experiments.degradation:degradation",
        question=DegradationQuestion,
        seconds=40,
    ),
    Experiment(
        name="construction",
        asks="Is a network that was made deeper by layers that do nothing as good, and does it stay so in training?",
        sections=("1.3", "2.1", "2.2"),
        source="He et al. 2015 (arXiv:1512.03385), section 1: the solution by construction",
        where="resnet_core.experiments.construction:construction",
        question=ConstructionQuestion,
        seconds=40,
    ),
    Experiment(
        name="identity",
        asks="Can a stack of layers that start at random learn to copy its input?",
        sections=("2.3", "3.3"),
        source="He et al. 2015 (arXiv:1512.03385), section 3.1: identity mappings by multiple nonlinear layers",
        where="resnet_core.experiments.identity:identity",
        question=IdentityQuestion,
        seconds=30,
    ),
    Experiment(
        name="preconditioning",
        asks="Is the loss easier to descend when a block is written as x + F(x)?",
        sections=("3.2",),
        source="He et al. 2015 (arXiv:1512.03385), section 3.1: the reformulation may help to precondition the problem",
        where="resnet_core.experiments.preconditioning:preconditioning",
        question=PreconditioningQuestion,
        seconds=12,
    ),
)
