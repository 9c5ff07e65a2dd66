"""Cut blocks out of a trained network, at random or one by one, and swap them."""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core import DataConfig, ResNetConfig, cifar, plain_twin
from resnet_core.questions.lesions import LesionsQuestion
from resnet_core.records.lesions import Lesions
from ui import figure, link
from ui.charts.lesions import (
    lesions_alt,
    many_alt,
    many_curves,
    many_table,
    order_alt,
    order_dots,
    single_dots,
    single_table,
)
from ui.charts.verdicts.lesions import many_verdict, order_verdict, single_verdict
from ui.controls import SEEDS
from ui.inquiry import inquire
from ui.sections import trained_longer
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (8, 14, 20, 26, 32, 44, 56)
USUAL = LesionsQuestion()
DATA = {"digits": DataConfig(name="digits", size=8), "fashion": DataConfig(name="fashion", size=8)}


def draw() -> None:
    """Draw the part."""
    st.header(say("What is left when blocks are taken out?"))
    show("lesions/method")
    kept = trained_longer.choose("lesions")
    question = _question() if kept is None else kept.question
    if kept is None:
        inquire("lesions", "lesions", question, partial(_show, question.networks))
    else:
        trained_longer.draw(kept, partial(_show, question.networks))
    show("lesions/literature")
    if kept is None:
        show_experiments({"lesions": question})


def _question() -> LesionsQuestion:
    names = {"digits": say("Digits"), "fashion": "Fashion-MNIST"}
    one, two = st.columns(2, gap="large")
    with one:
        data = link.choose(st.segmented_control, say("Data"), names, "digits", "lesions_data")
        seed = link.whole_number(say("Seed"), SEEDS, USUAL.training.seed, "lesions_seed")
    with two:
        depth = link.step(say("Depth (layers)"), DEPTHS, USUAL.networks[0].layers, "lesions_depth")
        steps = link.step(say("Training steps"), (100, 200, 400, 800), USUAL.training.steps, "lesions_steps")
    words = say("The last BatchNorm of each residual branch starts at 0, so that every block starts as the identity.")
    silent = link.ask(st.toggle, say("Zero-gamma"), False, key="lesions_zg", help=words)
    usual = USUAL.networks[1]
    residual = cifar(depth, width=usual.stem_width, in_channels=1, init=usual.init, zero_gamma=silent)
    training = replace(USUAL.training, steps=steps, seed=seed)
    if (times := steps * depth / (USUAL.training.steps * usual.layers)) >= 1.5:
        st.caption(say("This takes about {times:.1f} times as long as the default setting.").format(times=times))
    return LesionsQuestion(networks=(plain_twin(residual), residual), data=DATA[data], training=training)


def figures(networks: tuple[ResNetConfig, ...], record: Lesions) -> None:
    """Draw the errors without one block, and what they say."""
    if not any(record.images):
        st.caption(say("The pictures come as soon as the first network is trained."))
        return
    st.header(say("One block at a time"))
    figure.draw(
        partial(single_dots, networks, record, say),
        key="lesions_single",
        alt=lesions_alt(networks, record, say),
        sentence=single_verdict(networks, record, say),
        table=single_table(networks, record, say),
    )


def _show(networks: tuple[ResNetConfig, ...], record: Lesions) -> None:
    figures(networks, record)
    if not any(record.images):
        return
    st.header(say("More and more blocks"))
    figure.draw(
        partial(many_curves, networks, record, say),
        key="lesions_many",
        alt=many_alt(networks, record, say),
        sentence=many_verdict(networks, record, say),
        table=many_table(networks, record, say),
    )
    st.header(say("Blocks in another order"))
    show("lesions/order")
    figure.draw(
        partial(order_dots, networks, record, say),
        key="lesions_order",
        alt=order_alt(networks, record, say),
        sentence=order_verdict(networks, record, say),
    )
    words = say("Errors on {images} test pictures that the networks have not learned from.")
    figure.note(words.format(images=max(record.images)))
