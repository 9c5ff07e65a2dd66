"""What is done to the blocks of a network, as routes through its modules: take out one, take out many, swap."""

import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch

from resnet_core.config import ResNetConfig
from resnet_core.model import build_model

MOST_COUNTS = 12  # how many different numbers of blocks are taken out
SWAPS = (1, 2, 3, 4, 6, 8, 12, 16)
Route = tuple[int, ...]


class Operations(NamedTuple):
    """Routes through stem (number 0), n blocks (1 to n), their stand-ins (n + 1 to 2 n) and the rest (2 n + 1).

    They stand in this order: the whole network, each block taken out, each count with its draws, each order.
    """

    blocks: tuple[str, ...]
    reshaping: tuple[bool, ...]  # whether a block changes the shape of what it reads
    counts: tuple[int, ...]
    tau: tuple[float, ...]  # of each order
    routes: tuple[Route, ...]


def draw_operations(config: ResNetConfig, draws: int, seed: int) -> Operations:
    """The operations on a network of this config, and on each that has the same stages.

    For each count as many random sets of blocks as `draws`; for each number of swaps as many random orders, of which
    those that come twice, or come back to the right one, are left out.
    """
    blocks = [name for name, _ in build_model(config, device="meta").named_blocks()]
    reshaping = [_reshapes(config, name) for name in blocks]
    total = len(blocks)
    counts = sorted({round(1 + place * (total - 1) / (MOST_COUNTS - 1)) for place in range(MOST_COUNTS)})
    generator = torch.Generator().manual_seed(zlib.crc32(f"{seed}/operations".encode()))
    cuts = [[], *([block] for block in range(total))]
    cuts += [torch.randperm(total, generator=generator)[:count].tolist() for count in counts for _ in range(draws)]
    groups = _groups(blocks, reshaping)
    orders = list(dict.fromkeys(_orders(total, groups, draws, generator)))
    return Operations(
        blocks=tuple(blocks),
        reshaping=tuple(reshaping),
        counts=tuple(counts),
        tau=tuple(kendall_tau(order) for order in orders),
        routes=(*(_without(total, cut) for cut in cuts), *(_route(total, order) for order in orders)),
    )


def kendall_tau(order: Sequence[int]) -> float:
    """How far an order of 0, 1, 2, ... agrees with the right one: the share of pairs in order, less that of the others.

    1 for the right order, -1 for the reverse, 1 as well where there are no pairs.
    """
    pairs = [(one, other) for place, one in enumerate(order) for other in order[place + 1 :]]
    return sum(1 if one < other else -1 for one, other in pairs) / len(pairs) if pairs else 1.0


def _orders(total: int, groups: Sequence[Sequence[int]], draws: int, generator: torch.Generator) -> Iterator[Route]:
    right = tuple(range(total))
    pairs = [(one, other) for group in groups for place, one in enumerate(group) for other in group[place + 1 :]]
    for swaps in SWAPS if pairs else ():
        for _ in range(draws):
            order = list(right)
            for pick in torch.randint(len(pairs), (swaps,), generator=generator).tolist():
                one, other = pairs[pick]
                order[one], order[other] = order[other], order[one]
            if tuple(order) != right:
                yield tuple(order)


def _groups(blocks: Sequence[str], reshaping: Sequence[bool]) -> list[list[int]]:
    """Blocks that may change places: of one stage and one shape."""
    stages: dict[str, list[int]] = {}
    for index, (name, changes) in enumerate(zip(blocks, reshaping, strict=True)):
        if not changes:
            stages.setdefault(name.rpartition(".")[0], []).append(index)
    return list(stages.values())


def _reshapes(config: ResNetConfig, name: str) -> bool:
    _, stage, block = name.split(".")
    if block != "0":
        return False
    before = config.widths[int(stage) - 1] * config.expansion if int(stage) else config.stem_width
    return int(stage) > 0 or before != config.widths[0] * config.expansion


def _without(total: int, cut: Sequence[int]) -> Route:
    return (0, *(1 + block + total * (block in cut) for block in range(total)), 2 * total + 1)


def _route(total: int, order: Sequence[int]) -> Route:
    return (0, *(1 + block for block in order), 2 * total + 1)
