"""What the network looks at in one picture, and which of its blocks it needs for that"""

from functools import partial

import streamlit as st

from resnet_core import picture_reasons
from ui import cache, figure, networks, questions, subject
from ui.charts.attributions import attribution_grid, grid_alt
from ui.charts.class_names import class_names
from ui.charts.labels import percent
from ui.charts.reasons import without_alt, without_block, without_table, without_verdict
from ui.source import show_source
from ui.text import say, show


def draw() -> None:
    """Draw the part."""
    picture, source = subject.choose()
    size = questions.input_size(networks.usual_size(source))
    record = cache.picture_reasons(source, picture, size)
    explained = record.explained
    name = class_names(record.classes, say)[explained.target]
    st.header(say("Which pixels speak for “{name}”?").format(name=name))
    left, right = st.columns([2, 5], gap="large")
    with left:
        figure.picture(explained.picture, alt=say("The picture, cut to a square."))
        share = percent(float(explained.scores[explained.target]))
        figure.note(say("The network sees: {name} ({share}).").format(name=name, share=share))
        networks.explain_scores(source, cache.assumptions(source))
    with right:
        alt = grid_alt(explained, say)
        figure.draw(partial(attribution_grid, explained, say), key="reasons_maps", alt=alt, sentence=alt)
        show("maps/reasons")
    st.header(say("Which blocks does it need?"))
    figure.draw(
        partial(without_block, record, say),
        key="reasons_blocks",
        alt=without_alt(record, say),
        sentence=without_verdict(record, say),
        table=without_table(record, say),
    )
    show_source(picture_reasons)
