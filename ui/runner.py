"""Start a run, watch it learn, hold it, end it, take it home: the same for every page that trains."""

from collections.abc import Callable

import streamlit as st

from resnet_core import RunSpec, RunUpdate, get_engine, pack_run
from ui import live
from ui.boundary import boundary
from ui.charts.labels import network_labels
from ui.components.monitor import monitor
from ui.text import say

REFRESH = 0.7  # seconds between two looks at a run


def start_button(place: str, spec: RunSpec, label: str) -> None:
    """Draw the button that begins a run. An earlier run of this visitor ends."""
    if st.button(label, key=f"start_{place}", type="primary", icon=":material/play_arrow:"):
        live.start(place, spec)


def watch(place: str) -> live.Run | None:
    """Draw the visitor's run as it stands and keep drawing while it lasts. Gives the run, or None before the first."""
    run = live.current(place)
    if run is None:
        return None
    refresh = None if run.ended else REFRESH

    @st.fragment(run_every=refresh)
    def panel() -> None:
        with boundary():
            was_ended = run.ended
            update = run.refresh()
            _status(run, update)
            _buttons(place, run, update)
            if run.header is not None:
                monitor(
                    run.header,
                    run.records,
                    run.spec.training.steps,
                    network_labels(run.spec.networks, say),
                    run.spec.networks,
                    key=f"monitor_{place}_{run.run_id}",
                    say=say,
                )
            if run.ended and not was_ended:
                st.rerun()  # once more, whole: draws the results and this panel without its timer

    panel()
    return run


def download(run: live.Run) -> None:
    """Offer settings, numbers and weights of an ended run as one file."""
    if run.result is not None:
        result = run.result
        st.download_button(
            say("Download this run"),
            lambda: pack_run(run.spec, result),
            file_name=f"resnet-lab-{run.run_id[:8]}.zip",
            mime="application/zip",
            icon=":material/download:",
            help=say("Settings, numbers as CSV and JSON, weights as safetensors."),
        )


def _status(run: live.Run, update: RunUpdate) -> None:
    total = run.spec.training.steps * len(run.spec.networks)
    done = len(run.records)
    match update.state:
        case "queued":
            wait = say("about {seconds:.0f} s").format(seconds=update.expected_wait) if update.expected_wait else ""
            text = say("Waiting: number {position} in the queue. {wait}")
            st.progress(0.0, text=text.format(position=update.queue_position, wait=wait).strip())
        case "running" | "paused":
            st.progress(min(1.0, done / total), text=_pace(update, done, total))
        case "failed" | "lost":
            st.warning(say(update.error).format(**update.error_values), icon=":material/info:")
        case "stopped":
            st.info(
                say("Stopped after {done} of {total} steps.").format(done=done, total=total), icon=":material/stop:"
            )


def _pace(update: RunUpdate, done: int, total: int) -> str:
    if update.state == "paused":
        return say("Paused after {done} of {total} steps").format(done=done, total=total)
    if not update.steps_per_second:
        return say("Getting ready")
    text = say("Step {done} of {total} · {rate:.1f} steps/s · about {left:.0f} s left")
    rate = update.steps_per_second
    return text.format(done=done, total=total, rate=rate, left=(total - done) / rate)


def _buttons(place: str, run: live.Run, update: RunUpdate) -> None:
    if run.ended:
        return
    engine = get_engine()

    def button(name: str, label: str, icon: str, action: Callable[[str], None], disabled: bool = False) -> None:
        st.button(label, key=f"{name}_{place}", icon=icon, on_click=action, args=(run.run_id,), disabled=disabled)

    with st.container(horizontal=True):
        if update.state == "paused":
            button("resume", say("Go on"), ":material/play_arrow:", engine.resume)
        else:
            button("pause", say("Pause"), ":material/pause:", engine.pause, disabled=update.state == "queued")
        button("stop", say("Stop"), ":material/stop:", engine.stop)
