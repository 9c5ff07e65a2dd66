"""Every widget whose value means something. This is the one place that names widget keys.

Each is bound to the page's address, so that a teacher can hand out a link to exactly this set-up. A default value is
left out of the address, a value that is not allowed is ignored. Settings follow the visitor from page to page.
"""

from typing import Literal, get_args

import streamlit as st

from resnet_core import DataConfig, InitKind, NormKind, ResNetConfig, RunSpec, TrainConfig, cifar, race
from ui import folders, link
from ui.languages import NAMES, Language
from ui.text import language, say

Comparison = Literal["degradation", "two_by_two", "vanishing", "exploding", "own"]

DEPTHS = range(8, 111, 6)  # weighted layers, 6n + 2
KEEP = {"bind": "query-params", "persist_state": "session"}


def choose_language() -> None:
    """Ask for the language. It follows the browser until the visitor chooses, and then stays in the link."""
    st.session_state.setdefault("lang", language())
    lang = st.segmented_control(
        say("Language"),
        get_args(Language),
        format_func=lambda lang: NAMES[lang],
        key="lang",
        required=True,
        persist_state="session",
        on_change=_remember_language,
        label_visibility="collapsed",
    )
    if st.session_state.get("lang_chosen") or "lang" in st.query_params:
        link.write("lang", lang, default=None)


def _remember_language() -> None:
    st.session_state["lang_chosen"] = True


def depth(key: str, default: int) -> int:
    """Ask how many weighted layers."""
    return st.select_slider(
        say("Depth (layers)"), DEPTHS, default, key=key, help=say("6n + 2 weighted layers: n blocks in each of three stages."), **KEEP
    )


def skip(key: str, default: bool = True) -> bool:
    """Ask whether the blocks have their shortcuts."""
    return st.toggle(say("Skip connections"), default, key=key, **KEEP)


def norm(key: str, default: bool = True) -> NormKind:
    """Ask for BatchNorm."""
    on = st.toggle(
        say("BatchNorm"), default, key=key, help=say("Without it every convolution gets a bias instead."), **KEEP
    )
    return "batch" if on else "none"


def init(key: str, default: InitKind = "default") -> InitKind:
    """Ask how the weights start."""
    names = {"default": say("PyTorch default"), "he": say("He (2015)")}
    return link.choose(
        st.segmented_control,
        say("Initialisation"),
        get_args(InitKind),
        default,
        key,
        format_func=lambda kind: names[kind],
        help=say("How large the random starting weights are. PyTorch's default is too small for a deep ReLU network."),
    )


def zero_gamma(key: str, allowed: bool) -> bool:
    """Ask whether each residual branch starts at zero. Without BatchNorm there is no gamma to set."""
    on = st.toggle(
        say("Zero-gamma"),
        False,
        key=key,
        disabled=not allowed,
        help=say("The last BatchNorm of each residual branch starts at 0, so that every block starts as the identity."),
        **KEEP,
    )
    return on and allowed


def seed() -> int:
    """Ask which random start to use. It decides weights, data order and augmentation."""
    return st.number_input(say("Seed"), 0, 9999, 0, key="seed", **KEEP)


def data() -> tuple[DataConfig, int, int]:
    """Ask what to learn from. Gives the config, its channels (1 gray, 3 colour) and its number of classes."""
    names = {
        "fashion": say("Clothes (Fashion-MNIST)"),
        "digits": say("Handwritten digits"),
        "cifar10": say("CIFAR-10"),
        "folder": say("My own pictures"),
    }
    name = link.choose(
        st.selectbox, say("Pictures"), tuple(names), "fashion", "data", format_func=lambda option: names[option]
    )
    sizes = {"fashion": (8, 16, 28), "digits": (8, 16), "cifar10": (16, 32), "folder": (16, 32, 64)}[name]
    size = st.select_slider(say("Picture size (pixels)"), sizes, sizes[name != "digits" and name != "folder"], key=f"size_{name}", **KEEP)
    if name == "folder":
        return folders.ask(size)
    if name == "cifar10":
        return folders.cifar10(size)
    return DataConfig(name=name, size=size), 1, 10


def training() -> TrainConfig:
    """Ask for the recipe."""
    one, two, three = st.columns(3)
    with one:
        steps = st.number_input(say("Steps"), 1, 2000, TrainConfig.steps, 10, key="steps", **KEEP)
        batch = st.select_slider(say("Batch (pictures per step)"), (16, 32, 64, 128), TrainConfig.batch, key="batch", **KEEP)
        augment = st.toggle(
            say("Augment"), False, key="augment", help=say("Shift each picture a little and mirror it at random."), **KEEP
        )
    with two:
        rates = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
        rate = st.select_slider(say("Learning rate"), rates, TrainConfig.learning_rate, key="lr", **KEEP)
        optimiser = link.choose(
            st.selectbox, say("Optimiser"), ("sgd", "adam", "adamw"), "sgd", "opt", format_func=_OPTIMISERS.__getitem__
        )
    with three:
        schedules = {"constant": say("Constant"), "step": say("Divided by ten twice"), "cosine": say("Cosine")}
        schedule = link.choose(
            st.selectbox, say("Schedule"), tuple(schedules), "constant", "schedule", format_func=schedules.__getitem__
        )
        warm_up = st.number_input(say("Warm-up (steps)"), 0, 500, 0, 10, key="warm_up", **KEEP)
    return TrainConfig(
        steps=steps,
        batch=batch,
        optimiser=optimiser,
        learning_rate=rate,
        schedule=schedule,
        milestones=(steps // 2, steps * 3 // 4) if schedule == "step" else (),
        warm_up=warm_up,
        augment=augment,
        seed=st.session_state.get("seed", 0),
    )


_OPTIMISERS = {"sgd": "SGD + momentum 0.9", "adam": "Adam", "adamw": "AdamW"}


def run() -> RunSpec:
    """Ask for a whole run: which networks, which pictures, which recipe."""
    names: dict[Comparison, str] = {
        "degradation": say("Deeper and worse?"),
        "two_by_two": say("Skip × BatchNorm"),
        "vanishing": say("Vanishing"),
        "exploding": say("Exploding"),
        "own": say("My own"),
    }
    comparison = link.choose(
        st.segmented_control,
        say("Comparison"),
        get_args(Comparison),
        "degradation",
        "race",
        format_func=lambda name: names[name],
    )
    own = st.container()
    with st.expander(say("Settings: pictures, recipe, seed"), icon=":material/tune:"):
        one, two, three = st.columns(3)
        with one:
            pictures, channels, classes = data()
        with two:
            width = st.select_slider(say("Width (channels of stage 1)"), (4, 8, 16, 32), 8, key="width", **KEEP)
        with three:
            seed()
        recipe = training()
    shape = {"width": width, "in_channels": channels, "classes": classes}
    with own:
        networks = _own_networks(shape) if comparison == "own" else race(comparison, **shape)
    return RunSpec(networks=networks, data=pictures, training=recipe)


def _own_networks(shape: dict[str, int]) -> tuple[ResNetConfig, ...]:
    count = st.segmented_control(say("How many networks"), (1, 2, 3, 4), default=2, key="count", required=True, **KEEP)
    networks = []
    for number, column in enumerate(st.columns(count, border=True), start=1):
        with column:
            layers = depth(f"d{number}", 20)
            has_skip = skip(f"s{number}", default=number > 1)
            normed = norm(f"b{number}")
            networks.append(
                cifar(
                    layers,
                    plain=not has_skip,
                    norm=normed,
                    init=init(f"i{number}"),
                    zero_gamma=zero_gamma(f"z{number}", allowed=has_skip and normed == "batch"),
                    **shape,
                )
            )
    return tuple(networks)
