"""Whether the attributions add up, and whether they depend on what was learned."""

import math

from resnet_core.records.inside import AttributionMap, AttributionReport, PictureAttributions
from ui.charts.attributions import method_names
from ui.charts.labels import Say, percent, plain_number

ADDS_UP = 0.05  # of the difference of scores; Sundararajan et al. 2017, section 5, take as many steps as that needs
SAME = 0.6  # rank correlation from which on two maps are called alike
OTHER = 0.3  # and below which they are not


def completeness_verdict(picture: PictureAttributions, say: Say = str) -> str:
    """For each method with a promise: what its attributions add up to, and by how much that is off.

    A sum holds if it is within `ADDS_UP` of the difference of the two scores. Where that difference is 0 no share of it
    can be given.
    """
    names = method_names(say)
    promised = [one for one in picture.maps if not math.isnan(one.expected)]
    if not promised:
        return say("None of these methods promises what its map adds up to.")
    return " ".join(_sum(one, names[one.method], say) for one in promised)


def similarity_verdict(report: AttributionReport, say: Say = str) -> str:
    """Which methods draw much the same map for the untrained network, and which do not.

    Two maps are alike from a rank correlation of `SAME` on, and different below `OTHER`; in between nothing is said.
    """
    if not math.isfinite(report.loss):
        return say("The network diverged in training, so its maps say nothing.")
    names = method_names(say)
    known = [(names[method], float(value)) for method, value in zip(report.methods, report.untrained, strict=True)]
    alike = [name for name, value in known if value >= SAME]
    other = [name for name, value in known if value < OTHER]
    sentences = []
    if alike:
        words = say(
            "{methods}: much the same map as before the network had learned anything, so it shows the picture more "
            "than what was learned."
        )
        sentences.append(words.format(methods=", ".join(alike)))
    if other:
        sentences.append(say("{methods}: another map than before training.").format(methods=", ".join(other)))
    return " ".join(sentences) or say("No clear difference between the methods.")


def _sum(one: AttributionMap, name: str, say: Say) -> str:
    values = {"method": name, "total": plain_number(one.total), "expected": plain_number(one.expected)}
    if not (math.isfinite(one.total) and math.isfinite(one.expected)):
        return say("{method}: not finite, as in a network that has diverged.").format(**values)
    if one.expected == 0:
        return say("{method}: adds up to {total}; both scores are the same, so it should be 0.").format(**values)
    off = abs(one.total - one.expected) / abs(one.expected)
    if off <= ADDS_UP:
        words = say("{method}: adds up to {total} where the score changes by {expected}, {off} off.")
    else:
        words = say(
            "{method}: adds up to {total} where the score changes by {expected}, {off} off; it takes more steps to "
            "come closer."
        )
    return words.format(**values, off=percent(off))
