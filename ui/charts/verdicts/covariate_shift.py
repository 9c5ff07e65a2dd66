"""What the two explanations of BatchNorm have to show for themselves in these runs."""

import math

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.norm import CovariateShift
from ui.charts.covariate_shift import RoughKind, ShiftKind, median, roughness, shifts
from ui.charts.labels import Say, layer_label, plain_number
from ui.charts.norm_rows import BATCH, NOISY, NONE

CLEAR = 1.5  # times, between two medians over training
LOSS = 0.1  # nats, between two training losses at the end
LEFT = 0.9  # of the loss of guessing: below this a network is said to have left guessing
FEWEST = 3  # looks without which nothing is compared


def learning(record: CovariateShift) -> NDArray[np.bool_]:
    """The looks that are compared: those at which all three networks have left guessing.

    On the plateau of guessing the loss is flat whatever BatchNorm does, and the networks leave it at different times.
    """
    return np.all(record.start < LEFT * math.log(record.classes), axis=0)


def losses_verdict(record: CovariateShift, say: Say = str) -> str:
    """The three training losses at the end, and whether noise undoes what BatchNorm gives.

    Two losses differ from 0.1 nats on. Each is the mean over the last eighth of the steps, with the noise if any.
    """
    ends = [_end(record.losses[kind]) for kind in (NONE, BATCH, NOISY)]
    words = say(
        "Training loss at the end: {none} without BN, {batch} with BN, {noisy} with BN and noise, measured with the "
        "noise."
    )
    numbers = dict(zip(("none", "batch", "noisy"), map(plain_number, ends), strict=True))
    text = words.format(**numbers)
    none, batch, noisy = ends
    if not all(map(math.isfinite, ends)):
        return f"{text} " + say("Where the sign for infinity stands, the training diverged.")
    if none - batch < LOSS:
        return f"{text} " + say("BatchNorm gives no clear advantage here, so there is nothing for noise to undo.")
    if noisy - batch < LOSS:
        return f"{text} " + say("With noise it trains about as well as BatchNorm alone.")
    if none - noisy >= LOSS:
        return f"{text} " + say("Noise costs something, but not the whole advantage of BatchNorm.")
    return f"{text} " + say("Noise costs the whole advantage of BatchNorm here; the paper found it did not.")


def _end(losses: NDArray[np.float64]) -> float:
    """The mean over the last eighth of what was trained; infinite if a loss was not finite, NaN before the first."""
    if np.isinf(losses).any():
        return math.inf
    known = losses[np.isfinite(losses)]
    return float(known[-max(1, len(losses) // 8) :].mean()) if known.size else math.nan


def shift_verdict(record: CovariateShift, told: ShiftKind, say: Say = str) -> str:
    """In which layers BatchNorm makes internal covariate shift larger or smaller.

    Medians over the looks at which all networks have left guessing are compared; a layer counts from a factor of 1.5.
    """
    looks = learning(record)
    if looks.sum() < FEWEST:
        return _too_early(say)
    values = shifts(record, told)[:, :, looks]
    names = [layer_label(name.removesuffix(".weight"), say) for name in record.layers]
    factors = [_factor(values[NONE, layer], values[BATCH, layer]) for layer in range(len(names))]
    words = say("{layer}: {factor} times the shift with BN")
    listed = "; ".join(
        words.format(layer=name, factor=plain_number(factor)) for name, factor in zip(names, factors, strict=True)
    )
    smaller, larger = (sum(factor <= 1 / CLEAR for factor in factors), sum(factor >= CLEAR for factor in factors))
    return f"{listed}. {_shift_end(smaller, larger, len(names), say)}"


def _shift_end(smaller: int, larger: int, count: int, say: Say) -> str:
    if smaller == count:
        return say("In these runs BatchNorm reduces internal covariate shift.")
    if larger == count:
        return say("In these runs BatchNorm increases internal covariate shift.")
    if not smaller and not larger:
        return say("No clear difference here.")
    if not smaller:
        return say("In these runs BatchNorm does not reduce it in any of these layers.")
    if not larger:
        return say("It is smaller in some layers and no different in others.")
    return say("It is smaller in some layers and larger in others: no clear answer.")


def rough_verdict(record: CovariateShift, say: Say = str) -> str:
    """Whether the loss is smoother down the gradient with BatchNorm, in each of three measures.

    Medians over the looks at which all networks have left guessing are compared; a measure counts from a factor of
    1.5.
    """
    looks = learning(record)
    if looks.sum() < FEWEST:
        return _too_early(say)
    kinds: tuple[RoughKind, ...] = ("range", "change", "smoothness")
    found = [roughness(record, kind)[:, looks] for kind in kinds]
    batch = [_factor(values[BATCH], values[NONE]) for values in found]
    noisy = [_factor(values[NOISY], values[NONE]) for values in found]
    words = say(
        "Without BN the loss range is {range} times, the gradient change {change} times and the effective β "
        "{smoothness} times what it is with BN (medians over {looks} looks)."
    )
    numbers = dict(zip(kinds, map(plain_number, batch), strict=True))
    text = words.format(looks=int(looks.sum()), **numbers)
    return " ".join([text, _rough_end(batch, say), _noise_end(noisy, say)])


def _rough_end(factors: list[float], say: Say) -> str:
    if all(factor >= CLEAR for factor in factors):
        return say("By all three the loss is smoother with BatchNorm.")
    if all(factor <= 1 / CLEAR for factor in factors):
        return say("By all three the loss is rougher with BatchNorm here.")
    if any(factor >= CLEAR for factor in factors) and not any(factor <= 1 / CLEAR for factor in factors):
        return say("By some of the three the loss is smoother with BatchNorm.")
    return say("No clear difference here.")


def _noise_end(factors: list[float], say: Say) -> str:
    if all(factor >= CLEAR for factor in factors):
        return say("It stays smoother with noise.")
    return say("With noise that is not clear in all three.")


def noise_verdict(record: CovariateShift, say: Say = str) -> str:
    """How much more the layers' outputs move with noise: medians over all looks and layers."""
    none, batch, noisy = (median(record.moved[kind]) for kind in (NONE, BATCH, NOISY))
    if not all(map(math.isfinite, (none, batch, noisy))):
        return _too_early(say)
    words = say(
        "From one look to the next the channel means of a layer's output move by {none} deviations without BN, {batch} "
        "with BN and {noisy} with BN and noise."
    )
    return words.format(none=plain_number(none), batch=plain_number(batch), noisy=plain_number(noisy))


def _too_early(say: Say) -> str:
    return say("Too few looks yet at which all three networks have left guessing, so nothing is compared.")


def _factor(under: NDArray[np.float64], over: NDArray[np.float64]) -> float:
    """Median of `over` in medians of `under`."""
    low, high = median(under), median(over)
    return high / low if low > 0 else math.nan
