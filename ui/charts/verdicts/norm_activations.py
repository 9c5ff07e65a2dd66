"""What the distributions of activations say."""

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.norm import NormActivations, NormStart
from ui.charts.labels import Say, layer_label, plain_number
from ui.charts.norm_activations import last_look

EVEN = 2.0  # how much more uneven the layers must be without BatchNorm for the difference to be called clear
STEADY = 1.5  # the same for how much a distribution's width changes over training
FALLS = 0.67  # last block's ratio over the first one's, at or below which it is said to fall
FAR = 100.0  # times from end to end at which a gradient is said to explode or to vanish


def activations_verdict(record: NormActivations, say: Say = str) -> str:
    """How much the layers differ at the last look.

    Unevenness is the largest standard deviation of any layer over the smallest. BatchNorm is said to even the layers
    out where they are at least twice as uneven without it.
    """
    look = last_look(record)
    if not np.isfinite(record.deviations[0, :, look]).all():
        return say("Without BN the training diverged, so there is nothing to compare at the end.")
    none, received, passed = (_unevenness(record.deviations[view, :, look]) for view in range(3))
    words = say(
        "At step {step} the widest layer is {none} times as wide as the narrowest without BN; BN receives layers that "
        "differ {received} times and passes on layers that differ {passed} times."
    )
    numbers = {
        "none": plain_number(none),
        "received": plain_number(received),
        "passed": plain_number(passed),
    }
    return f"{words.format(step=int(record.steps[look]), **numbers)} {_even(none, passed, say)}"


def _even(none: float, passed: float, say: Say) -> str:
    if none >= EVEN * passed:
        return say("BatchNorm evens the layers out.")
    if passed >= EVEN * none:
        return say("Here the layers are more even without BatchNorm.")
    return say("No clear difference here.")


def _unevenness(deviations: NDArray[np.float64]) -> float:
    return float(deviations.max() / deviations.min()) if deviations.min() > 0 else float("inf")


def bands_verdict(record: NormActivations, layer: int, say: Say = str) -> str:
    """How much the width of one layer's distribution changes over training.

    The width goes from the 15th to the 85th percentile; its change is the largest over the smallest at any look.
    BatchNorm is said to keep it steadier where it changes at least 1.5 times as much without.
    """
    widths = record.percentiles[:, 2, layer] - record.percentiles[:, 0, layer]
    changes = [_change(width[np.isfinite(width)]) for width in widths]
    words = say(
        "At {layer} the width changes {none} times over training without BN; what BN receives changes {received} "
        "times, and what it passes on {passed} times."
    )
    none, _, passed = changes
    numbers = dict(zip(("none", "received", "passed"), map(plain_number, changes), strict=True))
    text = words.format(layer=layer_label(record.layers[layer], say), **numbers)
    if np.isfinite(widths[0]).sum() < np.isfinite(widths[2]).sum():
        return f"{text} " + say("Without BN it was measured only until the training diverged.")
    if none >= STEADY * passed:
        return f"{text} " + say("With BatchNorm the next layer gets a steadier input.")
    if passed >= STEADY * none:
        return f"{text} " + say("Here the input of the next layer is steadier without BatchNorm.")
    return f"{text} " + say("No clear difference here.")


def _change(width: NDArray[np.float64]) -> float:
    return float(width.max() / width.min()) if width.size and width.min() > 0 else float("inf")


def branch_verdict(record: NormStart, say: Say = str) -> str:
    """Whether BatchNorm makes the branch smaller beside the shortcut, block by block.

    The ratio is the mean over the last quarter of the blocks over that of the first quarter; it is said to fall at
    two thirds or less.
    """
    ratios = record.branch / record.skip
    if not np.isfinite(ratios).all():
        return say("Not every block gave a finite number, so there is no ratio to compare.")
    quarter = max(1, ratios.shape[1] // 4)
    trend = ratios[:, -quarter:].mean(axis=1) / ratios[:, :quarter].mean(axis=1)
    words = say(
        "From the first to the last quarter of the blocks the branch's share changes {batch} times with BN and {none} "
        "times without."
    )
    text = words.format(batch=plain_number(float(trend[1])), none=plain_number(float(trend[0])))
    if trend[1] <= FALLS < trend[0]:
        return f"{text} " + say("So BatchNorm scales the branches down the deeper they stand.")
    return f"{text} " + say("No clear difference here.")


def start_verdict(record: NormStart, say: Say = str) -> str:
    """What BatchNorm does to the gradient before the first step, in the plain and in the residual network.

    A gradient is said to explode where the first convolution gets at least 100 times what the last one gets, and to
    vanish at a hundredth or less.
    """
    sentences = []
    for plain, words in (
        (1, say("Plain network: first over last convolution {none} without BN, {batch} with BN: {what}.")),
        (0, say("Residual network: {none} without BN, {batch} with BN: {what}.")),
    ):
        first_over_last = record.gradients[plain, :, 0] / record.gradients[plain, :, -1]
        none, batch = map(float, first_over_last)
        sentences.append(
            words.format(none=plain_number(none), batch=plain_number(batch), what=_gradient(none, batch, say))
        )
    return " ".join(sentences)


def _gradient(none: float, batch: float, say: Say) -> str:
    if not np.isfinite([none, batch]).all():
        return say("not finite, so nothing can be compared")
    if batch >= FAR > none:
        return say("here BatchNorm itself makes the gradient explode")
    if batch >= FAR:
        return say("it explodes either way")
    if none <= 1 / FAR < batch:
        return say("it vanishes without BatchNorm and not with it")
    if none >= FAR:
        return say("it explodes without BatchNorm and not with it")
    return say("it neither vanishes nor explodes with BatchNorm")
