"""Three switches, eight networks of each depth: what they learned, and what reached their layers while they did."""

import streamlit as st

from ui import controls, link, recordings
from ui.sections import recorded_run
from ui.text import say, show

NAMES = {
    (20, "default"): "two_by_two",
    (20, "he"): "two_by_two-he",
    (56, "default"): "two_by_two_deep",
    (56, "he"): "two_by_two_deep-he",
}


def draw() -> None:
    """Draw the part."""
    st.header(say("Three switches while the networks learn"))
    show("gradients/trained")
    one, two = st.columns(2)
    with one:
        depths = {20: say("{depth} layers").format(depth=20), 56: say("{depth} layers").format(depth=56)}
        depth = link.choose(st.segmented_control, say("Depth (layers)"), depths, 56, "cube_depth")
    with two:
        init = controls.init("cube_init")
    kept = recordings.recorded(NAMES[depth, init])
    live, own = recorded_run.four("cube", kept)
    st.header(say("The gradient of every layer at every step"))
    recorded_run.heatmaps(kept, live, own)
    recordings.make_again(kept)
