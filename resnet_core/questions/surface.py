"""Questions about the loss around a trained network."""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig

Plane = Literal["random", "path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossSurfaceQuestion:
    """How does the loss grow around each trained network, in a plane and along lines?

    A plane of `points` x `points` is measured coarse to fine. All networks learn from the same batches, and their
    directions are drawn from the same seed.
    """

    MAX_NETWORKS: ClassVar[int] = 4
    SIDES: ClassVar[tuple[int, ...]] = (7, 13, 25, 49)  # each holds every point of the one before
    MAX_STEPS: ClassVar[int] = 5000
    MAX_LINES: ClassVar[int] = 50
    MAX_IMAGES: ClassVar[int] = 10_000

    networks: tuple[ResNetConfig, ...] = (
        cifar(20, width=8, in_channels=1, init="default", plain=True),
        cifar(20, width=8, in_channels=1, init="default"),
    )
    data: DataConfig = DataConfig(name="digits", size=8)
    training: TrainConfig = TrainConfig(steps=150, schedule="cosine")
    plane: Plane = "random"  # two random directions, or the plane that lies closest to the optimiser's path
    points: int = 25  # per side of the plane
    reach: float = 1.0  # from the middle to the side, over the length of the weights; "path" reaches as far as the path
    lines: int = 5  # random directions along which the loss is measured point by point
    images: int = 256  # the first ones of the training set, without augmentation
    seed: int = 0  # of the directions

    def __post_init__(self) -> None:
        if not 1 <= len(self.networks) <= self.MAX_NETWORKS:
            raise ConfigError(
                "The question names {count} networks. It must name from 1 to {limit}.",
                count=len(self.networks),
                limit=self.MAX_NETWORKS,
            )
        check_choice("plane", self.plane, get_args(Plane))
        if self.points not in self.SIDES:
            raise ConfigError(
                "points is {points!r}. It must be one of {sides}.",
                points=self.points,
                sides=", ".join(map(str, self.SIDES)),
            )
        check_range("reach", self.reach, 0.01, 10.0)
        check_range("lines", self.lines, 1, self.MAX_LINES)
        check_range("images", self.images, 1, self.MAX_IMAGES)
        check_range("steps", self.training.steps, 1, self.MAX_STEPS)
        check_range("seed", self.seed, 0, 2**31 - 1)


EXPERIMENTS = (
    Experiment(
        name="loss-surface",
        asks="How does the loss grow around a trained network?",
        sections=("9.4",),
        source="Li et al. 2018 (arXiv:1712.09913), sections 4, 6 and 7, figures 5 and 9",
        where="resnet_core.experiments.surfaces:loss_surface",
        question=LossSurfaceQuestion,
        seconds=25,
    ),
)
