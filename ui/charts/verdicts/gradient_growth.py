"""What the growth per layer says beside the theory."""

import math

import numpy as np

from resnet_core.records.gradient_table import GrowthReport, WideNetwork
from ui.charts.gradient_growth import wide_label
from ui.charts.labels import Say

NEAR = 0.02  # share by which a measured growth may miss what theory says and still be said to agree
STEADY = 0.02  # growth this near 1 per layer is called none


def growth_verdict(record: GrowthReport, say: Say = str) -> str:
    """Each network's measured growth, then whether the largest batch agrees with theory within two percent.

    Growth is the median over the seeds of the slope through the logarithms. Within two percent of 1 it is called
    steady, since over fifty layers that is less than a factor of three.
    """
    growth = [float(np.median(values)) for values in record.growth]
    sentences = [_one(network, value, say) for network, value in zip(record.networks, growth, strict=True)]
    largest = max(
        (index for index, network in enumerate(record.networks) if network.norm and not network.skip),
        key=lambda index: record.networks[index].batch,
    )
    if not math.isfinite(growth[largest]):
        return " ".join(sentences)
    values = {
        "batch": record.networks[largest].batch,
        "measured": f"{growth[largest]:.3f}",
        "theory": f"{record.predicted[largest]:.3f}",
        "miss": f"{100 * abs(growth[largest] / record.predicted[largest] - 1):.1f}",
    }
    if abs(growth[largest] / record.predicted[largest] - 1) <= NEAR:
        words = say("At batch {batch} theory says {theory}: measured and predicted agree within {miss} %.")
    else:
        words = say("At batch {batch} theory says {theory}: the measurement is {miss} % off.")
    return " ".join([*sentences, words.format(**values)])


def _one(network: WideNetwork, value: float, say: Say) -> str:
    if not math.isfinite(value):
        words = say("{label}: not finite, so there is no growth to speak of.")
    elif abs(value - 1) <= STEADY:
        words = say("{label}: steady, times {value} per layer.")
    elif value > 1:
        words = say("{label}: grows {value} times per layer.")
    else:
        words = say("{label}: shrinks to {value} times per layer.")
    return words.format(label=wide_label(network, say), value=f"{value:.3f}")
