"""Questions about what a trained network does when its blocks are taken out or change places."""

from dataclasses import dataclass
from typing import ClassVar

from resnet_core.checks import check_range
from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionsQuestion:
    """How wrong are trained networks when blocks are taken out, one by one or many, or change places?

    All networks have the same stages, learn from the same batches and undergo the same operations.
    """

    MAX_NETWORKS: ClassVar[int] = 4
    MAX_STEPS: ClassVar[int] = 5000
    MAX_IMAGES: ClassVar[int] = 10_000
    MAX_DRAWS: ClassVar[int] = 100

    networks: tuple[ResNetConfig, ...] = (
        cifar(20, width=8, in_channels=1, init="default", plain=True),
        cifar(20, width=8, in_channels=1, init="default"),
    )
    data: DataConfig = DataConfig(name="digits", size=8)
    training: TrainConfig = TrainConfig(steps=200, schedule="cosine")
    images: int = 1000  # test pictures, or as many as there are
    draws: int = 8  # random choices per number of blocks that are taken out, and per number of swaps
    seed: int = 0  # of the random choices

    def __post_init__(self) -> None:
        if not 1 <= len(self.networks) <= self.MAX_NETWORKS or len({config.depths for config in self.networks}) > 1:
            raise ConfigError(
                "The question names {count} networks with {depths} blocks in their stages. Name from 1 to {limit}, all "
                "with the same number of blocks in each stage.",
                count=len(self.networks),
                depths=" / ".join(str(config.depths) for config in self.networks),
                limit=self.MAX_NETWORKS,
            )
        check_range("images", self.images, 1, self.MAX_IMAGES)
        check_range("draws", self.draws, 1, self.MAX_DRAWS)
        check_range("steps", self.training.steps, 1, self.MAX_STEPS)
        check_range("seed", self.seed, 0, 2**31 - 1)


EXPERIMENTS = (
    Experiment(
        name="lesions",
        asks="What is left of a trained network when blocks are taken out or change places?",
        sections=("3.3", "6.1"),
        source="Veit et al. 2016 (arXiv:1605.06431), section 4, figures 3 to 5",
        where="resnet_core.experiments.lesions:lesions",
        question=LesionsQuestion,
        seconds=12,
    ),
)
