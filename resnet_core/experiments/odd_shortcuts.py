"""The shortcuts that He et al. tried in 2016 and advised against, built into a network in place of its own.

arXiv:1603.05027, section 3.1 and figure 2. Each kind is a block whose `join` says what is added. With h(x) for what the
shortcut carries (x itself, or x with fewer pixels and new zero channels where shapes change) and g(x) for a gate,
a 1x1 convolution of h(x) with a bias and a sigmoid after it:

    half       0.5 h(x) + F(x)                 half-both  0.5 h(x) + 0.5 F(x)
    exclusive  (1 - g(x)) h(x) + g(x) F(x)     gated      (1 - g(x)) h(x) + F(x)
    dropout    dropout(h(x), 0.5) + F(x)       conv       BN(1x1 convolution of x) + F(x), option C of 2015
"""

import zlib
from dataclasses import replace

import torch
from torch import Tensor, nn

from resnet_core.blocks import BasicBlock
from resnet_core.config import ResNetConfig
from resnet_core.initialise import initialise
from resnet_core.layers import Convolution
from resnet_core.model import ResNet, build_model
from resnet_core.probes import record
from resnet_core.questions.shortcuts import Kind

HALF = 0.5  # lambda of table 1, and the rate of its dropout


class HalfBlock(BasicBlock):
    """Constant scaling of the shortcut: 0.5 h(x) + F(x)."""

    def join(self, x: Tensor, y: Tensor) -> Tensor:
        return self.sum(HALF * carried(self, x) + self.branch(y))


class HalfBothBlock(BasicBlock):
    """Constant scaling of both paths: 0.5 h(x) + 0.5 F(x)."""

    def join(self, x: Tensor, y: Tensor) -> Tensor:
        return self.sum(HALF * carried(self, x) + self.branch(HALF * y))


class Dropout(nn.Module):
    """Dropout as the paper means it: while training a number stays or becomes 0, afterwards all are scaled down.

    Unlike `nn.Dropout` it does not enlarge what stays, so that its factor is 1 - `rate` on average ("statistically
    imposes a scale of lambda with an expectation of 0.5"). Its generator is its own, so that a run can be repeated
    whatever else the process draws.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.generator = torch.Generator()

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return (1 - self.rate) * x
        return x * torch.empty_like(x).bernoulli_(1 - self.rate, generator=self.generator)


class DropoutBlock(BasicBlock):
    """Dropout on the shortcut: while training, each number of h(x) becomes 0 with probability 0.5."""

    def __init__(self, config: ResNetConfig, stage: int, in_channels: int, stride: int, has_shortcut: bool) -> None:
        super().__init__(config, stage, in_channels, stride, has_shortcut)
        self.dropout = Dropout(HALF)

    def join(self, x: Tensor, y: Tensor) -> Tensor:
        return self.sum(self.dropout(carried(self, x)) + self.branch(y))


class GatedBlock(BasicBlock):
    """Shortcut-only gating: (1 - g(x)) h(x) + F(x)."""

    def __init__(self, config: ResNetConfig, stage: int, in_channels: int, stride: int, has_shortcut: bool) -> None:
        super().__init__(config, stage, in_channels, stride, has_shortcut)
        width = config.widths[stage]
        self.gate = nn.Sequential(Convolution(width, width, 1), nn.Sigmoid())

    def join(self, x: Tensor, y: Tensor) -> Tensor:
        shortcut = carried(self, x)
        return self.sum((1 - self.gate(shortcut)) * shortcut + self.branch(y))


class ExclusiveBlock(GatedBlock):
    """Exclusive gating, as in highway networks: what the branch gains the shortcut loses."""

    def join(self, x: Tensor, y: Tensor) -> Tensor:
        shortcut = carried(self, x)
        gate = self.gate(shortcut)
        return self.sum((1 - gate) * shortcut + self.branch(gate * y))


def carried(block: BasicBlock, x: Tensor) -> Tensor:
    """h(x): x as the block's own shortcut brings it to the shape of the sum."""
    assert block.skip_in is not None
    assert block.shortcut is not None
    assert block.skip is not None
    return block.skip(block.shortcut(block.skip_in(x)))


_BLOCKS: dict[Kind, type[BasicBlock]] = {
    "half": HalfBlock,
    "half-both": HalfBothBlock,
    "exclusive": ExclusiveBlock,
    "gated": GatedBlock,
    "dropout": DropoutBlock,
}
_OPTIONS: dict[Kind, str] = {"conv": "C", "plain": "none"}


def odd_model(config: ResNetConfig, kind: Kind, gate_bias: float = 0.0, seed: int = 0) -> ResNet:
    """The network of `config` with a shortcut of this kind around every block.

    `config` has basic blocks of version v1 with option A. All weights that two kinds share begin alike, since each is
    drawn from the seed and its own name; every gate's bias begins at `gate_bias`.
    """
    if kind not in _BLOCKS:
        return build_model(replace(config, shortcut=_OPTIONS.get(kind, config.shortcut)), seed)
    model = ResNet(config)
    for name, block in model.named_blocks():
        assert isinstance(block, BasicBlock)
        _, stage, place = name.split(".")
        first = block.conv1
        model.get_submodule(f"stages.{stage}")[int(place)] = _BLOCKS[kind](  # pyright: ignore[reportIndexIssue]
            config, int(stage), first.in_channels, first.stride[0], has_shortcut=True
        )
    initialise(model, config, seed)
    for gate in gates(model).values():
        nn.init.constant_(gate.get_parameter("0.bias"), gate_bias)
    for name, module in model.named_modules():
        if isinstance(module, Dropout):
            module.generator.manual_seed(zlib.crc32(f"{seed}/{name}".encode()))
    return model


def gates(model: nn.Module) -> dict[str, nn.Module]:
    """The gates of a network by name, input side first."""
    return {f"{name}.gate": module.gate for name, module in model.named_modules() if isinstance(module, GatedBlock)}


@torch.no_grad()
def shortcut_factor(model: nn.Module, kind: Kind, images: Tensor) -> float:
    """The product over all blocks of the mean factor by which a shortcut multiplies h(x), for these images.

    1 for an identity, 0 for a plain network, NaN for a convolution, which is no factor. For gates the mean of 1 - g(x)
    over images, channels and pixels, in eval mode; for dropout what it multiplies by in eval mode.
    """
    blocks = sum(isinstance(module, BasicBlock) for module in model.modules())
    if kind in ("half", "half-both", "dropout"):
        return HALF**blocks
    if kind in ("exclusive", "gated"):
        return _open_share(model, images)
    return {"identity": 1.0, "plain": 0.0}.get(kind, float("nan"))


def _open_share(model: nn.Module, images: Tensor) -> float:
    was_training = model.training
    model.eval()
    found = gates(model)
    try:
        with record(model, tuple(found), copy=False) as tape:
            model(images)
    finally:
        model.train(was_training)
    product = 1.0
    for name in found:
        product *= float(1 - tape.activations[name].double().mean())
    return product
