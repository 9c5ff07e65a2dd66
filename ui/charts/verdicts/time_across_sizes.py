"""Whether the clock agrees with the count."""

import numpy as np

from resnet_core.records.pixels import TimeReport
from ui.charts.labels import Say, plain_number
from ui.charts.time_across_sizes import counted_savings, measured_savings, size_name

SHORT = 1.25  # the clock falls short of the count where it saves less than the count divided by this
SAME_SPEED = 1.5  # speeds less than this factor apart are no clear difference; a busy machine moves a median that far


def saving_verdict(report: TimeReport, say: Say = str) -> str:
    """How much is saved by the count and by the clock, and where the clock clearly falls short of the count.

    "Clearly" is where even the quartiles that favour the bottleneck save less than the count divided by 1.25.
    """
    counted, (against, measured, favoured) = counted_savings(report), measured_savings(report)
    best, worst = int(np.argmax(measured)), int(np.argmin(measured))
    words = say(
        "Counted, the bottleneck saves a factor of {counted}; measured, from {least} at {worst} to {most} at {best}."
    )
    first = words.format(
        counted=plain_number(float(counted[0])),
        least=plain_number(float(measured[worst])),
        worst=size_name(report, worst),
        most=plain_number(float(measured[best])),
        best=size_name(report, best),
    )
    slower = [size_name(report, place) for place in range(len(counted)) if favoured[place] < 1]
    short = [size_name(report, place) for place, most in enumerate(favoured) if most < counted[place] / SHORT]
    beyond = [size_name(report, place) for place, least in enumerate(against) if least > counted[place] * SHORT]
    sentences = [first]
    if slower:
        sentences.append(say("It is even slower at {sizes}.").format(sizes=", ".join(slower)))
    if short:
        sentences.append(say("The clock clearly saves less than the count at {sizes}.").format(sizes=", ".join(short)))
    if beyond:
        sentences.append(say("The clock clearly saves more than the count at {sizes}.").format(sizes=", ".join(beyond)))
    if not short and not beyond:
        sentences.append(say("No clear difference between count and clock."))
    return " ".join(sentences)


def speed_verdict(report: TimeReport, say: Say = str) -> str:
    """Whether one multiplication costs the same time everywhere: fastest and slowest of all that were timed.

    Speeds less than a factor of 1.5 apart, or with overlapping quartiles, are no clear difference.
    """
    found = [
        (shape.macs[place] / time, shape.macs[place] / high, shape.macs[place] / low, (shape.name, place))
        for shape in report.shapes
        for place, (time, low, high) in enumerate(zip(shape.milliseconds, shape.low, shape.high, strict=True))
    ]
    slow, fast = min(found), max(found)
    if fast[0] < SAME_SPEED * slow[0] or fast[1] <= slow[2]:
        return say("No clear difference: on this machine, time follows the number of multiplications here.")
    words = say(
        "Time does not follow multiplications: one of them takes {factor} times as long in {slow} as in {fast}."
    )
    names = {end: _name(report, *which, say) for end, (*_, which) in (("slow", slow), ("fast", fast))}
    return words.format(factor=plain_number(fast[0] / slow[0]), **names)


def _name(report: TimeReport, shape: str, place: int, say: Say) -> str:
    words = {"3x3": say("the 3×3 at {size}"), "1x1": say("the 1×1 at {size}")}.get(
        shape, say("the bottleneck at {size}")
    )
    return words.format(size=size_name(report, place))
