"""What the autocorrelation of gradients says."""

import numpy as np

from resnet_core.records.shattered import ShatteredReport
from ui.charts.labels import Say
from ui.charts.shattered import scalar_label

ALIKE = 0.8  # at or above this, neighbouring gradients are nearly the same


def shattered_verdict(record: ShatteredReport, say: Say = str) -> str:
    """One sentence per kind of answer, then whether shortcuts help at the depths that were measured.

    A network's number is the median over the seeds of its gradient's autocorrelation at lag 1. Within the band that
    holds 95 % of white noise it counts as shattered, at 0.8 or more as smooth. The residual network is said to keep
    more than the plain one with BatchNorm only if the ranges over all seeds do not overlap.
    """
    values = record.correlations[:, :, 1]
    if not np.isfinite(values).all():
        return say("Some gradient is constant or not finite, so there is no autocorrelation to compare.")
    sentences = [_one(scalar_label(network, say), float(np.median(value)), record.noise, say) for network, value in
                 zip(record.networks, values, strict=True)]  # fmt: skip
    plain = next(i for i, network in enumerate(record.networks) if not network.skip and network.norm)
    residual = next(i for i, network in enumerate(record.networks) if network.skip)
    names = {
        "residual": scalar_label(record.networks[residual], say),
        "plain": scalar_label(record.networks[plain], say),
    }
    if values[residual].min() > values[plain].max():
        words = say("For every seed {residual} keeps more than {plain}, although it is deeper.")
        if record.networks[residual].layers <= record.networks[plain].layers:
            words = say("For every seed {residual} keeps more than {plain}.")
        sentences.append(words.format(**names))
    elif values[residual].max() < values[plain].min():
        sentences.append(say("For every seed {residual} keeps less than {plain}.").format(**names))
    else:
        sentences.append(say("No clear difference between {residual} and {plain} here.").format(**names))
    return " ".join(sentences)


def _one(label: str, value: float, noise: float, say: Say) -> str:
    if abs(value) <= noise:
        words = say("{label}: like white noise ({value} between neighbours).")
    elif value >= ALIKE:
        words = say("{label}: neighbours are nearly alike ({value}).")
    elif value > 0:
        words = say("{label}: neighbours share a part ({value}).")
    else:
        words = say("{label}: neighbours are opposed ({value}).")
    return words.format(label=label, value=f"{value:.2f}".replace("-", "−"))
