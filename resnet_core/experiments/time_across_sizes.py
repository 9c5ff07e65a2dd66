"""Counted and measured: does a bottleneck save as much time as it saves multiplications?"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_core.errors import Sentence
from resnet_core.questions.pixels import TimeQuestion
from resnet_core.records import ConvCost, Progress
from resnet_core.records.pixels import SizeTimes, TimeReport

TIMING = Sentence("All sizes take turns, so that a busy moment falls on all alike")
WARM_UP = 1  # turns that do not count


def time_across_sizes(question: TimeQuestion) -> Iterator[Progress]:
    """How long do a 3x3 convolution, the bottleneck in its place, and a 1x1 take at several sizes of input?

    With C channels in and out: one 3x3, C -> C; the chain 1x1, C -> C/4, 3x3, C/4 -> C/4, 1x1, C/4 -> C (He et al.
    2015, arXiv:1512.03385, figure 5); one 1x1, C -> C. Convolutions alone, without BN and ReLU, for one picture in
    float32, on one thread. All take turns; milliseconds are the median of the turns with both quartiles. They are this
    machine's at this time and will not be the same again.
    """
    sizes = _sizes(question)
    chains = {
        "3x3": [(_conv(side, 3, many, many),) for side, many in sizes],
        "bottleneck": [_bottleneck(side, many) for side, many in sizes],
        "1x1": [(_conv(side, 1, many, many),) for side, many in sizes],
    }
    works = [_work(chain) for shape in chains.values() for chain in shape]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield from _take_turns(question, sizes, chains, works)
    finally:
        torch.set_num_threads(threads)


def _take_turns(
    question: TimeQuestion,
    sizes: Sequence[tuple[int, int]],
    chains: dict[str, list[tuple[ConvCost, ...]]],
    works: Sequence[Callable[[], object]],
) -> Iterator[Progress]:
    turns: list[list[float]] = []
    known = None
    total = question.turns + WARM_UP
    for turn in range(total):
        taken = []
        for place, work in enumerate(works):
            taken.append(_seconds(work))
            yield Progress(0.999 * (turn + place / len(works)) / total, known, TIMING)
        if turn >= WARM_UP:
            turns.append(taken)
            known = _report(question, sizes, chains, turns)
    yield Progress(1.0, known)


@torch.no_grad()
def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _sizes(question: TimeQuestion) -> list[tuple[int, int]]:
    """Side and channels."""
    factor = 2 if question.growth == "stage" else 1
    return [(side, question.channels * factor**place) for place, side in enumerate(question.SIDES)]


def _bottleneck(side: int, channels: int) -> tuple[ConvCost, ...]:
    inner = channels // 4
    return _conv(side, 1, channels, inner), _conv(side, 3, inner, inner), _conv(side, 1, inner, channels)


def _conv(side: int, kernel: int, before: int, after: int) -> ConvCost:
    return ConvCost(side, side, after, kernel, before)


def _work(chain: Sequence[ConvCost]) -> Callable[[], Tensor]:
    """The convolutions of a chain, one after the other, on one picture of noise."""
    draw = torch.Generator().manual_seed(0)
    first = chain[0]
    picture = torch.randn(1, first.in_channels, first.height, first.width, generator=draw)
    weights = [
        torch.randn(cost.out_channels, cost.in_channels, cost.kernel, cost.kernel, generator=draw) for cost in chain
    ]
    return partial(reduce, _convolve, weights, picture)


def _convolve(x: Tensor, weight: Tensor) -> Tensor:
    return F.conv2d(x, weight, padding=weight.shape[-1] // 2)


def _report(
    question: TimeQuestion,
    sizes: Sequence[tuple[int, int]],
    chains: dict[str, list[tuple[ConvCost, ...]]],
    turns: Sequence[Sequence[float]],
) -> TimeReport:
    quartiles = np.percentile(turns, [25, 50, 75], axis=0).reshape(3, len(chains), len(sizes)) * 1000
    return TimeReport(
        growth=question.growth,
        sides=tuple(side for side, _ in sizes),
        channels=tuple(channels for _, channels in sizes),
        shapes=tuple(
            SizeTimes(
                name=name,
                macs=tuple(sum(cost.macs for cost in chain) for chain in shape),
                milliseconds=quartiles[1, row],
                low=quartiles[0, row],
                high=quartiles[2, row],
            )
            for row, (name, shape) in enumerate(chains.items())
        ),
        turns=len(turns),
        wanted=question.turns,
    )
