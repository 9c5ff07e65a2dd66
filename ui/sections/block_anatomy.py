"""Inside one block: what came in, what the branch made of it, and their sum."""

import streamlit as st

from resnet_core import BlockAnatomy, block_anatomy
from ui import cache, charts, figure, networks, questions, subject
from ui.source import show_source
from ui.text import say


def draw() -> None:
    """Draw the part."""
    st.header(say("Inside one block: x, F(x) and their sum"))
    picture, source = subject.choose()
    one, two = st.columns(2)
    with one:
        size = questions.input_size(networks.usual_size(source))
    report = cache.picture_report(source, picture, size)
    with two:
        layer = questions.layer(report)
    networks.explain_scores(source, cache.assumptions(source))
    if layer == 0:
        st.info(say("The stem is no residual block. Choose a layer further on."), icon=":material/info:")
        return
    figures(cache.block_anatomy(source, picture, size, report.layers[layer].name))
    show_source(block_anatomy)


def figures(anatomy: BlockAnatomy) -> None:
    """Draw the maps of both paths and of their sum, for a channel that is asked for."""
    channel = questions.channel(anatomy)
    figure.draw(
        charts.anatomy(anatomy, channel, say),
        key="anatomy",
        alt=charts.anatomy_alt(anatomy, channel, say),
        sentence=charts.anatomy_verdict(anatomy, say),
    )
