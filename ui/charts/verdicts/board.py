"""What a class board says: whether more layers meant a higher final error, for plain and for residual networks."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from resnet_core import BoardEntry, NormKind
from ui.charts.board_points import Kind, Quantity, samples
from ui.charts.labels import Say, percent

FEWEST = 3  # different seeds at a place; a spread of two says next to nothing
SMALLEST = 0.05  # of all answers; less is not called a difference, however often it was repeated
LEAST_SPREAD = (
    0.01  # standard deviation between seeds that is taken at least: a batch of few pictures measures no finer
)
# Student's t, two-sided 5 %: (degrees of freedom, bound); the next smaller row counts.
_T = ((1, 12.71), (2, 4.30), (3, 3.18), (4, 2.78), (5, 2.57), (6, 2.45), (8, 2.31), (10, 2.23), (15, 2.13), (30, 2.04))

Change = Literal["rises", "falls", "unclear"]
Depths = Mapping[int, NDArray[np.float64]]


class _Contrast(NamedTuple):
    """A sum of means with signs, and whether it is clearly not zero."""

    value: float
    bound: float

    @property
    def change(self) -> Change:
        if abs(self.value) <= max(self.bound, SMALLEST):
            return "unclear"
        return "rises" if self.value > 0 else "falls"


def board_verdict(entries: Sequence[BoardEntry], quantity: Quantity = "training", say: Say = str) -> str:
    """Whether the entries of one recipe show degradation, with BatchNorm and without.

    Compared are the shallowest and the deepest depth at which plain and residual networks both have at least three
    different seeds. A change counts if it is more than five percentage points and lies outside the two-sided 5 % bound
    of Welch's t test (the seeds' spread and number decide); so does the difference between the two changes.
    Degradation is seen if plain networks rise, residual ones do not, and the difference between the two counts too.
    """
    found = samples(entries, quantity)
    sentences = []
    norms: list[NormKind] = [norm for norm in ("batch", "none") if any(kind.norm == norm for kind in found)]
    for norm in norms:
        words = _one(found.get(Kind(True, norm), {}), found.get(Kind(False, norm), {}), quantity, say)
        start = say("With BatchNorm:") if norm == "batch" else say("Without BatchNorm:")
        sentences.append(f"{start} {words}" if len(norms) > 1 else words)
    diverged = sum(entry.summary.diverged for entry in entries)
    if not norms and not diverged:
        return say("Nothing is on this board yet.")
    if diverged:
        words = say("Networks that diverged: {count}. The means speak for the others only.")
        sentences.append(words.format(count=diverged))
    return " ".join(sentences)


def _one(plain: Depths, residual: Depths, quantity: Quantity, say: Say) -> str:
    ends = [depth for depth in sorted(set(plain) & set(residual)) if _enough(plain[depth]) and _enough(residual[depth])]
    if len(ends) < 2:
        words = say(
            "Too early to say: it takes {fewest} different seeds or more, plain and residual, at two depths; "
            "so far (depth: plain, residual): {seeds}."
        )
        return words.format(fewest=FEWEST, seeds=_seeds(plain, residual))
    low, high = ends[0], ends[-1]
    rise = _contrast((plain[high], 1), (plain[low], -1))
    other = _contrast((residual[high], 1), (residual[low], -1))
    gap = _contrast((plain[high], 1), (plain[low], -1), (residual[high], -1), (residual[low], 1))
    values = {"low": low, "high": high, "numbers": _numbers(plain, residual, low, high, say)}
    return _words(rise.change, other.change, gap.change, quantity, say).format(**values)


def _words(plain: Change, residual: Change, gap: Change, quantity: Quantity, say: Say) -> str:
    if plain == "rises" and gap == "rises":
        if residual != "rises":
            return _degradation(quantity, say)
        return say(
            "From {low} to {high} layers the error rises for both kinds, clearly more for plain networks: {numbers}."
        )
    if plain == "rises" and residual == "rises":
        return say("From {low} to {high} layers the error rises for both kinds of network: {numbers}.")
    if plain == "rises":
        return say(
            "Plain networks of {high} layers have a clearly higher error than those of {low}; whether residual ones "
            "differ from that is not clear: {numbers}."
        )
    if residual == "rises":
        return say(
            "Here the error rises for residual networks from {low} to {high} layers, not for plain ones: {numbers}."
        )
    if plain == "falls":
        return say(
            "No degradation here: deeper plain networks have the lower error ({low} and {high} layers): {numbers}."
        )
    return say(
        "No clear difference between plain networks of {low} and of {high} layers: {numbers}. These runs show no "
        "degradation, and do not rule it out."
    )


def _degradation(quantity: Quantity, say: Say) -> str:
    if quantity == "training":
        return say(
            "Degradation: from {low} to {high} layers the training error of plain networks rises clearly, that of "
            "residual networks does not: {numbers}."
        )
    return say(
        "From {low} to {high} layers the test error of plain networks rises clearly, that of residual networks does "
        "not: {numbers}. Whether that is degradation, the training error decides."
    )


def _numbers(plain: Depths, residual: Depths, low: int, high: int, say: Say) -> str:
    words = say("plain {plain_low} to {plain_high}, residual {residual_low} to {residual_high} (seeds: {seeds})")
    return words.format(
        plain_low=percent(float(plain[low].mean())),
        plain_high=percent(float(plain[high].mean())),
        residual_low=percent(float(residual[low].mean())),
        residual_high=percent(float(residual[high].mean())),
        seeds=", ".join(str(len(sample)) for sample in (plain[low], plain[high], residual[low], residual[high])),
    )


def _seeds(plain: Depths, residual: Depths) -> str:
    nothing = np.zeros(0)
    return "; ".join(
        f"{depth}: {len(plain.get(depth, nothing))}, {len(residual.get(depth, nothing))}"
        for depth in sorted(set(plain) | set(residual))
    )


def _enough(sample: NDArray[np.float64]) -> bool:
    return len(sample) >= FEWEST


def _contrast(*terms: tuple[NDArray[np.float64], int]) -> _Contrast:
    """Welch's bound for a sum of means; degrees of freedom by Welch and Satterthwaite."""
    squares = [max(float(np.std(sample, ddof=1)), LEAST_SPREAD) ** 2 / len(sample) for sample, _ in terms]
    whole = math.fsum(squares)
    freedom = whole**2 / math.fsum(
        square**2 / (len(sample) - 1) for square, (sample, _) in zip(squares, terms, strict=True)
    )
    value = math.fsum(sign * float(sample.mean()) for sample, sign in terms)
    return _Contrast(value, _t(freedom) * math.sqrt(whole))


def _t(freedom: float) -> float:
    return next((bound for least, bound in reversed(_T) if freedom >= least), _T[0][1])
