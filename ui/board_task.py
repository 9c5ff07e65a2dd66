"""The class's task: how a teacher sets it, and how each student takes a depth of it."""

import streamlit as st

from resnet_core import Board, ClassTask, DataConfig, DataName, Seat, TrainConfig, get_boards
from ui import again, board, charts
from ui.boundary import boundary
from ui.charts.settings import short_data_name
from ui.controls import WIDTHS
from ui.kept_words import plain
from ui.places import page_link
from ui.text import say

PICTURES: dict[str, tuple[DataName, int]] = {"fashion": ("fashion", 16), "digits": ("digits", 8)}  # pixels per side
DEPTHS = range(8, 111, 6)
_SEAT = "_board_seat"


def ask() -> ClassTask:
    """Ask what the class is to train. The fields belong to a form.

    Raises:
        ConfigError: no depth is chosen.
    """
    usual = ClassTask()
    names = {"fashion": say("Clothes, 16 pixels"), "digits": say("Handwritten digits, 8 pixels")}
    one, two, three = st.columns(3)
    with one:
        pictures = st.selectbox(say("Pictures"), tuple(PICTURES), format_func=names.__getitem__, key="task_pictures")
        steps = st.number_input(say("Steps"), 1, 2000, usual.training.steps, 10, key="task_steps")
    with two:
        width = st.selectbox(say("Width (channels of stage 1)"), WIDTHS, WIDTHS.index(usual.width), key="task_width")
        norm = st.toggle(say("BatchNorm"), usual.norm == "batch", key="task_norm")
        zero_gamma = st.toggle(say("Zero-gamma"), usual.zero_gamma, key="task_zero_gamma", help=_zero_gamma())
    with three:
        depths = st.multiselect(
            say("Depths (layers)"), DEPTHS, usual.depths, max_selections=ClassTask.MAX_DEPTHS, key="task_depths"
        )
    name, size = PICTURES[pictures]
    return ClassTask(
        data=DataConfig(name=name, size=size),
        training=TrainConfig(steps=steps),
        width=width,
        norm="batch" if norm else "none",
        zero_gamma=zero_gamma and norm,
        depths=tuple(sorted(depths)),
    )


def in_words(task: ClassTask) -> str:
    """What the class trains, in a line."""
    words = say("{pictures} {size} px · {steps} steps · width {width} · {norm} · depths {depths}")
    norm = say("BatchNorm") if task.norm == "batch" else say("no BatchNorm")
    return words.format(
        pictures=short_data_name(task.data.name, say),
        size=task.data.size,
        steps=task.training.steps,
        width=task.width,
        norm=f"{norm}, {say('Zero-gamma').lower()}" if task.zero_gamma else norm,
        depths=", ".join(map(str, task.depths)),
    )


def take_part(opened: Board) -> None:
    """Ask a student for a nickname, hand out a depth and a seed, and show the way to the training."""
    one, two = st.columns([2, 3], vertical_alignment="bottom")
    with one:
        name = st.text_input(
            say("Nickname (optional)"), board.nickname(), board.LONGEST_NICKNAME, key="nickname", autocomplete="off"
        )
        if name != board.nickname():
            board.call_me(name)
    with two, boundary():
        if st.button(say("Take a depth"), key="take", type="primary", icon=":material/casino:"):
            st.session_state[_SEAT] = opened.code, get_boards().take_seat(opened.code)
    code, seat = st.session_state.get(_SEAT, ("", None))
    if code == opened.code and seat is not None:
        _way(opened.task, seat)
    else:
        st.caption(say("The class trains: {task}").format(task=plain(in_words(opened.task))))


def _way(task: ClassTask, seat: Seat) -> None:
    spec = task.spec(seat)
    plain_one, residual = charts.network_labels(spec.networks, say)
    words = say(
        "Yours: **{depth} layers**, seed {seed}. Train {plain} and {residual}; both marks appear here by themselves."
    )
    st.markdown(words.format(depth=seat.depth, seed=seat.seed, plain=plain_one, residual=residual))
    page_link("train", say("To Train live, with these settings"), **(again.train_again(spec) or {}))


def _zero_gamma() -> str:
    return say("The last BatchNorm of each residual branch starts at 0, so that every block starts as the identity.")
