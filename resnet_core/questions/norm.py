"""Questions about batch normalisation: what it does to activations, rates and batches, and why it may help."""

from dataclasses import dataclass, replace
from typing import ClassVar

from resnet_core.checks import check_range
from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig

IOFFE = "Ioffe & Szegedy 2015 (arXiv:1502.03167)"


def without_norm(network: ResNetConfig) -> ResNetConfig:
    """The same network with a bias where BatchNorm was."""
    return replace(network, norm="none", zero_gamma=False)


def check_norm(network: ResNetConfig) -> None:
    """Refuse a network that has no BatchNorm to take away.

    Raises:
        ConfigError: it has none.
    """
    if network.norm != "batch":
        raise ConfigError("The network's norm is {norm!r}. Name the one with norm='batch'.", norm=network.norm)


def check_each(name: str, values: tuple[float, ...], low: float, high: float, most: int) -> None:
    """Refuse a list that is empty, too long, not rising, or has a value outside low..high.

    Raises:
        ConfigError: it is.
    """
    check_range(f"The number of {name}", len(values), 1, most)
    for value in values:
        check_range(f"Each of {name}", value, low, high)
    if list(values) != sorted(set(values)):
        raise ConfigError("{name} are {values}. List each once, the smallest first.", name=name, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class NormActivationsQuestion:
    """How are the activations of each layer distributed while `network` trains, and while it trains without BN?"""

    network: ResNetConfig = cifar(20, width=8, plain=True, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(steps=120, learning_rate=0.02, precision="fp32", inspect_every=0)
    every: int = 6  # steps between two looks

    def __post_init__(self) -> None:
        check_norm(self.network)
        check_range("every", self.every, 1, self.training.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class NormStartQuestion:
    """Before the first step: how loud is each branch beside its shortcut, and where does the gradient grow?"""

    network: ResNetConfig = cifar(56, width=8, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(batch=64, precision="fp32", inspect_every=0)

    def __post_init__(self) -> None:
        check_norm(self.network)
        if self.network.is_plain:
            raise ConfigError("The network has no shortcut. Name the residual one; its plain twin is measured too.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NormRatesQuestion:
    """With which learning rates, and from which starting weights, does a network train with and without BN?"""

    MAX_RATES: ClassVar[int] = 15
    MAX_GAINS: ClassVar[int] = 7
    MAX_SEEDS: ClassVar[int] = 5

    network: ResNetConfig = cifar(8, width=8, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(steps=50, precision="fp32", inspect_every=0)  # its learning rate is not used
    rates: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
    gains: tuple[float, ...] = (1.0,)  # factors on the starting weights of every convolution
    seeds: int = 2  # counted from the recipe's own

    def __post_init__(self) -> None:
        check_norm(self.network)
        check_each("rates", self.rates, 1e-6, 100.0, self.MAX_RATES)
        check_each("gains", self.gains, 0.01, 100.0, self.MAX_GAINS)
        check_range("seeds", self.seeds, 1, self.MAX_SEEDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NormBatchesQuestion:
    """How small can a batch be? Each batch size sees the same number of pictures, and the rate grows with the batch."""

    MAX_SIZES: ClassVar[int] = 8
    MAX_PICTURES: ClassVar[int] = 1_000_000

    network: ResNetConfig = cifar(8, width=8, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(batch=32, learning_rate=0.03, precision="fp32", inspect_every=0)
    sizes: tuple[int, ...] = (2, 4, 8, 16, 32)  # pictures per batch
    pictures: int = 2048  # that each network learns from, in all

    def __post_init__(self) -> None:
        check_norm(self.network)
        check_each("sizes", self.sizes, 2, TrainConfig.MAX_BATCH, self.MAX_SIZES)
        check_range("pictures", self.pictures, max(self.sizes), self.MAX_PICTURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class NormStatisticsQuestion:
    """How far are the running statistics behind, what does that do to a test, and what becomes of gamma and beta?"""

    network: ResNetConfig = cifar(20, width=8, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(steps=150, precision="fp32", inspect_every=0)
    every: int = 6  # steps between two looks

    def __post_init__(self) -> None:
        check_norm(self.network)
        check_range("every", self.every, 1, self.training.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class CovariateShiftQuestion:
    """Less internal covariate shift, or a smoother loss? The same network without BN, with BN, with BN and noise."""

    MAX_REACH: ClassVar[int] = 9

    network: ResNetConfig = cifar(8, width=8, plain=True, in_channels=1)
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(steps=200, learning_rate=0.03, precision="fp32", inspect_every=0)
    every: int = 10  # steps between two looks
    reach: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)  # lengths of the trial steps, in learning rates
    noise_mean: float = 0.5  # the noise's channel means lie between minus this and this; BatchNorm's deviation is 1
    noise_deviation: float = 0.25  # its standard deviations lie between 0 and this

    def __post_init__(self) -> None:
        check_norm(self.network)
        check_range("every", self.every, 1, self.training.steps)
        check_each("reach", self.reach, 1e-3, 1000.0, self.MAX_REACH)
        check_range("noise_mean", self.noise_mean, 0.0, 10.0)
        check_range("noise_deviation", self.noise_deviation, 0.0, 10.0)


EXPERIMENTS = (
    Experiment(
        name="norm-activations",
        asks="How are each layer's activations distributed during training, with and without BatchNorm?",
        sections=("9.1", "9.3", "9.4", "9.5"),
        source=f"{IOFFE}, figure 1(b, c)",
        where="resnet_core.experiments.norm_activations:norm_activations",
        question=NormActivationsQuestion,
        seconds=15,
    ),
    Experiment(
        name="norm-start",
        asks="What does BatchNorm do to signal and gradient before the first step?",
        sections=("9.1", "9.2"),
        source="De & Smith 2020 (arXiv:2002.10444), section 3; Yang et al. 2019 (arXiv:1902.08129), theorem 8",
        where="resnet_core.experiments.norm_activations:norm_start",
        question=NormStartQuestion,
        seconds=2,
    ),
    Experiment(
        name="norm-rates",
        asks="Which learning rates and which starting weights still train, with and without BatchNorm?",
        sections=("9.1", "9.3", "9.4"),
        source=f"{IOFFE}, sections 3.3 and 4.2.2",
        where="resnet_core.experiments.norm_rates:norm_rates",
        question=NormRatesQuestion,
        seconds=30,
    ),
    Experiment(
        name="norm-batches",
        asks="How does BatchNorm depend on the size of the batch?",
        sections=("9.5",),
        source="Wu & He 2018 (arXiv:1803.08494), figure 1; " + IOFFE + ", algorithm 2",
        where="resnet_core.experiments.norm_batches:norm_batches",
        question=NormBatchesQuestion,
        seconds=35,
    ),
    Experiment(
        name="norm-statistics",
        asks="How do a batch's statistics and the running ones differ, and what do gamma and beta become?",
        sections=("9.1", "9.5"),
        source=f"{IOFFE}, sections 3 and 3.1, algorithm 2",
        where="resnet_core.experiments.norm_batches:norm_statistics",
        question=NormStatisticsQuestion,
        seconds=12,
    ),
    Experiment(
        name="covariate-shift",
        asks="Does BatchNorm reduce internal covariate shift, or does it smooth the loss?",
        sections=("9.2", "9.4", "9.5"),
        source="Santurkar et al. 2018 (arXiv:1805.11604), definition 2.1, figures 1 to 4; " + IOFFE + ", section 2",
        where="resnet_core.experiments.covariate_shift:covariate_shift",
        question=CovariateShiftQuestion,
        seconds=22,
    ),
)
