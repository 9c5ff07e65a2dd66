"""What a slice through the loss, and lines through it, say."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from resnet_core import ResNetConfig
from resnet_core.records.surface import LossSurface
from ui.charts.labels import Say, network_labels, percent, plain_number
from ui.charts.surface import captured_words
from ui.charts.surface_numbers import better_than_guessing, reach, valleys

CLEAR = 1.25  # times: shares and distances closer than this are no clear difference
LEARNED = 0.8  # of the loss of guessing: a network above this has not learned, and its surface is no trained one's


def surface_verdict(networks: Sequence[ResNetConfig], record: LossSurface, say: Say = str) -> str:
    """How much of each network's plane is better than guessing, how many valleys it has, and whether they differ.

    A network whose loss is above 0.8 of guessing has not learned and is left out of the comparison. Shares that differ
    by less than a factor of 1.25 are no clear difference. A valley is a point that lies lower than its eight
    neighbours.
    """
    shares = better_than_guessing(record)
    labels = network_labels(networks, say)
    known = [index for index in range(len(labels)) if not np.isnan(shares[index])]
    sentences = [_one(record, index, labels[index], float(shares[index]), say) for index in known]
    if not _is_whole(record):
        words = say("So far {side} × {side} of {points} × {points} points.")
        sentences.insert(0, words.format(side=record.loss.shape[1], points=record.points))
    elif len(learned := [index for index in known if _has_learned(record, index)]) > 1:
        names = [labels[index] for index in learned]
        sentences.append(_compared(names, shares[learned], say))
    return " ".join(sentences)


def larger_basin(record: LossSurface) -> int | None:
    """Which of two networks has the larger basin by `surface_verdict`'s rule: the first 1, the second -1, neither 0.

    None while the planes are not whole, and where one of the two has not learned.
    """
    if not _is_whole(record) or not all(_has_learned(record, index) for index in (0, 1)):
        return None
    first, second = better_than_guessing(record)
    return int(_clearly_larger(first, second)) - int(_clearly_larger(second, first))


def _is_whole(record: LossSurface) -> bool:
    return not np.isnan(record.loss).any() and record.loss.shape[1] == record.points


def _clearly_larger(share: float, other: float) -> bool:
    return share >= CLEAR * other and share > 0


def _one(record: LossSurface, index: int, label: str, share: float, say: Say) -> str:
    values = {"label": label, "centre": plain_number(float(record.centre[index]))}
    if record.diverged[index]:
        words = say("{label}: the training broke off with a loss that was not finite; this is where it ended.")
        return words.format(**values)
    if not _has_learned(record, index):
        return say("{label} has not learned: its loss is {centre}, and guessing has {guess}.").format(
            **values, guess=plain_number(record.guess)
        )
    words = say("{label}: {share} of this plane is better than guessing, with {valleys} valleys.")
    if (count := valleys(record.loss[index])) == 1:
        words = say("{label}: {share} of this plane is better than guessing, with a single valley.")
    return words.format(**values, share=percent(share), valleys=count)


def _compared(labels: Sequence[str], shares: NDArray[np.float64], say: Say) -> str:
    order = np.argsort(-shares, kind="stable")
    (wide, most), (narrow, least) = ((labels[index], float(shares[index])) for index in (order[0], order[-1]))
    if not _clearly_larger(most, least):
        return say("No clear difference between {labels} here.").format(labels=" / ".join(labels))
    if least == 0:
        words = say("The basin of {wide} is wider in this plane: of {narrow} no point is better than guessing.")
        return words.format(wide=wide, narrow=narrow)
    words = say("The basin of {wide} is {factor} times as large in this plane as that of {narrow}.")
    return words.format(wide=wide, narrow=narrow, factor=f"{most / least:.1f}")


def path_verdict(networks: Sequence[ResNetConfig], record: LossSurface, say: Say = str) -> str:
    """How much of the optimiser's path lies in the plane that is drawn."""
    labels = network_labels(networks, say)
    parts = [
        f"{label} {captured_words(float(share))}"
        for label, share in zip(labels, record.captured, strict=True)
        if not np.isnan(share)
    ]
    if not parts:
        return ""
    words = say("The plane holds this much of the optimiser's path, as a share of its squared length: {parts}.")
    return words.format(parts=", ".join(parts))


def lines_verdict(networks: Sequence[ResNetConfig], record: LossSurface, say: Say = str) -> str:
    """How far each network can go along random lines before it is no better than guessing, and whether they differ.

    Given as the median over lines and both ways, with the middle half. A difference is clear if the medians differ by a
    factor of 1.25 and the middle halves do not overlap.
    """
    labels = network_labels(networks, say)
    ways = {
        label: way
        for index, label in enumerate(labels)
        if _has_learned(record, index) and (way := reach(record, index)) is not None
    }
    words = say("{label} is no better than guessing after {middle} of its length (middle half {low} to {high}).")
    still = say("{label} is still better than guessing at the end of most lines, {middle} away.")
    sentences = [
        (still if 2 * way.open_ends > len(way.distances) else words).format(
            label=label,
            middle=plain_number(way.middle),
            low=plain_number(way.quartiles[0]),
            high=plain_number(way.quartiles[1]),
        )
        for label, way in ways.items()
    ]
    if len(ways) > 1:
        far, *_, near = sorted(ways, key=lambda label: -ways[label].middle)
        clear = ways[far].middle >= CLEAR * ways[near].middle and ways[far].quartiles[0] > ways[near].quartiles[1]
        words = say("Along these lines {far} reaches further than {near}.")
        if not clear:
            words = say("No clear difference between {far} and {near} along these lines.")
        sentences.append(words.format(far=far, near=near))
    return " ".join(sentences)


def _has_learned(record: LossSurface, index: int) -> bool:
    return bool(record.centre[index] < LEARNED * record.guess)  # not so for NaN
