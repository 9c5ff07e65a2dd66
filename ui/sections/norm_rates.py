"""Learning rates and starting weights that still train, with and without BatchNorm"""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core import cifar
from resnet_core.questions.norm import NormRatesQuestion
from resnet_core.records.norm import NormRates
from ui import controls, figure, link
from ui.charts.norm_rates import rate_curves, rate_map, rates_alt, rates_table
from ui.charts.verdicts.norm_rates import map_verdict, rates_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (8, 14, 20)
GAINS = (0.25, 0.5, 1.0, 2.0, 4.0)
MAP_RATES = (0.003, 0.03, 0.3, 3.0)


def draw() -> None:
    """Draw the part."""
    st.header(say("Which learning rates still train?"))
    show("batchnorm/rates")
    usual = NormRatesQuestion()
    one, two, three = st.columns(3)
    with one:
        depth = link.step(say("Depth (layers)"), DEPTHS, usual.network.layers, "norm_rates_depth")
        skip = link.ask(st.toggle, say("Skip connections"), True, key="norm_rates_skip")
    with two:
        init = controls.init("norm_rates_init", "he")
    with three:
        seeds = link.step(say("Number of seeds"), (1, 2, 3), usual.seeds, "norm_rates_seeds")
    network = cifar(depth, width=8, plain=not skip, in_channels=1, init=init)
    question = replace(usual, network=network, seeds=seeds)
    inquire("norm_rates", "norm-rates", question, figures)

    st.header(say("And from which starting weights?"))
    show("batchnorm/starts")
    wide = replace(usual, network=network, rates=MAP_RATES, gains=GAINS, seeds=1)
    inquire("norm_map", "norm-rates", wide, _show_map)
    show_experiments({"norm-rates": question})


def figures(record: NormRates) -> None:
    """Draw the loss at the end against the learning rate, and what it says."""
    figure.draw(
        partial(rate_curves, record, 0, say),
        key="norm_rate_curves",
        alt=rates_alt(record, 0, say),
        sentence=rates_verdict(record, 0, say),
        table=rates_table(record, say),
    )


def _show_map(record: NormRates) -> None:
    figure.draw(
        partial(rate_map, record, say),
        key="norm_rate_map",
        alt=say("Training loss at the end by learning rate and size of the starting weights."),
        sentence=map_verdict(record, say),
        table=rates_table(record, say),
    )
