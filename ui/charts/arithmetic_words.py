"""Every word of the arithmetic of one pixel, in the visitor's language. The browser fills in the {names}."""

from resnet_core.records.arithmetic import Addition, Convolution, LayerArithmetic
from ui.charts.labels import Say


def words(record: LayerArithmetic, say: Say = str) -> dict[str, str]:
    """The component's words by the names under which its scripts know them."""
    same = isinstance(record.rule, Addition) and record.rule.same
    return _maps(record, say) | _sentences(record, say) | _rows(say) | {"shortcut": "x" if same else say("shortcut(x)")}


def _maps(record: LayerArithmetic, say: Say) -> dict[str, str]:
    """What stands beside the maps."""
    addition = record.rule if isinstance(record.rule, Addition) else None
    first = say("Input channel {number} of {count}")
    if addition:
        first = say("x, channel {number}") if addition.same else say("shortcut(x), channel {number}")
    return {
        "picture": say("What this pixel can see"),
        "channels": say("All {count} input channels"),
        "someChannels": say("The first {shown} of {count} input channels; all are added up"),
        "group": say("This output reads input channels {first} to {last} only: its group."),
        "input": first,
        "branch": say("F(x), channel {number}"),
        "output": say("Output channel {number} of {count}"),
        "outputLimit": say("The first {sent} of {count} output channels were sent."),
        "choose": say("Output channel"),
        "chooseInput": say("Input channel shown below"),
        "largest": say("the largest part"),
        "map": say("Output map. Arrow keys go from pixel to pixel, Page Up and Page Down to another channel."),
        "at": say("row {row}, column {column}"),
        "hint": say("Point at a pixel of the output, tap it, or use the arrow keys. A click keeps it in the link."),
        "scale": say("The three maps share their colours.") if addition else say("Every map has its own colours."),
    }


def _rows(say: Say) -> dict[str, str]:
    """What stands in the sum, and above the three squares of numbers."""
    return {
        "patch": say("input patch"),
        "kernel": say("kernel"),
        "products": say("products"),
        "window": say("the window"),
        "padding": say("Hatched: zero padding, outside the map."),
        "outside": say("Hatched: outside the map, so it does not count."),
        "channel": say("channel {number}"),
        "part": say("input channel"),
        "sumOfProducts": say("its products, added"),
        "rest": say("and {count} more channels together"),
        "bias": say("bias"),
        "total": say("total"),
        "own": say("the network's own value"),
        "difference": say("difference"),
        "value": say("value"),
        "weight": say("weight"),
        "product": say("product"),
        "x": say("x, the input"),
        "mean": say("μ, the mean in training"),
        "variance": say("σ², the variance in training"),
        "centred": say("x − μ"),
        "scaled": say("(x − μ) / √(σ² + ε), ε = {epsilon}"),
        "gamma": say("times γ = {gamma}"),
        "beta": say("β, the shift"),
        "afterRelu": say("after the ReLU: max(0, {value})"),
        "notFinite": say("not finite"),
    }


def _sentences(record: LayerArithmetic, say: Say) -> dict[str, str]:
    """What is said of the pixel: where it is and what was done, and what the network says."""
    return {
        "where": say("Output channel {channel}, row {row}, column {column}:"),
        "did": _did(record, say),
        "padded": say("{count} of the {places} places of the kernel lie on zero padding."),
        "same": say("The network's own value is {own}: in 32 bits, the same number."),
        "agrees": say(
            "The network's own value is {own}. The difference is {difference}; 32-bit rounding may make it {bound}."
        ),
        "differs": say(
            "The network's own value is {own}. The difference is {difference}; 32-bit rounding explains {bound}."
        ),
        "broken": say("Values here are not finite, as in a network that has diverged: nothing can be compared."),
    }


def _did(record: LayerArithmetic, say: Say) -> str:
    rule = record.rule
    if isinstance(rule, Convolution):
        if rule.weight.shape[-1] > 1:
            if rule.bias is not None:
                return say(
                    "{count} products ({channels} channels × {kernel} × {kernel}) and the bias add up to {total}."
                )
            return say("{count} products ({channels} channels × {kernel} × {kernel}) add up to {total}.")
        if rule.bias is not None:
            return say("{count} products, one for each input channel, and the bias add up to {total}.")
        return say("{count} products, one for each input channel, add up to {total}.")
    if isinstance(rule, Addition):
        return say("{x} + {branch} = {total}.")
    return {
        "Normalisation": say("({x} − {mean}) / √({variance} + {epsilon}) · {gamma} + {beta} = {total}."),
        "MaxPool": say("the largest of {count} numbers is {total}."),
        "Relu": say("max(0, {x}) = {total}."),
    }[type(rule).__name__]
