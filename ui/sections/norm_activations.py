"""What BatchNorm does to the activations of every layer: during training, and before its first step"""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core import cifar, percentiles
from resnet_core.questions.norm import NormActivationsQuestion, NormStartQuestion
from resnet_core.records.norm import NormActivations
from ui import controls, figure, link, measure, take_home
from ui.charts.labels import layer_label
from ui.charts.norm_activations import (
    activations_table,
    bands_alt,
    branch_alt,
    branch_lines,
    branch_table,
    deviation_alt,
    deviation_maps,
    percentile_bands,
    start_gradients,
    start_gradients_alt,
)
from ui.charts.verdicts.norm_activations import activations_verdict, bands_verdict, branch_verdict, start_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (8, 14, 20, 32)
DEEP = (20, 32, 44, 56)
RATES = (0.001, 0.003, 0.01, 0.02, 0.05, 0.1)


def draw() -> None:
    """Draw the part."""
    st.header(say("What reaches each layer?"))
    show("batchnorm/activations")
    usual = NormActivationsQuestion()
    one, two, three = st.columns(3)
    with one:
        depth = link.step(say("Depth (layers)"), DEPTHS, usual.network.layers, "norm_activations_depth")
        skip = link.ask(st.toggle, say("Skip connections"), False, key="norm_activations_skip")
    with two:
        init = controls.init("norm_activations_init", "he")
    with three:
        rate = link.step(say("Learning rate"), RATES, usual.training.learning_rate, "norm_activations_rate")
    network = cifar(depth, width=8, plain=not skip, in_channels=1, init=init)
    question = replace(usual, network=network, training=replace(usual.training, learning_rate=rate))
    layer = link.slider(say("Layer of the second figure"), 1, depth - 1, (depth + 1) // 2, "norm_activations_layer")
    inquire("norm_activations", "norm-activations", question, partial(_show, layer - 1))
    started = _draw_start()
    show_experiments({"norm-activations": question, "norm-start": started}, percentiles)


def _show(layer: int, record: NormActivations) -> None:
    figure.draw(
        partial(deviation_maps, record, say),
        key="norm_deviations",
        alt=deviation_alt(record, say),
        sentence=activations_verdict(record, say),
        table=activations_table(record, say),
    )
    st.markdown(
        say(
            "The same training at one layer, {layer}: the line is the median, 70 % of all values lie in the band."
        ).format(layer=layer_label(record.layers[layer], say))
    )
    figure.draw(
        partial(percentile_bands, record, layer, say),
        key="norm_bands",
        alt=bands_alt(record, layer, say),
        sentence=bands_verdict(record, layer, say),
    )


def _draw_start() -> NormStartQuestion:
    """Before the first step: De & Smith's branch, and Yang's gradient."""
    st.header(say("Before the first step: two surprises"))
    show("batchnorm/start")
    usual = NormStartQuestion()
    depth = link.step(say("Depth (layers)"), DEEP, usual.network.layers, "norm_start_depth")
    question = replace(usual, network=cifar(depth, width=8, in_channels=1))
    record = measure.short("norm-start", question)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(say("With shortcuts: how large is the branch beside the shortcut?"))
        figure.draw(
            partial(branch_lines, record, say),
            key="norm_branch",
            alt=branch_alt(record, say),
            sentence=branch_verdict(record, say),
            table=branch_table(record, say),
        )
    with right:
        st.markdown(say("And the gradient of every convolution, with and without shortcuts:"))
        figure.draw(
            partial(start_gradients, record, say),
            key="norm_start_gradients",
            alt=start_gradients_alt(record, say),
            sentence=start_verdict(record, say),
        )
    take_home.offer("norm_start", "norm-start", question)
    return question
