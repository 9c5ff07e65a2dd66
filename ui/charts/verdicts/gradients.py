"""What the profile of gradient norms says."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from resnet_core import ResNetConfig
from resnet_core.records import GradientReport
from ui.charts.labels import Say, network_labels, plain_number
from ui.charts.seeds import band

VANISHES = 1e-2  # first over last convolution: at or below this we say it vanishes
EXPLODES = 1e2  # at or above this we say it explodes
CLEAR = 0.5  # decades between two networks' unevenness, a factor of about three


def gradient_verdict(reports: Mapping[ResNetConfig, GradientReport], say: Say = str) -> str:
    """One sentence per network and, for several, which profile is the most even.

    A network's number is the norm at the first convolution over the norm at the last, median over the seeds. It
    vanishes at 1/100 or less and explodes at 100 or more. Its unevenness is that ratio's distance from 1 in powers of
    ten; one network is called more even than another only if the ranges over the seeds do not overlap and the medians
    differ by half a power of ten. Otherwise: no clear difference.
    """
    labels = network_labels(list(reports), say)
    sentences = [
        _one(config, report, label, say)
        for (config, report), label in zip(reports.items(), labels, strict=True)
    ]  # fmt: skip
    comparable = {
        label: _unevenness(report) for label, report in zip(labels, reports.values(), strict=True) if _has_ratio(report)
    }
    if len(comparable) > 1:
        sentences.append(_comparison(comparable, say))
    return " ".join(sentences)


def _one(config: ResNetConfig, report: GradientReport, label: str, say: Say) -> str:
    middle = band(report.norms).middle
    first, last = float(middle[0]), float(middle[-1])
    values = {"label": label, "first": plain_number(first), "last": plain_number(last)}
    if np.isnan(first) or np.isnan(last):
        return say("{label}: diverged, so there is no gradient to compare.").format(**values)
    if first == 0:
        return say("{label}: nothing reaches the first convolution, its gradient is exactly 0.").format(**values)
    if last == 0:
        if config.zero_gamma and report.steps == 0:
            words = say(
                "{label}: zero-gamma silences every branch before the first step, so their gradients are exactly 0; "
                "look again after some steps."
            )
            return words.format(**values)
        return say("{label}: the last convolution's gradient is exactly 0, the first one's {first}.").format(**values)
    return _ratio_sentence(first / last, say).format(**values, ratio=plain_number(first / last))


def _ratio_sentence(ratio: float, say: Say) -> str:
    if ratio <= VANISHES:
        return say("{label}: vanishes towards the input, {first} at the first convolution and {last} at the last.")
    if ratio >= EXPLODES:
        return say(
            "{label}: explodes towards the input, the first convolution gets {ratio} times what the last one gets."
        )
    return say("{label}: neither vanishes nor explodes, the first convolution gets {ratio} times what the last gets.")


def _has_ratio(report: GradientReport) -> bool:
    middle = band(report.norms).middle
    return bool(np.isfinite(middle[0]) and np.isfinite(middle[-1]) and (middle[0] > 0 or middle[-1] > 0))


def _unevenness(report: GradientReport) -> NDArray[np.float64]:
    """Distance of first over last from 1, in powers of ten, one per seed; infinite where one of the two is zero."""
    ratio = report.first_over_last
    ratio = ratio[~np.isnan(ratio)]
    with np.errstate(divide="ignore"):
        return np.abs(np.log10(ratio))


def _comparison(comparable: Mapping[str, NDArray[np.float64]], say: Say) -> str:
    order = sorted(comparable, key=lambda label: float(np.median(comparable[label])))
    best = order[0]
    peers = [label for label in order[1:] if not _clearly_more(comparable[label], comparable[best])]
    if not peers:
        return say("The most even of these is {label}.").format(label=best)
    return say("No clear difference between {labels}.").format(labels=" / ".join([best, *peers]))


def _clearly_more(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    apart = float(np.median(one)) - float(np.median(other)) if np.isfinite(np.median(other)) else 0.0
    return apart >= CLEAR and float(one.min()) > float(other.max())
