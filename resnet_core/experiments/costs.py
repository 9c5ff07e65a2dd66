"""1x1 and cost: how many multiplications does a bottleneck save, and how much time?"""

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core.config import ResNetConfig
from resnet_core.model import build_model
from resnet_core.probes import count_costs
from resnet_core.records import ConvCost, CostReport, LayerTime


def cost_report(network: ResNetConfig | nn.Module, input: tuple[int, int, int]) -> CostReport:
    """What does a network cost for one picture of shape `input` (channels, height, width), layer by layer?

    A config is built on the meta device, so nothing of its size is ever in memory. See `probes.costs.count_costs` for
    what is counted.
    """
    model = build_model(network, device="meta") if isinstance(network, ResNetConfig) else network
    return count_costs(model, input)


def bottleneck_costs(
    height: int,
    width: int,
    in_channels: int,
    out_channels: int,
    kernel: int,
    reduced_channels: int,
    restore: bool = False,
) -> tuple[ConvCost, tuple[ConvCost, ...]]:
    """What does one convolution cost, and what do the same shapes cost with a 1x1 in front?

    Without `restore` the 1x1 is Inception's: in -> reduced, then kernel x kernel reduced -> out (Szegedy et al. 2015,
    arXiv:1409.4842, section 5). With it ResNet's bottleneck: the kernel stays among the reduced channels and a second
    1x1 leads to `out_channels` (He et al. 2015, figure 5).
    """

    def conv(size: int, before: int, after: int) -> ConvCost:
        return ConvCost(height, width, after, size, before)

    direct = conv(kernel, in_channels, out_channels)
    first = conv(1, in_channels, reduced_channels)
    if not restore:
        return direct, (first, conv(kernel, reduced_channels, out_channels))
    return direct, (
        first,
        conv(kernel, reduced_channels, reduced_channels),
        conv(1, reduced_channels, out_channels),
    )


def time_convolutions(costs: Sequence[ConvCost], repeats: int = 15, seconds: float = 2.0) -> tuple[LayerTime, ...]:
    """How long does each convolution take on this machine, for one picture, on one thread?

    All of them take turns, so that whatever else the machine does falls on all alike; after one turn to warm up come
    at most `repeats` turns, fewer when `seconds` are over (but always one). Median and quartiles of the turns.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.no_grad():
            turns = _take_turns([_convolution(cost) for cost in costs], repeats, seconds)
    finally:
        torch.set_num_threads(threads)
    low, middle, high = np.percentile(turns, [25, 50, 75], axis=0) * 1000
    return tuple(
        LayerTime(_name(cost), cost.macs, float(middle[place]), float(low[place]), float(high[place]))
        for place, cost in enumerate(costs)
    )


def _convolution(cost: ConvCost) -> Callable[[], object]:
    draw = torch.Generator().manual_seed(0)
    picture = torch.randn(1, cost.in_channels, cost.height, cost.width, generator=draw)
    weight = torch.randn(cost.out_channels, cost.in_channels, cost.kernel, cost.kernel, generator=draw)
    return partial(F.conv2d, picture, weight, padding=cost.kernel // 2)


def _take_turns(convolutions: Sequence[Callable[[], object]], repeats: int, seconds: float) -> list[list[float]]:
    end = time.perf_counter() + seconds
    turns = []
    for turn in range(repeats + 1):
        taken = []
        for convolve in convolutions:
            begin = time.perf_counter()
            convolve()
            taken.append(time.perf_counter() - begin)
        if turn:
            turns.append(taken)
        if turns and time.perf_counter() > end:
            break
    return turns


def _name(cost: ConvCost) -> str:
    """Kernel, channels in and out, pixels: read alike in every language."""
    return f"{cost.kernel}×{cost.kernel}, {cost.in_channels}→{cost.out_channels}, {cost.height}×{cost.width}"
