"""Questions about what was built on residual blocks."""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig

FAMILY = ((1, 64), (2, 40), (4, 24), (8, 14), (32, 4))  # (cardinality, group width) of Xie et al. 2017, table 2
Backbone = Literal["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d"]
Weights = Literal["random", "imagenet"]
SAMPLES = ("cat", "coffee", "rocket", "edges")


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyQuestion:
    """What do the members of ResNeXt's equal-cost family cost, and who reads whom in one of them?"""

    groups: int = 32  # of the member whose wiring is shown
    size: int = 224  # of the picture, pixels

    def __post_init__(self) -> None:
        check_choice("groups", str(self.groups), tuple(str(groups) for groups, _ in FAMILY))
        check_range("size", self.size, 32, 512)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardinalityQuestion:
    """Do more and narrower groups learn better at the same cost?

    The networks are a quarter as wide as ResNet-50 and one block per stage deep, 64 to 256 channels; their groups
    have a quarter of the paper's widths, rounded down.
    """

    TOLERANCE: ClassVar[float] = 0.1  # by which parameters and multiplications may differ within the family
    MAX_BLOCKS: ClassVar[int] = 4
    MAX_SEEDS: ClassVar[int] = 10
    MAX_STEPS: ClassVar[int] = 2000

    blocks: int = 1  # per stage
    width: int = 16  # channels of the first stage before the expansion by four
    groups: tuple[int, ...] = (1, 2, 4, 8, 32)
    data: DataConfig = DataConfig(size=8)
    training: TrainConfig = TrainConfig(steps=90, batch=32)
    seeds: int = 3  # counted from the recipe's own

    def __post_init__(self) -> None:
        check_range("blocks", self.blocks, 1, self.MAX_BLOCKS)
        check_range("width", self.width, 1, 64)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("steps", self.training.steps, 1, self.MAX_STEPS)
        if not self.groups or not set(self.groups) <= dict(FAMILY).keys():
            raise ConfigError(
                "groups is {groups}. Choose among {allowed}.",
                groups=self.groups,
                allowed=", ".join(str(groups) for groups, _ in FAMILY),
            )

    def network(self, groups: int, channels: int, classes: int) -> ResNetConfig:
        """A member of the family, for pictures with these channels and classes."""
        return cifar(
            9 * self.blocks + 2,
            width=self.width,
            block="bottleneck",
            version="v1.5",
            shortcut="B",
            groups=groups,
            width_per_group=dict(FAMILY)[groups],
            in_channels=channels,
            classes=classes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WideQuestion:
    """Wide and shallow, or deep and thin, for the same number of parameters?

    The budget is what a network of 20 layers and `width` channels has; each other depth gets the width that comes
    closest to it.
    """

    TOLERANCE: ClassVar[float] = 0.08  # by which the parameters may miss the budget: widths are whole numbers
    BUDGET_DEPTH: ClassVar[int] = 20
    MAX_WIDTH: ClassVar[int] = 64
    MAX_SEEDS: ClassVar[int] = 10
    MAX_STEPS: ClassVar[int] = 2000

    depths: tuple[int, ...] = (8, 14, 20, 32)  # weighted layers, 6n + 2
    width: int = 8  # channels of the first stage of the network that sets the budget
    data: DataConfig = DataConfig(size=8)
    training: TrainConfig = TrainConfig(steps=90, batch=32)
    seeds: int = 3  # counted from the recipe's own

    def __post_init__(self) -> None:
        check_range("width", self.width, 2, 16)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("steps", self.training.steps, 1, self.MAX_STEPS)
        if not self.depths:
            raise ConfigError("depths is empty. Name at least one depth, for example depths=(8, 20).")
        for depth in self.depths:
            self.network(depth, self.width, 1, 2)

    def network(self, depth: int, width: int, channels: int, classes: int) -> ResNetConfig:
        """A wide network in the manner of Zagoruyko and Komodakis: pre-activation, projections, a stem that stays."""
        return cifar(
            depth, width=width, stem_width=8, version="v2", shortcut="B", in_channels=channels, classes=classes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PyramidQuestion:
    """What does a detector get from a ResNet for one picture?"""

    STRIDE: ClassVar[int] = 64  # of the coarsest level, P6
    MAX_SIZE: ClassVar[int] = 512
    CHANNELS: ClassVar[int] = 256  # of the top-down path (Lin et al. 2017, section 3)

    picture: str = "cat"  # one of the shipped ones
    backbone: Backbone = "resnet18"
    weights: Weights = "random"  # fresh from the seed, or torchvision's where this machine has them
    size: int = 256  # pixels; a multiple of 64, so that every level halves exactly
    seed: int = 0
    channel: int = 0  # of the top-down path, that is shown

    def __post_init__(self) -> None:
        check_choice("picture", self.picture, SAMPLES)
        check_choice("backbone", self.backbone, get_args(Backbone))
        check_choice("weights", self.weights, get_args(Weights))
        check_range("size", self.size, self.STRIDE, self.MAX_SIZE)
        check_range("seed", self.seed, 0, 2**31 - 1)
        check_range("channel", self.channel, 0, self.CHANNELS - 1)
        if self.size % self.STRIDE:
            raise ConfigError(
                "size is {size}. It must be a multiple of {stride} pixels, so that every level halves exactly.",
                size=self.size,
                stride=self.STRIDE,
            )


EXPERIMENTS = (
    Experiment(
        name="resnext-family",
        asks="What do ResNeXt's networks of equal cost cost, and who reads whom in a grouped convolution?",
        sections=("3.4",),
        source="Xie et al. 2017 (arXiv:1611.05431), section 3.3 and table 2",
        where="resnet_core.experiments.cardinality:resnext_family",
        question=FamilyQuestion,
        seconds=1,
    ),
    Experiment(
        name="cardinality",
        asks="Do more and narrower groups learn better at the same cost?",
        sections=("3.4",),
        source="Xie et al. 2017 (arXiv:1611.05431), section 5.1 and table 3",
        where="resnet_core.experiments.cardinality:cardinality",
        question=CardinalityQuestion,
        seconds=35,
    ),
    Experiment(
        name="wide",
        asks="Wide and shallow, or deep and thin, for the same number of parameters?",
        sections=("3.4",),
        source="Zagoruyko and Komodakis 2016 (arXiv:1605.07146), section 3",
        where="resnet_core.experiments.cardinality:wide",
        question=WideQuestion,
        seconds=35,
    ),
    Experiment(
        name="feature-pyramid",
        asks="What does a detector get from a ResNet for one picture?",
        sections=("3.4",),
        source="Lin et al. 2017 (arXiv:1612.03144), sections 3 and 4.1",
        where="resnet_core.experiments.pyramid:feature_pyramid",
        question=PyramidQuestion,
        seconds=1,
    ),
)
