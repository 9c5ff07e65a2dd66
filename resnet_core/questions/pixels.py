"""Questions about the 1x1 convolution: what it does to a picture, and what it saves by the clock."""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.questions.experiment import Experiment

Mix = Literal["same", "grey", "swap", "sepia", "squeeze1", "squeeze2", "expand", "random"]
Growth = Literal["side", "stage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelMixQuestion:
    """What does a 1x1 convolution do to the channels of a picture?"""

    MAX_SIZE: ClassVar[int] = 256
    MAX_SEED: ClassVar[int] = 9999

    picture: str = "cat"  # one of samples.sample_pictures(), or "edges"
    own: str = ""  # a picture file's bytes in base64, looked at instead
    size: int = 128  # pixels per side of the centre square
    mix: Mix = "squeeze1"
    seed: int = 0  # of the weights of "expand" and "random"
    relu: bool = False  # after every convolution

    def __post_init__(self) -> None:
        check_choice("mix", self.mix, get_args(Mix))
        check_range("size", self.size, 8, self.MAX_SIZE)
        check_range("seed", self.seed, 0, self.MAX_SEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeQuestion:
    """Is a bottleneck as many times faster as it has fewer multiplications, whatever the size of its input?

    With growth "side" the channels stay and the side of the input shrinks; with "stage" the channels double where the
    side is halved, as from stage to stage of a ResNet, so that every size has the same multiplications.
    """

    SIDES: ClassVar[tuple[int, ...]] = (56, 28, 14, 7)  # pixels, of the four stages of an ImageNet network
    CHANNELS: ClassVar[tuple[int, ...]] = (64, 128, 256)
    MAX_TURNS: ClassVar[int] = 200

    growth: Growth = "side"
    channels: int = 128  # at 56 pixels; a bottleneck has a quarter of them inside
    turns: int = 40  # how often every convolution is timed
    measurement: int = 1  # another number is another measurement; it changes nothing else

    def __post_init__(self) -> None:
        check_choice("growth", self.growth, get_args(Growth))
        check_range("channels", self.channels, 4, 512)
        check_range("turns", self.turns, 3, self.MAX_TURNS)
        check_range("measurement", self.measurement, 1, 9999)


EXPERIMENTS = (
    Experiment(
        name="pixel-mixing",
        asks="What does a 1x1 convolution do to the channels of a picture?",
        sections=("6.2", "6.3"),
        source="Lin et al. 2014 (arXiv:1312.4400), section 3.1; Szegedy et al. 2015 (arXiv:1409.4842), section 4",
        where="resnet_core.experiments.pixels:pixel_mixing",
        question=PixelMixQuestion,
        seconds=1,
    ),
    Experiment(
        name="time-across-sizes",
        asks="Does a bottleneck save as much time as it saves multiplications?",
        sections=("6.3", "6.4", "7.2"),
        source="He et al. 2015 (arXiv:1512.03385), section 4.1 and figure 5",
        where="resnet_core.experiments.time_across_sizes:time_across_sizes",
        question=TimeQuestion,
        seconds=5,
    ),
)
