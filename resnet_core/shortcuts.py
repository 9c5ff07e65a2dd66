"""The path around a block: He et al. 2015 (arXiv:1512.03385), section 3.3 and the options of section 4.1."""

from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.config import NormKind, ResNetConfig, ZeroPadding
from resnet_core.layers import Convolution, make_norm


class ZeroPadShortcut(nn.Module):
    """Option A: keep every `stride`-th pixel and let zeros be the new channels. It has no weights.

    Shapes: (N, in_channels, H, W) -> (N, in_channels + new_channels, ceil(H / stride), ceil(W / stride))
    """

    def __init__(self, new_channels: int, stride: int, padding: ZeroPadding) -> None:
        super().__init__()
        self.stride = stride
        self.before = new_channels // 2 if padding == "both" else 0
        self.after = new_channels - self.before

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, :, :: self.stride, :: self.stride]
        return F.pad(x, (0, 0, 0, 0, self.before, self.after))


class ProjectionShortcut(nn.Module):
    """Options B and C: a 1x1 convolution brings the input to the block's output shape.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride))
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int, norm: NormKind, bias: bool) -> None:
        super().__init__()
        self.conv = Convolution(in_channels, out_channels, 1, stride, bias=bias)
        self.norm = make_norm(norm, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))


def make_shortcut(config: ResNetConfig, in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """The shortcut that `config` asks for around a block of this shape. Not for plain networks, which have none."""
    same_shape = stride == 1 and in_channels == out_channels
    if config.shortcut == "C" or (config.shortcut == "B" and not same_shape):
        # a pre-activation network adds raw sums: nothing comes after the projection (He et al. 2016, appendix)
        norm: NormKind = "none" if config.version == "v2" else config.norm
        return ProjectionShortcut(in_channels, out_channels, stride, norm, bias=config.norm == "none")
    if same_shape:
        return nn.Identity()
    return ZeroPadShortcut(out_channels - in_channels, stride, config.zero_padding)
