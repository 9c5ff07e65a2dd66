"""The widgets from which pages ask their questions.

Each is bound to the page's address, so that a teacher can hand out a link to exactly this set-up. A default value is
left out of the address, a value that is not allowed is ignored. Settings follow the visitor from page to page.
"""

import streamlit as st

from resnet_core import InitKind, NormKind, ShortcutKind, Version
from ui import link
from ui.languages import NAMES
from ui.text import language, say

DEPTHS = range(8, 111, 6)  # weighted layers, 6n + 2
WIDTHS = (4, 8, 16, 32)  # channels of the first stage
SEEDS = range(10_000)


def choose_language() -> None:
    """Ask for the language. It follows the browser until the visitor chooses, and then stays in the link."""
    if "lang" in st.query_params:
        _remember_language()
    st.session_state.setdefault("lang", language())
    lang = st.segmented_control(
        say("Language"),
        tuple(NAMES),
        format_func=NAMES.__getitem__,
        key="lang",
        required=True,
        persist_state="session",
        on_change=_remember_language,
        label_visibility="collapsed",
    )
    if lang is not None and st.session_state.get("lang_chosen"):
        link.write("lang", lang, default=None)


def _remember_language() -> None:
    st.session_state["lang_chosen"] = True


def depth(key: str, default: int) -> int:
    """Ask how many weighted layers."""
    words = say("6n + 2 weighted layers: n blocks in each of three stages.")
    return link.step(say("Depth (layers)"), DEPTHS, default, key, words)


def skip(key: str, default: bool = True) -> bool:
    """Ask whether the blocks have their shortcuts."""
    return link.ask(st.toggle, say("Skip connections"), default, key=key)


def norm(key: str, default: bool = True) -> NormKind:
    """Ask for BatchNorm."""
    words = say("Without it every convolution gets a bias instead.")
    return "batch" if link.ask(st.toggle, say("BatchNorm"), default, key=key, help=words) else "none"


def init(key: str, default: InitKind = "default") -> InitKind:
    """Ask how the weights start."""
    names: dict[InitKind, str] = {"default": say("PyTorch default"), "he": say("He (2015)")}
    words = say("How large the random starting weights are. PyTorch's default is small for a deep ReLU network.")
    return link.choose(st.segmented_control, say("Initialisation"), names, default, key, words)


def zero_gamma(key: str, allowed: bool) -> bool:
    """Ask whether each residual branch starts at zero. Without BatchNorm there is no gamma to set."""
    words = say("The last BatchNorm of each residual branch starts at 0, so that every block starts as the identity.")
    return link.ask(st.toggle, say("Zero-gamma"), False, key=key, help=words, allowed=allowed) and allowed


def version(key: str) -> Version:
    """Ask where BN-ReLU sits. v1.5 is left out: it moves the stride of a bottleneck, and these blocks are basic."""
    names: dict[Version, str] = {"v1": "v1 (2015)", "v2": "v2 (2016)"}
    words = say("v1 adds before the last ReLU; v2 puts BatchNorm and ReLU before each convolution.")
    return link.choose(st.segmented_control, say("Version"), names, "v1", key, words)


def shortcut(key: str) -> ShortcutKind:
    """Ask how a shortcut brings its input to a new shape."""
    names: dict[ShortcutKind, str] = {"A": say("A zero-pad"), "B": say("B project"), "C": say("C project all")}
    words = say("What happens where channels double: fill with zeros, or a 1x1 convolution there, or everywhere.")
    return link.choose(st.segmented_control, say("Shortcut"), names, "A", key, words)


def width(key: str = "width", default: int = 8) -> int:
    """Ask for the channels of the first stage; the second and third have twice and four times as many."""
    return link.step(say("Width (channels of stage 1)"), WIDTHS, default, key)


def seed() -> int:
    """Ask which random start to use. It decides weights, data order and augmentation."""
    return link.whole_number(say("Seed"), SEEDS, 0, "seed")
