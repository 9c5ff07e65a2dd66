"""A board's entries as samples: for each kind of network and each depth, one final error per seed."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from resnet_core import BoardEntry, NormKind

Quantity = Literal["training", "test"]


class Kind(NamedTuple):
    """What a board tells apart besides depth."""

    plain: bool
    norm: NormKind


Samples = dict[Kind, dict[int, NDArray[np.float64]]]  # by kind and depth: (seeds,) shares of wrong answers


def kind_of(entry: BoardEntry) -> Kind:
    """The kind of an entry's network."""
    return Kind(entry.config.is_plain, entry.config.norm)


def error_of(entry: BoardEntry, quantity: Quantity) -> float:
    """Share of wrong answers at the end, from 0 to 1; NaN where it diverged or was not measured."""
    if entry.summary.diverged:
        return math.nan
    error = entry.summary.error if quantity == "training" else entry.summary.test_error
    return math.nan if error is None else error


def samples(entries: Sequence[BoardEntry], quantity: Quantity) -> Samples:
    """Final errors by kind and depth, depths in order.

    Students who trained the same network from the same seed repeated one experiment; together they count once, with
    their mean. Networks that diverged have no final error and are left out.
    """
    found: defaultdict[Kind, defaultdict[int, defaultdict[int, list[float]]]]
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for entry in entries:
        if math.isfinite(error := error_of(entry, quantity)):
            found[kind_of(entry)][entry.config.layers][entry.spec.training.seed].append(error)
    return {
        kind: {depth: np.array([float(np.mean(again)) for again in depths[depth].values()]) for depth in sorted(depths)}
        for kind, depths in sorted(found.items(), key=lambda item: (item[0].norm != "batch", not item[0].plain))
    }


def deviation(sample: NDArray[np.float64]) -> float:
    """Standard deviation between seeds, with n - 1; NaN for a single one."""
    return float(np.std(sample, ddof=1)) if len(sample) > 1 else math.nan
