"""What the signal of fresh networks says, and the size of F beside x."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from resnet_core import ResNetConfig
from resnet_core.records.signals import NetworkSignals
from ui.charts.labels import Say, layer_label, network_labels, plain_number

CLEAR = 1.5  # factor between two blocks below which they are not called different


def deviation_verdict(networks: Mapping[ResNetConfig, NetworkSignals], say: Say = str) -> str:
    """One sentence per network: the last block's deviation beside the first one's, and where it is largest.

    It grows or shrinks if one is at least 1.5 times the other. Otherwise: no clear difference.
    """
    labels = network_labels(list(networks), say)
    return " ".join(_of_one(found, label, say) for found, label in zip(networks.values(), labels, strict=True))


def _of_one(found: NetworkSignals, label: str, say: Say) -> str:
    blocks, deviation = found.layers[1:], found.deviation[1:]
    if not np.isfinite(found.deviation).all():
        lost = layer_label(found.layers[int(np.argmax(~np.isfinite(found.deviation)))], say)
        return say("{label}: from {lost} on the signal is too large for a number.").format(label=label, lost=lost)
    first, last, most = float(deviation[0]), float(deviation[-1]), int(np.argmax(deviation))
    if last >= CLEAR * first:
        words = say("{label}: the signal grows, from {first} behind the first block to {last} behind the last.")
    elif first >= CLEAR * last:
        words = say("{label}: the signal shrinks, from {first} behind the first block to {last} behind the last.")
    else:
        words = say(
            "{label}: no clear difference between the signal behind the first block, {first}, and behind the last, "
            "{last}."
        )
    sentence = words.format(label=label, first=plain_number(first), last=plain_number(last))
    if deviation[most] >= CLEAR * max(first, last):
        words = say("It is largest behind {block}, {largest}.")
        values = {"block": layer_label(blocks[most], say), "largest": plain_number(float(deviation[most]))}
        sentence += " " + words.format(**values)
    return sentence


def ratio_verdict(config: ResNetConfig, found: NetworkSignals, say: Say = str) -> str:
    """The median over the blocks, the largest and the smallest, and the first and last block of the longest stage.

    Two blocks differ if one's number is at least 1.5 times the other's. Otherwise: no clear difference.
    """
    known = np.isfinite(found.ratio)
    if not known.any():
        return say("No block has an x and an F(x) whose sizes could be compared.")
    blocks = [layer_label(name, say) for name, there in zip(found.layers, known, strict=True) if there]
    ratio = found.ratio[known]
    if not ratio.any():
        return say("F(x) is exactly 0 in every block: each begins as the identity, or as its projection.")
    low, high = int(np.argmin(ratio)), int(np.argmax(ratio))
    values = {
        "middle": plain_number(float(np.median(ratio))),
        "low": plain_number(float(ratio[low])),
        "high": plain_number(float(ratio[high])),
        "lowest": blocks[low],
        "highest": blocks[high],
    }
    if ratio[high] >= CLEAR * ratio[low]:
        words = say("F(x) is {middle} times x (median over the blocks): {high} in {highest}, {low} in {lowest}.")
    else:
        words = say("F(x) is {middle} times x (median). No clear difference between the blocks: from {low} to {high}.")
    return " ".join(filter(None, [words.format(**values), _within(config, found, say)]))


def _within(config: ResNetConfig, found: NetworkSignals, say: Say) -> str:
    stage = int(np.argmax(config.depths))
    inside = [place for place, name in enumerate(found.layers) if name.startswith(f"stages.{stage}.")]
    ratio: NDArray[np.float64] = found.ratio[inside]
    if len(ratio) < 2 or not (np.isfinite(ratio[[0, -1]]).all() and ratio[[0, -1]].all()):
        return ""
    values = {"stage": stage + 1, "first": plain_number(float(ratio[0])), "last": plain_number(float(ratio[-1]))}
    if ratio[0] >= CLEAR * ratio[-1]:
        words = say("Within stage {stage} it falls, from {first} in the first block to {last} in the last.")
    elif ratio[-1] >= CLEAR * ratio[0]:
        words = say("Within stage {stage} it rises, from {first} in the first block to {last} in the last.")
    else:
        words = say("Within stage {stage}: no clear difference between the first block, {first}, and the last, {last}.")
    return words.format(**values)
