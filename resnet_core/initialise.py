"""The first value of every weight, drawn from the seed and the weight's own name.

Because no weight waits for another's turn at the generator, taking a shortcut or a BatchNorm away leaves all other
weights exactly as they were.
"""

import math
import zlib

import torch
from torch import Tensor, nn

from resnet_core.blocks import Block
from resnet_core.config import InitKind, ResNetConfig


@torch.no_grad()
def initialise(model: nn.Module, config: ResNetConfig, seed: int) -> None:
    """Give every weight of `model`, which is on the CPU, its first value.

    A new BatchNorm has scale 1 and shift 0 already. The head has PyTorch's default whatever the config says, because
    He's rule is for layers that a ReLU follows.
    """
    generator = torch.Generator()
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d):
            _draw(module, name, seed, generator, config.init)
        elif isinstance(module, nn.Linear):
            _draw(module, name, seed, generator, "default")
    if config.zero_gamma:
        _start_as_identity(model)


def _start_as_identity(model: nn.Module) -> None:
    """Goyal et al. 2017 (arXiv:1706.02677), section 5.1: at first only the shortcuts speak."""
    for block in model.modules():
        if isinstance(block, Block) and block.shortcut is not None and isinstance(block.last_norm, nn.BatchNorm2d):
            block.last_norm.weight.zero_()


def _draw(layer: nn.Conv2d | nn.Linear, name: str, seed: int, generator: torch.Generator, init: InitKind) -> None:
    fan_in = layer.weight[0].numel()
    bound = 1 / math.sqrt(fan_in)
    _seed(generator, seed, f"{name}.weight")
    if init == "he":
        layer.weight.normal_(0, math.sqrt(2 / _fan_out(layer.weight)), generator=generator)
    else:
        layer.weight.uniform_(-bound, bound, generator=generator)  # kaiming_uniform_ with a = sqrt(5)
    if layer.bias is None:
        return
    if init == "he":
        layer.bias.zero_()
    else:
        _seed(generator, seed, f"{name}.bias")
        layer.bias.uniform_(-bound, bound, generator=generator)


def _fan_out(weight: Tensor) -> int:
    # out channels times kernel area, also with groups, as the ResNeXt authors and torchvision count it
    return weight.shape[0] * weight[0, 0].numel()


def _seed(generator: torch.Generator, seed: int, name: str) -> None:
    generator.manual_seed(zlib.crc32(f"{seed}/{name}".encode()))
