"""Multiplications counted, for one convolution and for a whole network"""

from functools import partial

import streamlit as st

from resnet_core import cost_report, time_convolutions
from ui import cache, charts, figure, measure, questions
from ui.boundary import boundary
from ui.later import when_over
from ui.source import show_source
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    direct, reduced = questions.reduction()
    left, right = st.columns(2, gap="large")
    with left:
        st.header(say("Count every multiplication"))
        figure.draw(
            partial(charts.reduction_bars, direct, reduced, say),
            key="reduction",
            alt=charts.reduction_alt(direct, reduced, say),
            sentence=charts.cost_verdict(direct, reduced, say),
        )
        figure.formula(direct, reduced)
        show("cost/example")
    with right:
        st.header(say("ResNet's own bottleneck"))
        wide, narrow = questions.bottleneck()
        figure.draw(
            partial(charts.reduction_bars, wide, narrow, say),
            key="bottleneck",
            alt=charts.reduction_alt(wide, narrow, say),
            sentence=charts.cost_verdict(wide, narrow, say),
        )
        figure.formula(wide, narrow)
        show("cost/bottleneck", wide=wide.in_channels, narrow=narrow[0].out_channels)

    st.header(say("Counted is not measured"))
    times = measure.convolution_times((direct, *reduced), (wide, *narrow))
    with boundary():
        if found := times.found():
            figure.draw(
                partial(charts.macs_vs_ms, found, say),
                key="timing",
                alt=charts.timing_alt(found, say),
                sentence=charts.timing_verdict(found, say),
                table=charts.timing_table(found, say),
            )
        else:
            st.progress(0.0, text=say("Measuring on this machine"))
            when_over(times.more_to_come)

    st.header(say("A whole network, layer by layer"))
    costs = cache.cost_report(*questions.network_to_count())
    quantity, by = questions.cost_view()
    figure.draw(
        partial(charts.cost_bars, costs, quantity, say, by=by),
        key="costs",
        alt=charts.cost_alt(costs, quantity, say),
        sentence=charts.stage_verdict(costs, quantity, say),
        table=charts.cost_table(costs, say),
    )
    figure.words(charts.total_verdict(costs, say))
    show_source(cost_report, time_convolutions)
