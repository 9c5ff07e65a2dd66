"""Questions about basic and bottleneck blocks."""

from dataclasses import dataclass
from typing import Any, ClassVar

from resnet_core.checks import check_range
from resnet_core.config import ResNetConfig
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCostsQuestion:
    """Where does the cost of one block of ResNet-34 and of ResNet-50 go?"""

    MAX_SIZE: ClassVar[int] = 512

    stage: int = 1  # 1 to 4, conv2_x to conv5_x
    first: bool = False  # the block that opens the stage, whose shortcut is a projection where shapes change
    size: int = 224  # of the picture, pixels

    def __post_init__(self) -> None:
        check_range("stage", self.stage, 1, 4)
        check_range("size", self.size, 32, self.MAX_SIZE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKindsQuestion:
    """Which learns better where both cost the same: basic blocks or bottlenecks?

    The bottleneck network has as many blocks as the basic one and the same widths, as ResNet-50 has after ResNet-34:
    two 3x3 among w channels take 18 w^2 multiplications per pixel, 1x1, 3x3, 1x1 take 17 w^2. Shortcuts are option A
    in both, since projections would cost the bottleneck network more.
    """

    TOLERANCE: ClassVar[float] = 0.06  # by which the multiplications of the two may differ: 1/18 and a little
    MAX_BLOCKS: ClassVar[int] = 9
    MAX_WIDTH: ClassVar[int] = 16
    MAX_SEEDS: ClassVar[int] = 10
    MAX_STEPS: ClassVar[int] = 2000

    blocks: int = 2  # per stage
    width: int = 8  # channels of the first stage
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(steps=180, batch=32)
    seeds: int = 3  # counted from the recipe's own

    def __post_init__(self) -> None:
        check_range("blocks", self.blocks, 1, self.MAX_BLOCKS)
        check_range("width", self.width, 1, self.MAX_WIDTH)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("steps", self.training.steps, 1, self.MAX_STEPS)

    def networks(self, channels: int, classes: int) -> tuple[ResNetConfig, ResNetConfig]:
        """The basic one and the bottleneck one, for pictures with these channels and classes."""
        shape: dict[str, Any] = {"width": self.width, "in_channels": channels, "classes": classes}
        return (
            cifar(6 * self.blocks + 2, **shape),
            cifar(9 * self.blocks + 2, block="bottleneck", **shape),
        )


EXPERIMENTS = (
    Experiment(
        name="block-costs",
        asks="Where does the cost of a basic and of a bottleneck block go?",
        sections=("7.1", "7.2", "7.3"),
        source="He et al. 2015 (arXiv:1512.03385), section 4.1, figure 5 and table 1",
        where="resnet_core.experiments.block_kinds:block_costs",
        question=BlockCostsQuestion,
        seconds=1,
    ),
    Experiment(
        name="block-kinds",
        asks="Which learns better at equal cost: basic blocks or bottlenecks?",
        sections=("7.1", "7.2", "7.3"),
        source="He et al. 2015 (arXiv:1512.03385), section 4.1, figure 5 and footnote 4",
        where="resnet_core.experiments.block_kinds:block_kinds",
        question=BlockKindsQuestion,
        seconds=30,
    ),
)
