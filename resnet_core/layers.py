"""The single layers that blocks, shortcuts and networks are made of."""

from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.config import NormKind


class Tap(nn.Module):
    """A named place to look. Its output is a tensor of its own with the same values as its input.

    Two taps on one tensor are two edges of the gradient's graph, so a probe can tell what came back along each.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Any shape in, the same shape out."""
        return x.view_as(x)


class Convolution(nn.Conv2d):
    """A convolution whose weights wait for initialise.py. PyTorch's would draw first ones, to be thrown away.

    A narrow 1x1 with a stride takes its pixels first and then convolves them all: the same sums, and the only way that
    is safe in PyTorch 2.13, whose own backward pass writes outside its memory there (docs/decisions/0013).
    """

    NARROW = 64  # input channels; the fault is known below 16, and ImageNet networks, which have 64 up, stay PyTorch's

    def reset_parameters(self) -> None:
        """Leave the memory as it is."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride)."""
        if self.kernel_size == (1, 1) and self.stride != (1, 1) and self.in_channels < self.NARROW:
            rows, columns = (int(step) for step in self.stride)
            return F.conv2d(input[:, :, ::rows, ::columns], self.weight, self.bias, groups=self.groups)
        return super().forward(input)


class Classifier(nn.Linear):
    """A linear layer whose weights wait for initialise.py."""

    def reset_parameters(self) -> None:
        """Leave the memory as it is."""


def make_norm(norm: NormKind, channels: int) -> nn.Module:
    """BatchNorm with scale 1 and shift 0, or nothing in its place."""
    return nn.BatchNorm2d(channels) if norm == "batch" else nn.Identity()
