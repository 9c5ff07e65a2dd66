"""What working a layer out by hand says."""

import math

from resnet_core.records.arithmetic import LayerArithmetic
from ui.charts.labels import Say, count, plain_number


def arithmetic_verdict(record: LayerArithmetic, say: Say = str) -> str:
    """Whether every output is what the layer's definition gives, but for rounding."""
    places = count(record.output.size)
    if math.isnan(record.difference) or math.isinf(record.difference):
        return say("Values of this layer are not finite, as in a network that has diverged: nothing can be compared.")
    if record.beyond:
        return say(
            "{beyond} of the {places} numbers of this layer differ from its definition by more than rounding explains: "
            "by up to {difference}."
        ).format(beyond=count(record.beyond), places=places, difference=plain_number(record.difference))
    if record.difference == 0:
        return say(
            "All {places} numbers of this layer, worked out again from its definition, are exactly the network's."
        ).format(places=places)
    return say(
        "All {places} numbers of this layer, worked out again from its definition in 64 bits, are the network's own: "
        "none differs by more than {difference}, which is 32-bit rounding."
    ).format(places=places, difference=plain_number(record.difference))
