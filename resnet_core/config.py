"""What a network is made of, as a frozen value.

A config is the only thing the user interface has to know in order to ask for an experiment. It is hashable, so it
serves as a cache key; it holds plain numbers and words, so it can be written to a file or a web address.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.errors import ConfigError

StemKind = Literal["cifar", "imagenet"]
BlockKind = Literal["basic", "bottleneck"]
Version = Literal["v1", "v1.5", "v2"]
ShortcutKind = Literal["none", "A", "B", "C"]
ZeroPadding = Literal["end", "both"]
NormKind = Literal["batch", "none"]
InitKind = Literal["he", "default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResNetConfig:
    """Everything that decides a network. Equal configs with equal seeds build equal networks.

    The defaults are ResNet-20 for 32x32 images (He et al. 2015, arXiv:1512.03385, section 4.2).

    Raises:
        ConfigError: a setting is out of range, or two settings contradict each other.
    """

    MAX_STAGES: ClassVar[int] = 8  # each halves the picture; eight leave 2 of 256 pixels
    MAX_BLOCKS: ClassVar[int] = 200  # per stage; three stages of 200 make ResNet-1202
    MAX_WIDTH: ClassVar[int] = 2048  # channels
    MAX_CLASSES: ClassVar[int] = 22_000  # all of ImageNet
    MAX_IN_CHANNELS: ClassVar[int] = 64
    MAX_GROUPS: ClassVar[int] = 128
    EXPANSION: ClassVar[int] = 4  # a bottleneck's output has four times the channels of its 3x3 (section 4.1)

    stem: StemKind = "cifar"  # one 3x3, or 7x7/2 and a 3x3/2 max pool
    stem_width: int = 16  # channels
    block: BlockKind = "basic"
    depths: tuple[int, ...] = (3, 3, 3)  # blocks per stage
    widths: tuple[int, ...] = (16, 32, 64)  # channels per stage, before a bottleneck's expansion
    version: Version = "v1"  # where stride and BN-ReLU sit: He 2015, stride on the 3x3, He 2016 (pre-activation)
    shortcut: ShortcutKind = "A"  # "none": plain; A zero-pads; B projects where shapes change, C always
    zero_padding: ZeroPadding = "end"  # option A: all new channels after the old ones, or half on each side
    norm: NormKind = "batch"  # without it every convolution gets a bias
    init: InitKind = "he"  # He 2015 (arXiv:1502.01852) fan-out, or what PyTorch does when nobody says anything
    zero_gamma: bool = False  # the last BN of each branch that has a shortcut beside it starts at 0 (Goyal et al. 2017)
    groups: int = 1  # ResNeXt's cardinality (Xie et al. 2017, arXiv:1611.05431)
    width_per_group: int = 64  # 3x3 channels per group in a 64-channel stage; 128 makes Wide ResNet-50-2
    cut: tuple[tuple[int, int], ...] = ()  # (stage, block), from 0: blocks whose shortcut is taken away
    in_channels: int = 3
    classes: int = 10

    def __post_init__(self) -> None:
        for field, kind in _CHOICES.items():
            check_choice(field, getattr(self, field), get_args(kind))
        if len(self.depths) != len(self.widths) or not self.depths:
            raise ConfigError(
                "depths names {depths} stages and widths names {widths}. Give both one entry per stage, "
                "for example depths=(3, 3, 3) and widths=(16, 32, 64).",
                depths=len(self.depths),
                widths=len(self.widths),
            )
        check_range("The number of stages", len(self.depths), 1, self.MAX_STAGES)
        for stage, (depth, width) in enumerate(zip(self.depths, self.widths, strict=True), start=1):
            check_range(f"depths, stage {stage},", depth, 1, self.MAX_BLOCKS)
            check_range(f"widths, stage {stage},", width, 1, self.MAX_WIDTH)
        check_range("stem_width", self.stem_width, 1, self.MAX_WIDTH)
        check_range("in_channels", self.in_channels, 1, self.MAX_IN_CHANNELS)
        check_range("classes", self.classes, 2, self.MAX_CLASSES)
        check_range("groups", self.groups, 1, self.MAX_GROUPS)
        check_range("width_per_group", self.width_per_group, 1, self.MAX_WIDTH)
        self._check_groups()
        self._check_zero_gamma()
        self._check_zero_padding()
        self._check_cut()

    @property
    def layers(self) -> int:
        """Weighted layers, counted as the paper counts them: the stem, every convolution of every block, the head."""
        per_block = 2 if self.block == "basic" else 3
        return per_block * sum(self.depths) + 2

    @property
    def expansion(self) -> int:
        """Output channels of a block over the width of its stage."""
        return self.EXPANSION if self.block == "bottleneck" else 1

    @property
    def is_plain(self) -> bool:
        """Whether no block has a shortcut."""
        return self.shortcut == "none" or len(self.cut) == sum(self.depths)

    def inner_width(self, stage: int) -> int:
        """Channels of the 3x3 inside a bottleneck of `stage` (from 0); for a basic block the stage's width."""
        if self.block == "basic":
            return self.widths[stage]
        return self.widths[stage] * self.width_per_group // 64 * self.groups

    def _check_groups(self) -> None:
        if self.block == "basic" and (self.groups, self.width_per_group) != (1, 64):
            raise ConfigError(
                "groups is {groups} and width_per_group {width}, with basic blocks. ResNeXt and Wide ResNet-50 "
                "are made of bottleneck blocks. Choose block='bottleneck', or groups=1 and width_per_group=64.",
                groups=self.groups,
                width=self.width_per_group,
            )
        for stage in range(len(self.widths)):
            if self.inner_width(stage) < self.groups:
                raise ConfigError(
                    "Stage {stage} would have {inner} channels in its 3x3 convolutions for {groups} groups. "
                    "Each group needs at least one: raise width_per_group or widths, or lower groups.",
                    stage=stage + 1,
                    inner=self.inner_width(stage),
                    groups=self.groups,
                )

    def _check_zero_gamma(self) -> None:
        if self.zero_gamma and self.norm == "none":
            raise ConfigError(
                "zero_gamma is on and norm is 'none'. Gamma is the scale of a BatchNorm. "
                "Choose norm='batch' or switch zero_gamma off."
            )
        if self.zero_gamma and self.version == "v2":
            raise ConfigError(
                "zero_gamma is on and version is 'v2'. A pre-activation branch ends with a convolution, not with a "
                "BatchNorm, so there is no last gamma. Choose version 'v1' or 'v1.5', or switch zero_gamma off."
            )

    def _check_zero_padding(self) -> None:
        if self.shortcut != "A":
            return
        before = self.stem_width
        for stage, width in enumerate(self.widths, start=1):
            after = width * self.expansion
            if (stage - 1, 0) not in self.cut and after < before:
                raise ConfigError(
                    "Stage {stage} has {after} channels after {before}. A zero-padding shortcut (A) can only add "
                    "channels. Choose shortcut 'B', or widths that do not shrink.",
                    stage=stage,
                    after=after,
                    before=before,
                )
            before = after

    def _check_cut(self) -> None:
        if self.cut != tuple(sorted(set(self.cut))):
            raise ConfigError("cut is {cut}. List each (stage, block) once, in order.", cut=self.cut)
        for stage, block in self.cut:
            if not (0 <= stage < len(self.depths) and 0 <= block < self.depths[stage]):
                raise ConfigError(
                    "cut names block {block} of stage {stage}, counted from 0. This network has {depths} blocks in its "
                    "stages. Choose a block that exists.",
                    stage=stage,
                    block=block,
                    depths=self.depths,
                )


_CHOICES = {
    "stem": StemKind,
    "block": BlockKind,
    "version": Version,
    "shortcut": ShortcutKind,
    "zero_padding": ZeroPadding,
    "norm": NormKind,
    "init": InitKind,
}
