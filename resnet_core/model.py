"""The whole network, and the one way to build it."""

import torch
from torch import Tensor, nn

from resnet_core.blocks import Block, block_class
from resnet_core.config import ResNetConfig
from resnet_core.initialise import initialise
from resnet_core.layers import Classifier, Convolution, make_norm


class ResNet(nn.Module):
    """A residual network, or its plain twin (He et al. 2015, table 1 and section 4.2; He et al. 2016 for version v2).

    Its weights are undefined until they are drawn or loaded: build one with `build_model`.
    Shapes: (N, in_channels, H, W) -> (N, classes)
    """

    def __init__(self, config: ResNetConfig) -> None:
        super().__init__()
        self.config = config
        self.stem = _make_stem(config)
        self.stages = nn.ModuleList(_make_stage(config, stage) for stage in range(len(config.depths)))
        features = config.widths[-1] * config.expansion
        if config.version == "v2":  # the last sum has not been activated yet
            self.norm = make_norm(config.norm, features)
            self.relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = Classifier(features, config.classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        if self.config.version == "v2":
            x = self.relu(self.norm(x))
        x = self.pool(x).flatten(1)  # (N, features)
        return self.head(x)

    def named_blocks(self) -> list[tuple[str, Block]]:
        """Every block with its name, "stages.0.0" first, in the order of the forward pass."""
        return [(name, module) for name, module in self.named_modules() if isinstance(module, Block)]


def build_model(config: ResNetConfig, seed: int = 0, device: torch.device | str = "cpu") -> ResNet:
    """Build a network whose weights depend only on the config, the seed, and each weight's own name.

    Two networks that differ in one setting therefore agree in every weight they share. PyTorch's global generator is
    left alone, and every device gets the same weights. On "meta" the network has shapes but no memory.
    """
    on_meta = torch.device(device).type == "meta"
    with torch.device("meta" if on_meta else "cpu"):
        model = ResNet(config)
    if not on_meta:
        initialise(model, config, seed)
    return model.to(device)


def _make_stem(config: ResNetConfig) -> nn.Sequential:
    stem = nn.Sequential()
    kernel, stride = (7, 2) if config.stem == "imagenet" else (3, 1)
    bias = config.norm == "none"
    stem.add_module(
        "conv", Convolution(config.in_channels, config.stem_width, kernel, stride, padding=kernel // 2, bias=bias)
    )
    if config.version != "v2":  # a v2 block begins with its own BN and ReLU
        stem.add_module("norm", make_norm(config.norm, config.stem_width))
        stem.add_module("relu", nn.ReLU())
    if config.stem == "imagenet":
        stem.add_module("pool", nn.MaxPool2d(3, stride=2, padding=1))
    return stem


def _make_stage(config: ResNetConfig, stage: int) -> nn.Sequential:
    before = config.stem_width if stage == 0 else config.widths[stage - 1] * config.expansion
    after = config.widths[stage] * config.expansion
    make_block = block_class(config)
    blocks = nn.Sequential()
    for block in range(config.depths[stage]):
        in_channels = after if block else before
        stride = 2 if stage > 0 and block == 0 else 1  # every stage but the first opens by halving the picture
        has_shortcut = config.shortcut != "none" and (stage, block) not in config.cut
        blocks.append(make_block(config, stage, in_channels, stride, has_shortcut))
    return blocks
