"""The recorded degradation runs on CIFAR-10, put together as one record. Loads no torch."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from resnet_core.errors import DataError
from resnet_core.recording.card import Card, load_card
from resnet_core.records.depth import DegradationReport, DepthCurves

CURVES = Path(__file__).parents[2] / "assets" / "curves"
PREFIX = "degradation-"
LAST = 8  # the training error at the end is that of this part of the run, as in experiments/degradation.py


class RecordedDepths(NamedTuple):
    """All of them."""

    cards: tuple[Card, ...]
    curves: DepthCurves


@cache
def recorded_depths(folder: Path = CURVES) -> RecordedDepths | None:
    """What was recorded, or None where nothing was. Never changed once it is read.

    Raises:
        DataError: a card cannot be read, or two of them are of different steps.
    """
    cards = tuple(load_card(path) for path in sorted(folder.glob(f"{PREFIX}*.json")))
    return RecordedDepths(cards, depth_curves(cards)) if cards else None


def depth_curves(cards: Sequence[Card]) -> DepthCurves:
    """One card per network and seed, as one record. What is missing is NaN.

    Raises:
        DataError: the cards' looks are not after the same steps.
    """
    first = cards[0]
    steps = np.array([look.step for look in first.looks])
    places = {(_kind(card), _depth(card), card.spec.training.seed): card for card in cards}
    depths = tuple(sorted({depth for _, depth, _ in places}))
    seeds = tuple(sorted({seed for _, _, seed in places}))
    for card in cards:
        if [look.step for look in card.looks] != [look.step for look in first.looks]:
            raise DataError("{one} and {other} were recorded for different steps.", one=card.name, other=first.name)
    shape = 2, len(depths), len(seeds)
    train, test, loss = (np.full((*shape, len(steps)), np.nan) for _ in range(3))
    final = np.full(shape, np.nan)
    for (kind, depth, seed), card in places.items():
        at = kind, depths.index(depth), seeds.index(seed)
        train[at], test[at] = _column(card, "train_error"), _column(card, "test_error")
        loss[at], final[at] = _column(card, "train_loss"), card.tests[0].error
    tail = max(1, len(steps) // LAST)
    report = DegradationReport(
        depths=depths,
        seeds=seeds,
        steps=int(steps[-1]),
        guess=1 - 1 / first.spec.networks[0].classes,
        norm=first.spec.networks[0].norm,
        train_loss=loss[..., -tail:].mean(axis=-1),
        train_error=train[..., -tail:].mean(axis=-1),
        test_error=final,
        diverged=np.zeros(shape, dtype=bool),
    )
    return DepthCurves(report=report, looks=steps, train=train, test=test, images=first.tests[0].images)


def _column(card: Card, name: str) -> NDArray[np.float64]:
    return np.array([getattr(look, name) for look in card.looks])


def _kind(card: Card) -> int:
    return 0 if card.spec.networks[0].is_plain else 1


def _depth(card: Card) -> int:
    return card.spec.networks[0].layers
