"""A 1x1 convolution at work on a picture: one matrix, the same at every pixel"""

import hashlib
from functools import partial
from typing import get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from resnet_core.catalogue import experiment
from resnet_core.questions.pixels import Mix, PixelMixQuestion
from resnet_core.records.pixels import PixelMix
from ui import figure, link, measure, pictures, take_home
from ui.charts.pixels import channel_sheet, pixel_formulas, sheet_alt
from ui.charts.png import data_uri
from ui.charts.verdicts.pixels import pixel_verdict
from ui.source import show_experiments
from ui.text import say, show

NAME = "pixel-mixing"
DRAWN = ("expand", "random")  # whose weights come from a seed
SEEDS = range(100)


def draw() -> None:
    """Draw the part."""
    st.header(say("The same small matrix at every pixel"))
    show("cost/pixels")
    picture = pictures.choose()
    if picture is None:
        st.info(say("Choose a picture to begin."), icon=":material/info:")
        return
    question = _question(picture)
    record = _record(question)
    pixel = _pixel(question.size)
    own = (
        "" if pictures.is_sample(picture) else f"{hashlib.sha256(question.own.encode()).hexdigest()} {question} {pixel}"
    )
    titles = [say("In"), *[say("After 1×1 number {number}").format(number=n + 1) for n in range(len(record.matrices))]]
    for step, (column, title) in enumerate(zip(st.columns(len(titles)), titles, strict=True)):
        with column:
            st.markdown(f"{title}: {'×'.join(map(str, record.maps[step].shape))}")
            figure.draw(
                partial(channel_sheet, record, step, pixel, say),
                key=f"sheet_{step}",
                alt=sheet_alt(record, step, say),
                own=own,
            )
    figure.tell(pixel_verdict(record, say))
    st.markdown(say("At the ringed pixel:"))
    for formula in pixel_formulas(record, pixel):
        st.latex(formula)
    take_home.offer("pixel_mixing", NAME, question)
    show_experiments({NAME: question})


def _question(picture: NDArray[np.uint8]) -> PixelMixQuestion:
    usual = PixelMixQuestion()
    names: dict[Mix, str] = {
        "same": say("Same"),
        "grey": say("Grey"),
        "swap": say("Swap red and blue"),
        "sepia": say("Sepia"),
        "squeeze1": say("Squeeze to 1, back to 3"),
        "squeeze2": say("Squeeze to 2, back to 3"),
        "expand": say("Expand to 8"),
        "random": say("Random"),
    }
    assert set(names) == set(get_args(Mix))
    mix = link.choose(st.segmented_control, say("Weights"), names, usual.mix, "pixels_mix")
    one, two = st.columns(2, vertical_alignment="bottom")
    with one:
        relu = link.ask(st.toggle, say("ReLU after every convolution"), usual.relu, key="pixels_relu")
    with two:
        seed = link.whole_number(say("Seed"), SEEDS, usual.seed, "pixels_seed") if mix in DRAWN else usual.seed
    if pictures.is_sample(picture):
        return PixelMixQuestion(picture=st.session_state["picture"], mix=mix, relu=relu, seed=seed)
    return PixelMixQuestion(own=_encoded(picture, usual.size), mix=mix, relu=relu, seed=seed)


def _record(question: PixelMixQuestion) -> PixelMix:
    if not question.own:
        return measure.short(NAME, question)
    return _own_record(hashlib.sha256(repr(question).encode()).hexdigest(), question)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _own_record(digest: str, _question: PixelMixQuestion) -> PixelMix:
    """A visitor's own picture is kept for that visitor alone."""
    return experiment(NAME).answer(_question)


def _pixel(size: int) -> tuple[int, int]:
    one, two = st.columns(2)
    with one:
        across = link.slider(say("Pixel, counted from the left"), 0, size - 1, size // 2, "pixels_x")
    with two:
        down = link.slider(say("Pixel, counted from the top"), 0, size - 1, size // 2, "pixels_y")
    return across, down


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _encode(digest: str, size: int, _picture: NDArray[np.uint8]) -> str:
    """A small PNG in base64: whole squares of pixels are averaged as long as `size` of them are left."""
    factor = max(1, min(_picture.shape[:2]) // size)
    height, width = (side // factor * factor for side in _picture.shape[:2])
    squares = _picture[:height, :width].reshape(height // factor, factor, width // factor, factor, 3)
    small = squares.mean(axis=(1, 3)).round().astype(np.uint8)
    opaque = np.full((*small.shape[:2], 1), 255, np.uint8)
    return data_uri(np.concatenate([small, opaque], axis=2)).partition("base64,")[2]


def _encoded(picture: NDArray[np.uint8], size: int) -> str:
    return _encode(hashlib.sha256(picture.tobytes()).hexdigest(), size, picture)
