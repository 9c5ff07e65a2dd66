"""The page that benchmarks/live_charts.py measures: a recorded run that seems to go on, drawn as `?route=` says."""

import sys
import time
from functools import cache
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from resnet_core import RecordedRun, RunRecord, load_recorded  # noqa: E402
from ui import charts  # noqa: E402
from ui.components.monitor import monitor  # noqa: E402

REFRESH = 0.7  # seconds, as in the app
FIRST, PACE = 200, 20  # records at the start, and new ones per second


@cache
def recorded() -> RecordedRun:
    """Four networks, whose every step has a gradient norm for each of twenty layers."""
    return load_recorded(ROOT / "assets" / "runs" / "two_by_two.json")


def draw(route: str, records: tuple[RunRecord, ...]) -> None:
    """The run as far as it has come."""
    run = recorded()
    networks, steps = run.spec.networks, run.spec.training.steps
    labels = charts.network_labels(networks, str)
    if route == "component":
        monitor(run.header, records, steps, labels, networks, key="monitor")
    elif route == "plotly":
        st.plotly_chart(charts.loss_curves(networks, records, steps), key="loss")
        st.plotly_chart(charts.accuracy_curves(networks, records, steps), key="accuracy")
        for index, network in enumerate(run.header.networks):
            st.plotly_chart(charts.gradient_heatmap(network, records, index, steps), key=f"heat_{index}")


@st.fragment(run_every=REFRESH)
def panel() -> None:
    """Redraw what has come."""
    begin = st.session_state.setdefault("begin", time.monotonic())
    count = FIRST + int((time.monotonic() - begin) * PACE)
    draw(st.query_params.get("route", ""), recorded().records[:count])


if __name__ == "__main__":
    panel()
