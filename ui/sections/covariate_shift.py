"""Two explanations of BatchNorm, measured in the same runs: less covariate shift, or a smoother loss"""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core import NoisyNorms, cifar, layer_shift, walk_down
from resnet_core.questions.norm import CovariateShiftQuestion
from resnet_core.records.norm import CovariateShift
from ui import figure, link
from ui.charts.covariate_shift import (
    ShiftKind,
    debate_losses,
    losses_alt,
    rough_alt,
    rough_lines,
    rough_table,
    shift_alt,
    shift_lines,
    shift_table,
    shift_words,
)
from ui.charts.verdicts.covariate_shift import losses_verdict, noise_verdict, rough_verdict, shift_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (8, 14, 20)
RATES = (0.003, 0.01, 0.03, 0.1)
NOISES = (0.0, 0.25, 0.5, 1.0)


def draw() -> None:
    """Draw the part."""
    st.header(say("Why does BatchNorm help?"))
    show("batchnorm/debate")
    usual = CovariateShiftQuestion()
    one, two, three = st.columns(3)
    with one:
        depth = link.step(say("Depth (layers)"), DEPTHS, usual.network.layers, "covariate_shift_depth")
        skip = link.ask(st.toggle, say("Skip connections"), False, key="covariate_shift_skip")
    with two:
        rate = link.step(say("Learning rate"), RATES, usual.training.learning_rate, "covariate_shift_rate")
        seed = link.step(say("Seed"), (0, 1, 2, 3), usual.training.seed, "covariate_shift_seed")
    with three:
        words = say("How far the noise after BatchNorm moves a channel's mean; the channel's own deviation is 1.")
        noise = link.step(say("Noise"), NOISES, usual.noise_mean, "covariate_shift_noise", words)
    question = replace(
        usual,
        network=cifar(depth, width=8, plain=not skip, in_channels=1),
        training=replace(usual.training, learning_rate=rate, seed=seed),
        noise_mean=noise,
        noise_deviation=noise / 2,
    )
    names: dict[ShiftKind, str] = {kind: shift_words(kind, say) for kind in ("distance", "relative", "angle")}
    told = link.choose(st.segmented_control, say("Covariate shift as"), names, "distance", "covariate_shift_told")
    inquire("covariate_shift", "covariate-shift", question, partial(_show, told))
    show_experiments({"covariate-shift": question}, layer_shift, walk_down, NoisyNorms)


def _show(told: ShiftKind, record: CovariateShift) -> None:
    figure.draw(
        partial(debate_losses, record, say),
        key="debate_losses",
        alt=losses_alt(record, say),
        sentence=losses_verdict(record, say),
    )
    figure.words(noise_verdict(record, say))
    left, right = st.columns(2, gap="large")
    with left:
        st.header(say("Side A: less covariate shift"))
        show("batchnorm/side_shift")
        figure.draw(
            partial(shift_lines, record, told, say),
            key="debate_shift",
            alt=shift_alt(record, told, say),
            sentence=shift_verdict(record, told, say),
            table=shift_table(record, say),
        )
    with right:
        st.header(say("Side B: a smoother loss"))
        show("batchnorm/side_smooth")
        figure.draw(
            partial(rough_lines, record, say),
            key="debate_smooth",
            alt=rough_alt(record, say),
            sentence=rough_verdict(record, say),
            table=rough_table(record, say),
        )
