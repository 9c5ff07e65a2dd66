"""What the sizes of F and of the responses say."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from resnet_core import ResNetConfig
from resnet_core.records.responses import NetworkResponses, ResponsesReport
from ui.charts.labels import Say, network_labels, plain_number
from ui.charts.responses import Quantity, middles

CLEAR = 1.15  # factor between two medians below which they are not called different
GONE = 0.05  # F over x below which F is called nearly nothing

Course = Literal["gone", "began", "shrank", "grew", "steady"]


def responses_verdict(
    networks: Sequence[ResNetConfig], record: ResponsesReport, quantity: Quantity, say: Say = str
) -> str:
    """The medians at the last look, the order of residual networks by depth, and what training did to F.

    Two medians differ clearly if one is at least 15 % larger; F is nearly nothing below 5 % of x. Networks that are
    not finished yet, or have diverged, are left out and named.
    """
    pairs = list(zip(networks, record.networks, strict=False))
    labels = network_labels([config for config, _ in pairs], say)
    if len(pairs) < len(networks) or any(np.isnan(found.losses).any() for _, found in pairs):
        return say("Measuring: not every network has been there yet.")
    told, lost = [], []
    for (config, found), label in zip(pairs, labels, strict=True):
        if np.isfinite(found.losses[-1]):
            told.append((config, found, label))
        else:
            lost.append(label)
    values = [f"{label} {_number(found, quantity)}" for _, found, label in told]
    words = say("Median after {steps} steps: {values}.")
    sentences = [words.format(steps=record.steps[-1], values=", ".join(values))] if values else []
    if quantity != "cosine":
        sentences += _order(told, quantity, say)
    if quantity == "ratio":
        sentences += [_course(label, found, say) for config, found, label in told if not config.is_plain]
    if lost:
        sentences.append(say("Not finite any more: {names}.").format(names=", ".join(lost)))
    return " ".join(filter(None, sentences))


def course(found: NetworkResponses) -> Course | None:
    """What training did to the median of F beside x; None where it was not measured to the end, or diverged.

    At the end F is "gone", or it "began" at 0, or it "shrank" or "grew" clearly; otherwise it is "steady".
    """
    first, last = (float(middle) for middle in middles(found, "ratio")[[0, -1]])
    if np.isnan(found.losses).any() or not np.isfinite([found.losses[-1], first, last]).all():
        return None
    if last < GONE:
        return "gone"
    if first == 0:
        return "began"
    if last * CLEAR <= first:
        return "shrank"
    return "grew" if first * CLEAR <= last else "steady"


def _order(told: list[tuple[ResNetConfig, NetworkResponses, str]], quantity: Quantity, say: Say) -> list[str]:
    residual = sorted((one for one in told if not one[0].is_plain), key=lambda one: one[0].layers)
    if len(residual) < 2:
        return []
    (_, shallow, first), (_, deep, second) = residual[0], residual[-1]
    one, other = (float(middles(found, quantity)[-1]) for found in (shallow, deep))
    names = {"shallow": first, "deep": second}
    if other * CLEAR <= one:
        words = say("Responses are smaller in {deep} than in {shallow}, the order of the paper.")
        if quantity == "ratio":
            words = say("Beside x, F is smaller in {deep} than in {shallow}.")
    elif one * CLEAR <= other:
        words = say("Responses are larger in {deep} than in {shallow}, not the paper's order.")
        if quantity == "ratio":
            words = say("Beside x, F is larger in {deep} than in {shallow}.")
    else:
        words = say("No clear difference between {shallow} and {deep} in this short run.")
    return [words.format(**names)]


def _course(label: str, found: NetworkResponses, say: Say) -> str:
    ended = course(found)
    if ended is None:
        return ""
    middle = middles(found, "ratio")
    words = {
        "gone": say("{label}: F is nearly nothing beside x, {last}."),
        "began": say("{label}: F began at 0 and grew to {last} of x."),
        "shrank": say("{label}: F shrank in training, from {first} to {last} of x, but did not go to 0."),
        "grew": say("{label}: F grew in training, from {first} to {last} of x."),
        "steady": say("{label}: training hardly changed F, {first} and {last} of x: it does not go to 0 here."),
    }[ended]
    return words.format(label=label, first=plain_number(float(middle[0])), last=plain_number(float(middle[-1])))


def _number(found: NetworkResponses, quantity: Quantity) -> str:
    return f"{float(middles(found, quantity)[-1]):.2f}".replace("-", "−")
