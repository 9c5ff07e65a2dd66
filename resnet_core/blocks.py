"""The four residual blocks: two or three convolutions, in the order of 2015 or of 2016.

Every quantity that a lesson may want to look at is the output of a named submodule, so that a probe can hook it by
name. That is why each ReLU is its own module and none works in place.
"""

from torch import Tensor, nn

from resnet_core.config import ResNetConfig
from resnet_core.layers import Convolution, Tap, make_norm
from resnet_core.shortcuts import ProjectionShortcut, make_shortcut


class Block(nn.Module):
    """What the four blocks share: a branch F(x), a shortcut beside it (or none), and taps where paths part and meet.

    Without a shortcut (`shortcut` is None) there is neither `skip_in` nor `skip`, and the branch alone goes on.
    Shapes: (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride))
    """

    convolutions: int  # in the branch

    def __init__(self, config: ResNetConfig, stage: int, in_channels: int, stride: int, has_shortcut: bool) -> None:
        super().__init__()
        self.branch_in = Tap()
        self.make_branch(config, stage, in_channels, stride)
        self.branch = Tap()
        self.shortcut: nn.Module | None = None
        self.skip_in: Tap | None = None
        self.skip: Tap | None = None
        if has_shortcut:
            out_channels = config.widths[stage] * config.expansion
            self.skip_in = Tap()
            self.shortcut = make_shortcut(config, in_channels, out_channels, stride)
            self.skip = Tap()
        self.sum = Tap()

    def make_branch(self, config: ResNetConfig, stage: int, in_channels: int, stride: int) -> None:
        """Register the branch's convolutions, norms and ReLUs in the order of the forward pass."""
        raise NotImplementedError

    @property
    def last_norm(self) -> nn.Module:
        """The norm that stands last in the branch; in a v1 block its scale is the branch's scale."""
        return self.get_submodule(f"norm{self.convolutions}")

    def join(self, x: Tensor, y: Tensor) -> Tensor:
        """shortcut(x) + F(x), where `y` is F(x)."""
        y = self.branch(y)
        if self.shortcut is not None and self.skip_in is not None and self.skip is not None:
            y = y + self.skip(self.shortcut(self.skip_in(x)))
        return self.sum(y)


class BasicBlock(Block):
    """Two 3x3 convolutions (He et al. 2015, figure 5, left)."""

    convolutions = 2

    def make_branch(self, config: ResNetConfig, stage: int, in_channels: int, stride: int) -> None:
        width = config.widths[stage]
        self.conv1 = _conv(config, in_channels, width, 3, stride)
        self.norm1 = make_norm(config.norm, width)
        self.relu1 = nn.ReLU()
        self.conv2 = _conv(config, width, width, 3)
        self.norm2 = make_norm(config.norm, width)
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = self.branch_in(x)
        y = self.relu1(self.norm1(self.conv1(y)))
        y = self.norm2(self.conv2(y))
        return self.relu2(self.join(x, y))


class BottleneckBlock(Block):
    """1x1 to few channels, 3x3 among them, 1x1 back to many (He et al. 2015, figure 5, right).

    The stride is on the first 1x1 in version v1 and on the 3x3 in v1.5. With groups, the 3x3 is ResNeXt's
    (Xie et al. 2017, arXiv:1611.05431, figure 3c).
    """

    convolutions = 3

    def make_branch(self, config: ResNetConfig, stage: int, in_channels: int, stride: int) -> None:
        inner, width = config.inner_width(stage), config.widths[stage] * config.expansion
        first, second = (stride, 1) if config.version == "v1" else (1, stride)
        self.conv1 = _conv(config, in_channels, inner, 1, first)
        self.norm1 = make_norm(config.norm, inner)
        self.relu1 = nn.ReLU()
        self.conv2 = _conv(config, inner, inner, 3, second, config.groups)
        self.norm2 = make_norm(config.norm, inner)
        self.relu2 = nn.ReLU()
        self.conv3 = _conv(config, inner, width, 1)
        self.norm3 = make_norm(config.norm, width)
        self.relu3 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = self.branch_in(x)
        y = self.relu1(self.norm1(self.conv1(y)))
        y = self.relu2(self.norm2(self.conv2(y)))
        y = self.norm3(self.conv3(y))
        return self.relu3(self.join(x, y))


class PreActivation(Block):
    """BN and ReLU before each convolution and nothing after the sum (He et al. 2016, arXiv:1603.05027, figure 1b).

    An identity shortcut carries x as it stands. A projection shares the branch's first BN and ReLU, so there the two
    paths, and with them the taps `skip_in` and `branch_in`, part after these.
    """

    def activate(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What the shortcut gets, and relu1(norm1(x)) for the branch."""
        if isinstance(self.shortcut, ProjectionShortcut):
            x = self.get_submodule("relu1")(self.get_submodule("norm1")(x))
            return x, self.branch_in(x)
        y = self.branch_in(x)
        return x, self.get_submodule("relu1")(self.get_submodule("norm1")(y))


class PreActivationBasicBlock(PreActivation):
    """Two 3x3 convolutions, each after its BN and ReLU."""

    convolutions = 2

    def make_branch(self, config: ResNetConfig, stage: int, in_channels: int, stride: int) -> None:
        width = config.widths[stage]
        self.norm1 = make_norm(config.norm, in_channels)
        self.relu1 = nn.ReLU()
        self.conv1 = _conv(config, in_channels, width, 3, stride)
        self.norm2 = make_norm(config.norm, width)
        self.relu2 = nn.ReLU()
        self.conv2 = _conv(config, width, width, 3)

    def forward(self, x: Tensor) -> Tensor:
        x, y = self.activate(x)
        y = self.conv1(y)
        y = self.conv2(self.relu2(self.norm2(y)))
        return self.join(x, y)


class PreActivationBottleneckBlock(PreActivation):
    """1x1, 3x3 with the stride, 1x1, each after its BN and ReLU."""

    convolutions = 3

    def make_branch(self, config: ResNetConfig, stage: int, in_channels: int, stride: int) -> None:
        inner, width = config.inner_width(stage), config.widths[stage] * config.expansion
        self.norm1 = make_norm(config.norm, in_channels)
        self.relu1 = nn.ReLU()
        self.conv1 = _conv(config, in_channels, inner, 1)
        self.norm2 = make_norm(config.norm, inner)
        self.relu2 = nn.ReLU()
        self.conv2 = _conv(config, inner, inner, 3, stride, config.groups)
        self.norm3 = make_norm(config.norm, inner)
        self.relu3 = nn.ReLU()
        self.conv3 = _conv(config, inner, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        x, y = self.activate(x)
        y = self.conv1(y)
        y = self.conv2(self.relu2(self.norm2(y)))
        y = self.conv3(self.relu3(self.norm3(y)))
        return self.join(x, y)


def block_class(config: ResNetConfig) -> type[Block]:
    """The block that a network of this config is made of."""
    if config.version == "v2":
        return PreActivationBasicBlock if config.block == "basic" else PreActivationBottleneckBlock
    return BasicBlock if config.block == "basic" else BottleneckBlock


def _conv(
    config: ResNetConfig, in_channels: int, out_channels: int, kernel: int, stride: int = 1, groups: int = 1
) -> Convolution:
    # a bias before a BatchNorm would be subtracted again
    bias = config.norm == "none"
    return Convolution(in_channels, out_channels, kernel, stride, padding=kernel // 2, groups=groups, bias=bias)
