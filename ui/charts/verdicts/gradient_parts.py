"""What the gradient's two parts say about the formula, and about whether it can vanish."""

import numpy as np

from resnet_core import ResNetConfig
from resnet_core.records.gradient_parts import BlockGradients
from ui.charts.gradient_parts import EXACT, Measured, variant_label
from ui.charts.labels import Say, percent, plain_number

NEAR_ZERO = 0.01  # a factor below this is called close to 0
RIGHT_ANGLE = 0.2  # a cosine this near 0 is called nearly a right angle
OPPOSED = -0.5  # a cosine below this is called opposed
VANISHES, EXPLODES = 1e-2, 1e2  # through the whole network


def parts_verdict(config: ResNetConfig, found: BlockGradients, say: Say = str) -> str:
    """How large the branch's part is beside the shortcut's, by medians over the blocks; for plain, growth per block."""
    label = variant_label(config, say)
    if not np.isfinite(found.total).all():
        return say("{label}: the gradient is not finite, so it cannot be taken apart.").format(label=label)
    if not found.total.any():
        return say("{label}: no gradient arrives, all parts are exactly 0.").format(label=label)
    if config.shortcut == "none":
        words = say("{label}: one way only, and the gradient leaves the first block {times} times as large as it came.")
        return words.format(label=label, times=plain_number(float(found.total[0] / found.arriving[-1])))
    with np.errstate(divide="ignore", invalid="ignore"):
        part = found.branch / found.skip
        carried = found.skip / found.arriving
    words = say(
        "{label}: the shortcut carries {low} to {high} of what arrives. The branch's part is {part} times as large in "
        "the median, and the larger one at {count} of {blocks} blocks."
    )
    return words.format(
        label=label,
        low=percent(float(np.nanmin(carried))),
        high=percent(float(np.nanmax(carried))),
        part=plain_number(float(np.nanmedian(part))),
        count=int((part > 1).sum()),
        blocks=len(part),
    )


def formula_verdict(measured: Measured, say: Say = str) -> str:
    """Where the formula holds to float precision (1e-5 of the gradient or less), and by how much it is off elsewhere.

    That the two parts add up to the whole gradient is the chain rule, which is checked for every network too.
    """
    sentences = []
    for config, found in measured:
        errors = found.formula_error[np.isfinite(found.formula_error)]
        if config.shortcut == "none" or errors.size == 0:
            continue
        words = say("{label}: off by {low} to {high} of the gradient, at every one of {blocks} blocks.")
        if errors.max() <= EXACT:
            words = say("{label}: exact to float precision at all {blocks} blocks that keep the shape.")
        elif errors.min() <= EXACT:
            words = say("{label}: exact at {exact} of {blocks} blocks, elsewhere off by up to {high} of the gradient.")
        sentences.append(
            words.format(
                label=variant_label(config, say), low=percent(float(errors.min())), high=percent(float(errors.max())),
                blocks=errors.size, exact=int((errors <= EXACT).sum()),
            )
        )  # fmt: skip
    sums = [float(np.nanmax(found.sum_error)) for _, found in measured if np.isfinite(found.sum_error).any()]
    if sums and max(sums) <= EXACT:
        sentences.append(say("The two parts always add up to the gradient that leaves: that is the chain rule."))
    elif sums:
        words = say("The two parts miss the gradient that leaves by up to {error} of it: rounding is large here.")
        sentences.append(words.format(error=plain_number(max(sums))))
    return " ".join(sentences) or say("No network here has shortcuts, so there is no formula to check.")


def angle_verdict(measured: Measured, say: Say = str) -> str:
    """Whether the two parts meet nearly at right angles, point the same way, or against one another."""
    sentences = []
    for config, found in measured:
        cosines = found.cosine[np.isfinite(found.cosine)]
        if cosines.size == 0:
            continue
        if np.abs(cosines).max() <= RIGHT_ANGLE:
            words = say("{label}: nearly at right angles at all {blocks} blocks ({low} to {high}).")
        elif cosines.min() <= OPPOSED:
            words = say("{label}: opposed at {count} of {blocks} blocks (down to {low}), so there they partly cancel.")
        else:
            words = say("{label}: between {low} and {high}, nowhere opposed.")
        sentences.append(
            words.format(
                label=variant_label(config, say), low=_signed(cosines.min()), high=_signed(cosines.max()),
                count=int((cosines <= OPPOSED).sum()), blocks=cosines.size,
            )
        )  # fmt: skip
    return " ".join(sentences) or say("No block here has two parts to compare.")


def factor_verdict(measured: Measured, say: Say = str) -> str:
    """How close the factor of a single block comes to 0 over all images and blocks: below 0.01 counts as close."""
    sentences = []
    for config, found in measured:
        factors = found.factors[np.isfinite(found.factors)]
        if factors.size == 0:
            words = say("{label}: no gradient arrives anywhere, so there is no factor.")
            sentences.append(words.format(label=variant_label(config, say)))
            continue
        words = say("{label}: the smallest of {count} factors is {smallest}, none is close to 0.")
        if (factors == 0).any():
            words = say("{label}: {zeros} of {count} factors are exactly 0: there the gradient did vanish.")
        elif factors.min() < NEAR_ZERO:
            words = say("{label}: {near} of {count} factors are below 0.01, the smallest is {smallest}.")
        sentences.append(
            words.format(
                label=variant_label(config, say), count=f"{factors.size:,}",
                smallest=plain_number(float(factors.min())),
                zeros=f"{int((factors == 0).sum()):,}", near=f"{int((factors < NEAR_ZERO).sum()):,}",
            )
        )  # fmt: skip
    return " ".join([*sentences, say("Measured on these images only: unlikely is not impossible.")])


def whole_verdict(measured: Measured, say: Say = str) -> str:
    """The factor through all blocks: it vanishes at 1/100 or less and explodes at 100 or more, by the median image."""
    sentences = []
    for config, found in measured:
        factors = found.whole[np.isfinite(found.whole)]
        if factors.size == 0:
            words = say("{label}: no gradient arrives anywhere, so there is no factor.")
            sentences.append(words.format(label=variant_label(config, say)))
            continue
        middle = float(np.median(factors))
        words = say("{label}: stays within a factor of a hundred ({middle}, from {low} to {high}).")
        if middle <= VANISHES:
            words = say("{label}: vanishes on the way ({middle}, from {low} to {high}).")
        elif middle >= EXPLODES:
            words = say("{label}: grows on the way ({middle} times, from {low} to {high}).")
        sentences.append(
            words.format(
                label=variant_label(config, say), middle=plain_number(middle), low=plain_number(float(factors.min())),
                high=plain_number(float(factors.max())),
            )
        )  # fmt: skip
    return " ".join(sentences)


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
