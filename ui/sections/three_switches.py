"""Three switches, eight networks of each depth: what they learned, and what reached their layers while they did."""

from functools import partial

import streamlit as st

from ui import charts, controls, figure, link, recordings, runner
from ui.boundary import boundary
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
    st.subheader(say("Three switches while the networks learn"))
    show("gradients/trained")
    one, two = st.columns(2)
    with one:
        depths = {20: say("{depth} layers").format(depth=20), 56: say("{depth} layers").format(depth=56)}
        depth = link.choose(st.segmented_control, say("Depth (layers)"), depths, 56, "cube_depth")
    with two:
        init = controls.init("cube_init")
    kept = recordings.recorded(NAMES[depth, init])
    networks, steps = kept.spec.networks, kept.spec.training.steps
    with boundary():
        runner.start_button("cube", kept.spec, say("Run it now"))
    run = runner.watch("cube")
    same = run is not None and run.ended and run.spec == kept.spec
    live, own = (run.records, run.run_id) if run is not None and same else ([], "")
    recordings.label(kept)
    figure.draw(
        partial(charts.two_by_two, networks, kept.records, steps, live, say),
        key="cube_losses",
        alt=charts.two_by_two_alt(networks, live or kept.records, say),
        sentence=charts.two_by_two_verdict(networks, live or kept.records, say),
        table=charts.training_table(networks, live or kept.records, say),
        own=own,
    )
    st.subheader(say("The gradient of every layer at every step"))
    recorded_run.heatmaps(kept, live, own)
    recordings.make_again(kept)
