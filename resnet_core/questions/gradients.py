"""Questions about the gradient on its way to the first layers."""

from dataclasses import dataclass
from typing import ClassVar

from resnet_core.checks import check_range
from resnet_core.config import ResNetConfig
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientFlowQuestion:
    """How much of the loss's gradient reaches each convolution of `network`?"""

    MAX_SEEDS: ClassVar[int] = 20

    network: ResNetConfig = cifar(56, width=8, plain=True, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(batch=32)
    seeds: int = 3  # counted from the recipe's own
    steps: int = 0  # optimiser steps before the measurement

    def __post_init__(self) -> None:
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("steps", self.steps, 0, TrainConfig.MAX_STEPS - 1)


EXPERIMENTS = (
    Experiment(
        name="gradient-flow",
        asks="How much of the loss's gradient reaches each layer?",
        sections=("1.1", "8"),
        source="He et al. 2015 (arXiv:1512.03385), section 4.1; Yang et al. 2019 (arXiv:1902.08129), theorem 8",
        where="resnet_core.experiments.gradients:ask_gradient_flow",
        question=GradientFlowQuestion,
        seconds=2,
    ),
)
