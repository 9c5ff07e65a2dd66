"""BatchNorm and the size of the batch; batch statistics beside running ones; gamma and beta"""

import math
from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core import StatisticsMeter, batch_statistics, cifar
from resnet_core.questions.norm import NormBatchesQuestion, NormStatisticsQuestion
from resnet_core.records.norm import NormBatches, NormStatistics
from ui import figure, link
from ui.charts.norm_batches import (
    Told,
    batch_lines,
    batches_alt,
    batches_table,
    errors_alt,
    gamma_alt,
    gamma_beta,
    gaps_alt,
    statistics_gaps,
    statistics_table,
    statistics_tests,
)
from ui.charts.verdicts.norm_batches import batches_verdict, errors_verdict, gamma_verdict, gaps_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

PICTURES = (1024, 2048, 4096)
BATCHES = (4, 8, 16, 64)
DEPTHS = (8, 20, 32)


def draw() -> None:
    """Draw the part."""
    st.header(say("How small can a batch be?"))
    show("batchnorm/batches")
    usual = NormBatchesQuestion()
    one, two = st.columns(2)
    with one:
        pictures = link.step(
            say("Pictures that each network learns from"), PICTURES, usual.pictures, "norm_batches_pictures"
        )
    with two:
        names: dict[Told, str] = {"loss": say("training loss"), "test": say("test error")}
        told = link.choose(st.segmented_control, say("Show"), names, "loss", "norm_batches_told")
    question = replace(usual, pictures=pictures)
    inquire("norm_batches", "norm-batches", question, partial(_show_batches, told))
    measured = _draw_statistics()
    show_experiments({"norm-batches": question, "norm-statistics": measured}, StatisticsMeter, batch_statistics)


def _show_batches(told: Told, record: NormBatches) -> None:
    figure.draw(
        partial(batch_lines, record, told, say),
        key="norm_batch_lines",
        alt=batches_alt(record, told, say),
        sentence=batches_verdict(record, told, say),
        table=batches_table(record, say),
    )


def _draw_statistics() -> NormStatisticsQuestion:
    """The second part, and what it asked."""
    st.header(say("Two kinds of statistics, and γ and β"))
    show("batchnorm/statistics")
    usual = NormStatisticsQuestion()
    one, two = st.columns(2)
    with one:
        depth = link.step(say("Depth (layers)"), DEPTHS, usual.network.layers, "norm_statistics_depth")
        skip = link.ask(st.toggle, say("Skip connections"), True, key="norm_statistics_skip")
    with two:
        batch = link.step(say("Pictures per batch"), BATCHES, usual.training.batch, "norm_statistics_batch")
    network = cifar(depth, width=8, plain=not skip, in_channels=1)
    question = replace(usual, network=network, training=replace(usual.training, batch=batch))
    inquire("norm_statistics", "norm-statistics", question, _show_statistics)
    return question


def _show_statistics(record: NormStatistics) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(say("The test with either kind of statistics:"))
        figure.draw(
            partial(statistics_tests, record, say),
            key="norm_statistics_tests",
            alt=errors_alt(record, say),
            sentence=errors_verdict(record, say),
            table=statistics_table(record, say),
        )
    with right:
        st.markdown(say("A batch beside the running statistics: the line is the middle layer, the band all layers."))
        figure.draw(
            partial(statistics_gaps, record, say),
            key="norm_statistics_gaps",
            alt=gaps_alt(record, say),
            sentence=gaps_verdict(record, say),
        )
    look = _last_look(record)
    st.markdown(say("What the network makes of γ and β: one point per BatchNorm, the bars hold all of its channels."))
    figure.draw(
        partial(gamma_beta, record, look, say),
        key="norm_gamma_beta",
        alt=gamma_alt(record, look, say),
        sentence=gamma_verdict(record, look, say),
    )


def _last_look(record: NormStatistics) -> int:
    seen = [place for place, error in enumerate(record.running_error) if not math.isnan(error)]
    return seen[-1] if seen else 0
