"""Feature maps of one picture, block by block"""

import streamlit as st

from resnet_core import block_anatomy, picture_report
from ui import cache, charts, figure, network_picker, networks, questions, subject
from ui.charts.shades import picture_shade
from ui.sections.block_anatomy import figures
from ui.source import show_source
from ui.text import say


def draw() -> None:
    """Draw the part."""
    picture, source = subject.choose()
    one, two, three = st.columns([20, 25, 27])
    with one:
        size = questions.input_size(networks.usual_size(source))
    report = cache.picture_report(source, picture, size)
    with two:
        layer = questions.layer(report, drawn=True)
    with three:
        scale = questions.scale()

    names = [one.name for one in report.layers]

    def pick(name: str) -> None:
        st.session_state["layer"] = names.index(name)

    shade = picture_shade(report, say)
    network_picker.draw(
        cache.network(source), size, shade, key="maps_drawing", chosen=names[layer], layers=names, pick=pick
    )
    left, right = st.columns([2, 5], gap="large")
    with left:
        figure.picture(report.picture, say("What the network sees"), alt=say("The picture, cut to a square."))
        figure.draw(charts.class_scores(report, say), key="scores", alt=charts.scores_alt(report, say))
        networks.explain_scores(source, cache.assumptions(source))
    with right:
        figure.draw(
            charts.maps_montage(report.layers[layer], scale, charts.map_limits(report.layers), say),
            key="maps",
            alt=charts.maps_alt(report.layers[layer], say),
            sentence=charts.maps_alt(report.layers[layer], say),
        )

    st.header(say("Inside one block: x, F(x) and their sum"))
    if layer == 0:
        st.info(say("The stem is no residual block. Choose a layer further on."), icon=":material/info:")
    else:
        figures(cache.block_anatomy(source, picture, size, report.layers[layer].name))
    show_source(picture_report, block_anatomy)
