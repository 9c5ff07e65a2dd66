"""What is counted on a loss surface."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.surface import LossSurface


class Reach(NamedTuple):
    """How far a network can go along random lines, both ways, before it is no better than guessing."""

    distances: NDArray[np.float64]  # one per line and way, in lengths of the weights; the end of the line at most
    open_ends: int  # ways at whose end it is still better than guessing

    @property
    def middle(self) -> float:
        """The median."""
        return float(np.median(self.distances))

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between these lies the middle half."""
        low, high = np.percentile(self.distances, [25, 75])
        return float(low), float(high)


def better_than_guessing(record: LossSurface) -> NDArray[np.float64]:
    """Share of the measured points of each plane whose loss is below that of guessing, NaN where none is measured."""
    found = np.full(len(record.loss), np.nan)
    for index, loss in enumerate(record.loss):
        known = loss[~np.isnan(loss)]
        if known.size:
            found[index] = (known < record.guess).mean()
    return found


def valleys(loss: NDArray[np.float64]) -> int:
    """Points inside a plane (side, side) that lie lower than all eight neighbours. What is not measured is no point."""
    inner = loss[1:-1, 1:-1]
    lowest = np.isfinite(inner)
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            if (down, right) != (1, 1):
                around = loss[down : down + len(inner), right : right + inner.shape[1]]
                lowest &= inner < around  # never true beside a NaN
    return int(lowest.sum())


def reach(record: LossSurface, index: int) -> Reach | None:
    """How far the network `index` can go along its lines. None while a line is not measured to its ends.

    Between two points the logarithm of the loss is taken to be straight.
    """
    lines = record.line_loss[index]
    if np.isnan(lines).any():
        return None
    middle = len(record.line) // 2
    ways = [
        _reach(np.abs(record.line[part]), line[part], record.guess)
        for line in lines
        for part in (slice(middle, None), slice(middle, None, -1))
    ]
    farthest = float(record.line[-1])
    return Reach(np.array([farthest if way is None else way for way in ways]), sum(way is None for way in ways))


def _reach(distance: NDArray[np.float64], loss: NDArray[np.float64], guess: float) -> float | None:
    above = np.flatnonzero(loss >= guess)
    if not above.size:
        return None
    first = int(above[0])
    if first == 0:
        return 0.0
    if not np.isfinite(loss[first]):
        return float(distance[first])
    low, high = np.log(np.maximum(loss[[first - 1, first]], 1e-12))
    share = (np.log(guess) - low) / (high - low)
    return float(distance[first - 1] + share * (distance[first] - distance[first - 1]))
