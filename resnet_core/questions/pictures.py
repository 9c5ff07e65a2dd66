"""Questions about what a network sees in a picture."""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.config import NormKind, ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import cifar
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import DataConfig, TrainConfig

FieldInputs = Literal["noise", "pictures"]
AttributionTarget = Literal["predicted", "label"]
AttributionBaseline = Literal["black", "mean"]

# One small network for both questions that need a trained one, so that their pictures belong together: 28 pixels, of
# which a unit of its last map sees 25.
SMALL = cifar(8, width=8, in_channels=1)
SHARP = DataConfig(size=28)
RECIPE = TrainConfig(steps=200, schedule="cosine", precision="fp32", inspect_every=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersQuestion:
    """Which filters does a network learn, and which crops of its pictures excite them most?"""

    MAX_IMAGES: ClassVar[int] = 2000
    MAX_UNITS: ClassVar[int] = 16
    MAX_CROPS: ClassVar[int] = 12

    network: ResNetConfig = SMALL
    data: DataConfig = SHARP
    training: TrainConfig = RECIPE
    images: int = 1000  # test pictures that are searched
    units: int = 8  # channels of each layer that are looked at, from the first
    crops: int = 8  # per unit

    def __post_init__(self) -> None:
        check_range("images", self.images, self.MAX_CROPS, self.MAX_IMAGES)
        check_range("units", self.units, 1, self.MAX_UNITS)
        check_range("crops", self.crops, 2, self.MAX_CROPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveFieldQuestion:
    """How much of what a unit of the last map could see does it really use, with shortcuts and without?"""

    MAX_DEPTHS: ClassVar[int] = 6
    MAX_DEPTH: ClassVar[int] = 44  # a unit sees 193 pixels
    MAX_DRAWS: ClassVar[int] = 20

    depths: tuple[int, ...] = (8, 14, 20, 32)  # weighted layers, 6n + 2
    width: int = 8  # channels of the first stage
    norm: NormKind = "batch"
    inputs: FieldInputs = "noise"  # normal noise, or test pictures continued by mirroring
    draws: int = 5  # fresh networks per depth, each with images of its own
    images: int = 4  # per network
    trained: int = 20  # depth at which a network is measured again after training; 0 for none
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig(steps=100, precision="fp32", inspect_every=0)

    def __post_init__(self) -> None:
        check_range("The number of depths", len(self.depths), 1, self.MAX_DEPTHS)
        if list(self.depths) != sorted(set(self.depths)):
            raise ConfigError("depths is {depths}. List each depth once, the smallest first.", depths=self.depths)
        for depth in (*self.depths, self.trained or self.depths[0]):
            check_range("depth", depth, 8, self.MAX_DEPTH)
            cifar(depth, width=self.width, norm=self.norm, in_channels=1)  # refuses what makes no network
        check_choice("inputs", self.inputs, get_args(FieldInputs))
        check_range("draws", self.draws, 1, self.MAX_DRAWS)
        check_range("images", self.images, 1, 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionsQuestion:
    """Which pixels speak for the class that a network sees? One test picture of each class, six ways to answer."""

    MAX_STEPS: ClassVar[int] = 256

    network: ResNetConfig = SMALL
    data: DataConfig = SHARP
    training: TrainConfig = RECIPE
    target: AttributionTarget = "predicted"  # the class that is spoken for
    baseline: AttributionBaseline = "black"  # the picture that says nothing, where the integrals begin
    steps: int = 64  # of the integrals
    window: int = 5  # pixels per side that occlusion covers at a time

    def __post_init__(self) -> None:
        check_choice("target", self.target, get_args(AttributionTarget))
        check_choice("baseline", self.baseline, get_args(AttributionBaseline))
        check_range("steps", self.steps, 2, self.MAX_STEPS)
        check_range("window", self.window, 1, 8)


EXPERIMENTS = (
    Experiment(
        name="filters",
        asks="Which filters does a network learn, and which crops of the pictures excite them most?",
        sections=("4.1", "5.1"),
        source="Zeiler and Fergus 2014 (arXiv:1311.2901), section 4.1 and figure 2",
        where="resnet_core.experiments.filters:filters",
        question=FiltersQuestion,
        seconds=10,
    ),
    Experiment(
        name="effective-field",
        asks="How much of the picture that a unit could see does it really use?",
        sections=("4.1", "6.1"),
        source="Luo et al. 2016 (arXiv:1701.04128), sections 2 and 3",
        where="resnet_core.experiments.effective_field:effective_field",
        question=EffectiveFieldQuestion,
        seconds=25,
    ),
    Experiment(
        name="attributions",
        asks="Which pixels speak for the class that the network sees?",
        sections=("4.3", "5.1"),
        source="Sundararajan et al. 2017 (arXiv:1703.01365), proposition 1; Adebayo et al. 2018 (arXiv:1810.03292)",
        where="resnet_core.experiments.attributions:attributions",
        question=AttributionsQuestion,
        seconds=14,
    ),
)
