"""Questions about the gradient on its way to the first layers."""

from dataclasses import dataclass
from typing import ClassVar

from resnet_core.checks import check_choice, check_range
from resnet_core.config import ResNetConfig, Version
from resnet_core.errors import ConfigError
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientTableQuestion:
    """How does the gradient change on its way to the input, for every setting of three switches?

    Skip, BatchNorm and initialisation give eight networks. Each is measured at every depth of `depths` before the
    first step, and at `trained_depth` after 1, 2, 4, 8, ... up to `steps` optimiser steps.
    """

    MAX_DEPTHS: ClassVar[int] = 4
    MAX_SEEDS: ClassVar[int] = 10
    MAX_STEPS: ClassVar[int] = 500

    depths: tuple[int, ...] = (20, 56, 110)  # weighted layers, 6n + 2
    trained_depth: int = 20
    width: int = 8  # channels of the first stage
    version: Version = "v1"
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(batch=32)
    seeds: int = 2  # at initialisation, counted from the recipe's own; training has one
    steps: int = 32  # 0 leaves the training out

    def __post_init__(self) -> None:
        check_range("The number of depths", len(self.depths), 1, self.MAX_DEPTHS)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)
        check_range("steps", self.steps, 0, self.MAX_STEPS)
        for depth in (*self.depths, self.trained_depth):
            cifar(depth, width=self.width, version=self.version)  # which refuses what cannot be built


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientGrowthQuestion:
    """By how much does the squared gradient norm grow per layer in a wide network of BatchNorm and ReLU?"""

    ACTIVATIONS: ClassVar[tuple[str, ...]] = ("relu", "linear")

    width: int = 500  # units per layer
    depth: int = 50  # layers
    batches: tuple[int, ...] = (16, 64, 256)  # examples per batch, one network each
    activation: str = "relu"  # or "linear", for which the paper has an exact number at every batch size
    seeds: int = 2
    seed: int = 0  # the first of them

    def __post_init__(self) -> None:
        check_choice("activation", self.activation, self.ACTIVATIONS)
        check_range("width", self.width, 2, 2000)
        check_range("depth", self.depth, 4, 200)
        check_range("The number of batches", len(self.batches), 1, 4)
        for batch in self.batches:
            check_range("batches", batch, 4, 1024)
        check_range("seeds", self.seeds, 1, 20)
        check_range("seed", self.seed, 0, 2**31 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientPartsQuestion:
    """How does the gradient divide between shortcut and branch at every block of `networks`?"""

    MAX_NETWORKS: ClassVar[int] = 6
    MAX_SAMPLES: ClassVar[int] = 1024

    networks: tuple[ResNetConfig, ...] = tuple(
        cifar(56, width=8, in_channels=1, version=version, shortcut=shortcut)
        for version, shortcut in (("v2", "A"), ("v1", "A"), ("v2", "C"), ("v2", "none"))
    )
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(batch=32)
    steps: int = 0  # optimiser steps before the measurement
    samples: int = 128  # images, measured in batches of 64

    def __post_init__(self) -> None:
        check_range("The number of networks", len(self.networks), 1, self.MAX_NETWORKS)
        check_range("steps", self.steps, 0, TrainConfig.MAX_STEPS)
        check_range("samples", self.samples, 2, self.MAX_SAMPLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientPathsQuestion:
    """How much gradient comes through paths that pass few residual branches, and how much through many?"""

    MAX_PATHS: ClassVar[int] = 200

    network: ResNetConfig = cifar(56, width=8, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(learning_rate=0.02)
    steps: int = 60  # optimiser steps before the measurement
    images: int = 16  # of the batch whose gradient is taken apart
    paths: int = 8  # drawn at random for each length; all of them where there are no more

    def __post_init__(self) -> None:
        check_range("steps", self.steps, 0, TrainConfig.MAX_STEPS)
        check_range("images", self.images, 2, 256)
        check_range("paths", self.paths, 1, self.MAX_PATHS)
        if self.network.shortcut == "none" or self.network.cut:
            raise ConfigError(
                "The network has blocks without a shortcut, so paths cannot go around them. "
                "Choose shortcut 'A', 'B' or 'C' and cut nothing."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShatteredQuestion:
    """How alike are the gradients at neighbouring inputs of a network from one number to one number?"""

    points: int = 256  # inputs, evenly from -2 to 2
    units: int = 200  # per layer
    plain_depth: int = 24  # layers
    residual_depth: int = 50
    beta: float = 0.1  # the factor before each residual branch, in one of the networks
    lags: int = 15
    seeds: int = 5
    seed: int = 0  # the first of them

    def __post_init__(self) -> None:
        check_range("points", self.points, 32, 2048)
        check_range("units", self.units, 2, 1000)
        check_range("plain_depth", self.plain_depth, 2, 200)
        check_range("residual_depth", self.residual_depth, 2, 200)
        check_range("beta", self.beta, 0.0, 1.0)
        check_range("lags", self.lags, 1, self.points // 2)
        check_range("seeds", self.seeds, 1, 50)
        check_range("seed", self.seed, 0, 2**31 - 1)


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
    Experiment(
        name="gradient-table",
        asks="Which of the three switches makes the gradient vanish or explode?",
        sections=("1.1", "8", "9.1"),
        source="Yang et al. 2019 (arXiv:1902.08129), theorem 8; De & Smith 2020 (arXiv:2002.10444), section 2",
        where="resnet_core.experiments.gradient_table:gradient_table",
        question=GradientTableQuestion,
        seconds=20,
    ),
    Experiment(
        name="gradient-growth",
        asks="By how much does the gradient grow per layer of BatchNorm and ReLU?",
        sections=("1.1", "9.1"),
        source="Yang et al. 2019 (arXiv:1902.08129), theorem 8",
        where="resnet_core.experiments.gradient_growth:gradient_growth",
        question=GradientGrowthQuestion,
        seconds=2,
    ),
    Experiment(
        name="gradient-parts",
        asks="How does the gradient divide between shortcut and branch, and can it vanish?",
        sections=("8.1", "8.2"),
        source="He et al. 2016 (arXiv:1603.05027), section 2, equation 5, and section 3",
        where="resnet_core.experiments.gradient_parts:gradient_parts",
        question=GradientPartsQuestion,
        seconds=3,
    ),
    Experiment(
        name="gradient-paths",
        asks="Does the gradient come through the short paths or through the long ones?",
        sections=("8.1", "8.2"),
        source="Veit et al. 2016 (arXiv:1605.06431), section 5, figure 6",
        where="resnet_core.experiments.gradient_paths:gradient_paths",
        question=GradientPathsQuestion,
        seconds=15,
    ),
    Experiment(
        name="shattered-gradients",
        asks="How alike are the gradients at neighbouring inputs?",
        sections=("1.1", "8"),
        source="Balduzzi et al. 2017 (arXiv:1702.08591), section 2, figures 1 and 2",
        where="resnet_core.experiments.shattered:shattered_gradients",
        question=ShatteredQuestion,
        seconds=3,
    ),
)
