"""What the network drawing is sent: every block from stem to head, with its shapes, numbers, words and colour."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from plotly.colors import sample_colorscale

from resnet_core import ResNetConfig
from resnet_core.records import CostReport, LayerCost
from ui.charts.labels import layer_label, plain_number
from ui.charts.theme import MAGNITUDE, NOT_FINITE

Say = Callable[[str], str]
STEM, HEAD = "stem", "head"
_STEPS = 256  # of the colour scale
LEAST_SPAN = math.sqrt(10)  # factor between the ends of a measured scale: blocks that hardly differ shall look alike


class Shade(NamedTuple):
    """What the colours mean: a number of 0 or more for each block, by the block's name."""

    title: str  # in the visitor's language, with its unit
    values: Mapping[str, float]
    measured: bool = False  # on a logarithmic scale, and said beside what is counted
    form: str = ""  # of a number; three digits where it is empty


def plan(config: ResNetConfig, costs: CostReport, quantity: Shade, say: Say = str) -> dict[str, Any]:
    """The drawing's data.

    `nodes` are stem, blocks and head in the order of the forward pass, `parts` the layers inside each; `legend` gives
    the ends of the colour scale, which for measured numbers are at least a factor of 3.2 apart. A value that is
    missing, infinite or not a number has a colour of its own.
    """
    groups = grouped(costs)
    low, high = _ends(quantity)
    nodes = []
    for name, layers in groups.items():
        value = quantity.values.get(name, math.nan)
        nodes.append(
            {
                "id": name,
                "label": layer_label(name, say),
                "stage": layers[0].stage,
                "out": list(layers[-1].output if name != HEAD else layers[0].output),
                "shortcut": shortcut_of(config, name, layers),
                "parts": [_part(config, name, layer, say) for layer in layers],
                "text": _text(name, layers, say) + (f" · {_told(value, quantity, say)}" if quantity.measured else ""),
                "brief": _brief(name, layers, value, quantity, say),
                "colour": _colour(value, low, high, quantity),
            }
        )
    legend = {
        "title": quantity.title,
        "low": _number(low, quantity, say),
        "high": _number(high, quantity, say),
        "colours": _scale()[:: _STEPS // 8],
    }
    return {"input": list(costs.input), "nodes": nodes, "legend": legend, "words": words(say)}


def grouped(costs: CostReport) -> dict[str, list[LayerCost]]:
    """The layers of stem, each block, and head, by name."""
    groups: dict[str, list[LayerCost]] = {}
    for layer in costs.layers:
        groups.setdefault(block_of(layer.name), []).append(layer)
    return groups


def block_of(layer: str) -> str:
    """The block that a layer belongs to, or stem or head: "stages.1.0" for "stages.1.0.conv2"."""
    if layer.startswith("stages."):
        return ".".join(layer.split(".")[:3])
    return STEM if layer.startswith("stem.") else HEAD


def shortcut_of(config: ResNetConfig, name: str, layers: Sequence[LayerCost]) -> str:
    """What goes around a block: "identity", "padding" (option A), "projection" (B, C), "cut", or "" for nothing.

    "cut" is a shortcut that the rest of the network has; a plain network has none to cut.
    """
    if not name.startswith("stages.") or config.shortcut == "none":
        return ""
    _, stage, block = name.split(".")
    if (int(stage), int(block)) in config.cut:
        return "cut"
    if any(".shortcut." in layer.name and layer.kind == "conv" for layer in layers):
        return "projection"
    halves = int(block) == 0 and int(stage) > 0
    widens = int(block) == 0 and config.stem_width != config.widths[0] * config.expansion
    return "padding" if halves or widens else "identity"


def kernel_of(config: ResNetConfig, convolution: str) -> str:
    """The kernel of a convolution by its name, "3×3" for example."""
    if convolution.startswith("stem."):
        return "7×7" if config.stem == "imagenet" else "3×3"
    thin = ".shortcut." in convolution or (config.block == "bottleneck" and not convolution.endswith("conv2"))
    return "1×1" if thin else "3×3"


def words(say: Say) -> dict[str, str]:
    """Every word that the drawing shows or reads out. The browser fills in the {names}."""
    return {
        "drawing": say("The network from the picture on the left to the answer on the right. Arrow keys move."),
        "stage": say("stage {number}"),
        "identity": say("identity"),
        "padding": say("identity with zero padding"),
        "projection": say("1×1 projection"),
        "cut": say("cut"),
        "shortcut": say("Shortcut of {block}: {kind}"),
        "toggle": say("Click a shortcut to cut it, and again to put it back. Click a block to open it."),
        "open": say("Click a block to open it."),
        "pick": say("Click a block to choose it."),
        "play": say("Play one pass"),
        "forward": say("Forward: every block adds its F(x) to what the shortcut hands on."),
        "forwardPlain": say("Forward: every block hands on only what it made."),
        "backward": say("Backward: at each addition the gradient takes both ways, through the block and past it."),
        "backwardPlain": say("Backward: the gradient has to go through every layer of every block."),
        "past": say("The shortcut: {kind}"),
        "branch": say("F(x), the branch"),
        "inside": say("Inside {block}"),
    }


def _part(config: ResNetConfig, name: str, layer: LayerCost, say: Say) -> dict[str, Any]:
    kinds = {"norm": "BatchNorm", "relu": "ReLU", "add": "+", "pool": say("pooling"), "linear": say("fully connected")}
    title = kinds.get(layer.kind) or say("{kernel} convolution").format(kernel=kernel_of(config, layer.name))
    return {
        "kind": layer.kind,
        "aside": ".shortcut." in layer.name,
        "title": title,
        "name": layer.name.removeprefix(f"{name}."),
        "out": " × ".join(map(str, layer.output)),
        "weights": say("{count} weights").format(count=f"{layer.parameters:,}") if layer.parameters else "",
    }


def _text(name: str, layers: Sequence[LayerCost], say: Say) -> str:
    out = layers[-1].output
    sentence = say("{name}: gives {shape}, {weights} weights, {macs} million multiplications")
    return sentence.format(
        name=layer_label(name, say),
        shape=" × ".join(map(str, out)),
        weights=f"{sum(layer.parameters for layer in layers):,}",
        macs=f"{sum(layer.macs for layer in layers) / 1e6:,.1f}",
    )


def _brief(name: str, layers: Sequence[LayerCost], value: float, quantity: Shade, say: Say) -> str:
    """The shape and the number that the colour means, which the legend names."""
    return f"{layer_label(name, say)}: {' × '.join(map(str, layers[-1].output))} · {_number(value, quantity, say)}"


def _ends(quantity: Shade) -> tuple[float, float]:
    known = [value for value in quantity.values.values() if math.isfinite(value) and (value or not quantity.measured)]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    if not quantity.measured:
        return 0.0, high
    if 0 < high < low * LEAST_SPAN:
        wider = math.sqrt(LEAST_SPAN * low / high)
        return low / wider, high * wider
    return low, high


def _told(value: float, quantity: Shade, say: Say) -> str:
    return f"{quantity.title}: {_number(value, quantity, say)}"


def _number(value: float, quantity: Shade, say: Say) -> str:
    if not math.isfinite(value):
        return say("not finite") if math.isinf(value) else say("not known")
    return quantity.form.format(value) if quantity.form else plain_number(value)


def _colour(value: float, low: float, high: float, quantity: Shade) -> str:
    if not math.isfinite(value):
        return NOT_FINITE if math.isinf(value) else ""
    if quantity.measured:
        if value <= 0:
            return "#000000"
        value, low, high = math.log10(value), math.log10(low), math.log10(high)
    share = (value - low) / (high - low) if high > low else 1.0
    return _scale()[round(_STEPS * min(1.0, max(0.0, share)))]


@cache
def _scale() -> list[str]:
    """Plotly takes a millisecond to mix one colour, and a network has a hundred blocks."""
    return [str(colour) for colour in sample_colorscale(MAGNITUDE, [step / _STEPS for step in range(_STEPS + 1)])]
