"""The questions how much a block adds to what it is given."""

from dataclasses import dataclass
from typing import ClassVar

from resnet_core.checks import check_range
from resnet_core.config import ResNetConfig
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsesQuestion:
    """How large is F(x) beside x in each block of `networks`, before the first step and in training?"""

    MAX_NETWORKS: ClassVar[int] = 4
    MAX_LOOKS: ClassVar[int] = 12
    MAX_IMAGES: ClassVar[int] = 512

    networks: tuple[ResNetConfig, ...] = tuple(
        cifar(depth, width=8, in_channels=1, plain=plain) for depth in (20, 56) for plain in (True, False)
    )
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(batch=32)
    steps: int = 60  # optimiser steps in all
    looks: int = 4  # at even distances after the one before the first step
    images: int = 64  # test images in one batch, on which each look is taken

    def __post_init__(self) -> None:
        check_range("The number of networks", len(self.networks), 1, self.MAX_NETWORKS)
        check_range("steps", self.steps, 0, TrainConfig.MAX_STEPS)
        check_range("looks", self.looks, 1, self.MAX_LOOKS)
        check_range("images", self.images, 2, self.MAX_IMAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsQuestion:
    """How strong is the signal behind each block of fresh `networks`, and how large is F(x) beside x?"""

    MAX_NETWORKS: ClassVar[int] = 4

    networks: tuple[ResNetConfig, ...] = tuple(
        cifar(56, width=8, in_channels=1, plain=plain) for plain in (True, False)
    )
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(batch=32)  # its batch and its seed

    def __post_init__(self) -> None:
        check_range("The number of networks", len(self.networks), 1, self.MAX_NETWORKS)


EXPERIMENTS = (
    Experiment(
        name="responses",
        asks="How large is F(x) beside x, and do deeper networks have smaller responses?",
        sections=("3", "5.2b"),
        source="He et al. 2015 (arXiv:1512.03385), section 4.2, figure 7; De & Smith 2020 (arXiv:2002.10444)",
        where="resnet_core.experiments.responses:responses",
        question=ResponsesQuestion,
        seconds=20,
    ),
    Experiment(
        name="signals",
        asks="How strong is the signal behind each block of a fresh network?",
        sections=("5.2b", "9.1"),
        source="De & Smith 2020 (arXiv:2002.10444), section 2",
        where="resnet_core.experiments.signals:signals",
        question=SignalsQuestion,
        seconds=1,
    ),
)
