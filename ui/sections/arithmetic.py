"""One pixel of a feature map, worked out by hand: patch, kernel, products, sum"""

import re

import streamlit as st

from resnet_core import by_hand, convolve, layer_arithmetic
from resnet_core.records.arithmetic import Convolution, LayerArithmetic, MaxPool
from ui import cache, figure, link, subject
from ui.charts.arithmetic import MOST, Place, arithmetic_data, place, sendable, sent_bytes
from ui.charts.labels import count, layer_label
from ui.charts.verdicts.arithmetic import arithmetic_verdict
from ui.components import arithmetic
from ui.source import show_source
from ui.text import say, show

SIZES, USUAL_SIZE = (32, 64, 96, 128), 64  # pixels; larger pictures make maps that take long to send
PLACE = re.compile(r"(\d{1,4})-(\d{1,4})-(\d{1,4})")  # channel, row, column in a link, from 1
KEY = "arithmetic"


def draw() -> None:
    """Draw the part."""
    st.header(say("One pixel, by hand"))
    picture, source = subject.choose()
    one, two = st.columns([5, 4])
    with one:
        block, inside = _block(cache.arithmetic_layers(source))
    with two:
        size = link.step(say("Picture size (pixels)"), SIZES, USUAL_SIZE, "hand_size")
    layer = _step(block, inside)
    record = cache.layer_arithmetic(source, picture, size, layer)
    st.caption(_shapes(record, block))
    if not sendable(record):
        words = say(
            "The maps of this layer hold more than {most} numbers, too many to send. Choose fewer pixels for the "
            "picture."
        )
        st.info(words.format(most=count(MOST)), icon=":material/info:")
        return
    data = arithmetic_data(record, _asked(layer), say)
    _keep(arithmetic.arithmetic(data, key=KEY), record)
    words = say("The numbers of this layer were sent once, {size} kB. Pointing at a pixel asks the server for nothing.")
    st.caption(words.format(size=count(round(sent_bytes(data) / 1000))))
    for assumption in cache.assumptions(source):
        st.caption(say(assumption))
    figure.tell(arithmetic_verdict(record, say))
    show("maps/arithmetic")
    show_source(layer_arithmetic, by_hand, convolve)
    with st.expander(say("The code that runs in your browser"), icon=":material/code:"):
        st.code(arithmetic.SUMS.read_text(encoding="utf-8"), language="javascript")


def _block(layers: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Ask for the stem or a block. Gives its name, and its layers by their own names."""
    blocks: dict[str, dict[str, str]] = {}
    for layer in layers:
        block = "stem" if layer.startswith("stem.") else ".".join(layer.split(".")[:3])
        blocks.setdefault(block, {})[layer.removeprefix(f"{block}.")] = layer
    words = say("Layer: 0 is the stem, then every block")
    return list(blocks.items())[link.slider(words, 0, len(blocks) - 1, 1, "layer")]


def _step(block: str, inside: dict[str, str]) -> str:
    """Ask for one of a block's layers. Gives its name in the network."""
    names = {part: _part_name(part) for part in inside}
    usual = next(part for part in inside if part.startswith("conv"))
    words = say("Which step of {block}").format(block=layer_label(block, say))
    return inside[link.choose(st.pills, words, names, usual, "op")]


def _part_name(part: str) -> str:
    kind, number = part.rstrip("0123456789"), part[len(part.rstrip("0123456789")) :]
    names = {
        "conv": say("Convolution"),
        "norm": "BatchNorm",
        "relu": "ReLU",
        "pool": say("Max pooling"),
        "sum": say("Addition"),
        "shortcut.conv": say("Shortcut: 1×1"),
        "shortcut.norm": say("Shortcut: BatchNorm"),
    }
    return f"{names[kind]} {number}".strip()


def _shapes(record: LayerArithmetic, block: str) -> str:
    shapes = " → ".join("×".join(map(str, maps.shape)) for maps in (record.inputs[0], record.output))
    words = f"{layer_label(block, say)}: {shapes}"
    rule = record.rule
    if isinstance(rule, Convolution | MaxPool):
        kernel = rule.weight.shape[-1] if isinstance(rule, Convolution) else rule.kernel
        more = say("kernel {kernel}×{kernel}, stride {stride}, padding {padding}")
        words += " · " + more.format(kernel=kernel, stride=rule.stride, padding=rule.padding)
    if isinstance(rule, Convolution) and rule.groups > 1:
        words += " · " + say("{groups} groups").format(groups=rule.groups)
    return words


def _asked(layer: str) -> Place | None:
    """The pixel that a link asked for when the visitor came, as long as they look at the same layer."""
    found = PLACE.fullmatch(link.on_arrival("pixel") or "")
    if found:
        st.session_state["hand_asked"] = layer, tuple(int(part) - 1 for part in found.groups())
    asked_for, asked = st.session_state.get("hand_asked", ("", None))
    return asked if asked_for == layer else None


def _keep(kept: Place, record: LayerArithmetic) -> None:
    """Put the pixel into the link."""
    link.write("pixel", *("-".join(str(part + 1) for part in one) for one in (kept, place(record))))
