"""The live monitor: one to four networks that train side by side, drawn in the browser without a flicker.

Its scripts are fetched once from `/assets/components/monitor/`, where the app serves this folder; only the numbers
travel at each refresh. See ui/components/payload.py for what they look like.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from resnet_core import ResNetConfig
from resnet_core.records import RunHeader, RunRecord
from ui.charts.theme import network_styles
from ui.components.monitor.words import words
from ui.components.payload import Sent, head, refresh
from ui.components.stub import stub

HERE = Path(__file__).parent
_component = component("resnet_lab_monitor", html='<div class="monitor"></div>', js=stub(HERE, "monitor.js"))


def monitor(
    header: RunHeader,
    records: Sequence[RunRecord],
    steps: int,
    labels: Sequence[str],
    networks: Sequence[ResNetConfig],
    *,
    key: str,
    ended: bool = False,
    say: Callable[[str], str] = str,
) -> None:
    """Draw the run as far as it has come: loss and accuracy, gradient of each layer at each step, activation maps.

    Call it again with more records, from a fragment, to go on; the drawing stays where it is. `key` names the run. One
    that has `ended` is sent whole, so that nothing of its last look is missing.
    """
    lines = [
        {"label": label, "colour": style.colour, "dash": style.dash, "width": style.width}
        for label, style in zip(labels, network_styles(networks), strict=True)
    ]
    texts = words(say)
    memory = st.session_state.setdefault(f"{key}_sent", {"sent": Sent(), "texts": texts, "records": 0})
    sent: Sent = memory["sent"]
    full = ended or sent.full_is_due or memory["texts"] != texts or len(records) < memory["records"]
    data = refresh(header, records, steps, sent, full=full)
    if full:
        data["head"] = head(header, steps, lines, texts)
    memory.update(sent=sent.after(len(records)), texts=texts, records=len(records))

    def send_all() -> None:
        memory["sent"] = Sent()

    _component(key=key, data=data, height="content", on_incomplete_change=send_all)
