"""Start a run, watch it learn, hold it, end it, take it home: the same for every page that trains."""

from functools import partial

import streamlit as st

from resnet_core import EngineError, RunSpec, RunUpdate, pack_run
from ui import charts, figure, link, live, sheet
from ui.boundary import boundary
from ui.components.monitor import monitor
from ui.text import fill, say

REFRESH = 0.7  # seconds between two looks at a run
WAITING = 2.0  # the same at one that has others before it, as most do in a class
NEXT = 2  # number in the queue up to which a run may begin at any moment
KEEP_ALIVE = 2.5  # seconds between two looks from another page


def start_button(place: str, spec: RunSpec, label: str) -> None:
    """Draw the button that begins a run. An earlier run of this visitor ends."""
    if st.button(label, key=f"start_{place}", type="primary", icon=":material/play_arrow:"):
        live.start(place, spec)
        st.rerun()  # so that the frame around the page learns of the run too


def keep_alive() -> None:
    """Say how far the run is, whichever page the visitor is on, and keep asking so that they do not count as gone."""

    going = bool(live.active())

    @st.fragment(run_every=KEEP_ALIVE if going else None)
    def panel() -> None:
        with boundary():
            for run in live.active():
                run.refresh()
                st.progress(run.share, text=say("Your training: {share:.0%}").format(share=run.share))
                if not link.is_on(live.FOUND_AGAIN):  # the run's own page says it beside the run
                    _note(run)
            if going and not live.active():
                st.rerun()  # without the timer

    panel()


def watch(place: str) -> live.Run | None:
    """Draw the visitor's run as it stands and keep drawing while it lasts. Gives the run, or None before the first."""
    run = live.current(place)
    if run is not None:
        show(place, run)
    return run


def show(place: str, run: live.Run) -> None:
    """Draw a run: how far it is, its buttons, its monitor. One that has ended is drawn once."""
    going, waiting = not run.ended, _far_back(run.update)
    pace = WAITING if waiting else REFRESH

    @st.fragment(run_every=pace if going else None)
    def panel() -> None:
        with boundary():
            update = run.refresh()
            _status(run, update)
            _buttons(place, run, update)
            if run.header is not None:
                labels = charts.network_labels(run.spec.networks, say)
                key = f"monitor_{place}_{run.run_id}"
                steps = run.spec.training.steps
                monitor(run.header, run.records, steps, labels, run.spec.networks, key=key, ended=run.ended, say=say)
            if (run.ended and going) or (waiting and not _far_back(update)):
                # Once more, whole: draws the results, and this panel without its timer or with a quicker one. Not asked
                # of this refresh alone, since the sidebar's panel may have learned of the end first.
                st.rerun()

    panel()


def _far_back(update: RunUpdate) -> bool:
    return update.state == "queued" and update.queue_position > NEXT


def results(run: live.Run) -> None:
    """What an ended run comes to: a sentence, its numbers, larger figures, and a file to take home."""
    networks, records, steps = run.spec.networks, run.records, run.spec.training.steps
    sheet.add(sheet.Trained(run.spec, run.update.state, len(records) // len(networks)))
    figure.tell(charts.training_verdict(networks, records, say), charts.training_table(networks, records, say))
    figure.note(say("A final loss is the mean over the last eighth of the steps."))
    if run.result() is not None:
        st.download_button(
            say("Download this run"),
            lambda: _packed(run),  # made when it is asked for: a page that is open holds no weights
            file_name=f"resnet-lab-{run.run_id[:8]}.zip",
            mime="application/zip",
            icon=":material/download:",
            help=say("Settings, numbers as CSV and JSON, weights as safetensors."),
        )
    with st.expander(say("Figures to zoom into and to save"), icon=":material/zoom_in:"):
        words = charts.curves_alt(networks, records, say)
        losses = partial(charts.loss_curves, networks, records, steps, say=say)
        accuracies = partial(charts.accuracy_curves, networks, records, steps, say=say)
        figure.draw(losses, "losses", words, own=run.run_id)
        figure.draw(accuracies, "accuracies", words, own=run.run_id)
        _heatmaps(run)


def _packed(run: live.Run) -> bytes:
    result = run.result()
    if result is None:
        raise EngineError("This run's weights are not kept any longer. Train it again.")
    return pack_run(run.spec, result)


def _heatmaps(run: live.Run) -> None:
    if run.header is None:
        return
    labels = charts.network_labels(run.spec.networks, say)
    for index, (label, network) in enumerate(zip(labels, run.header.networks, strict=True)):
        st.markdown(f"**{label}**")
        figure.draw(
            partial(charts.gradient_heatmap, network, run.records, index, run.spec.training.steps, say),
            key=f"heatmap_{index}",
            alt=charts.heatmap_alt(network, run.records, index, label, say),
            own=run.run_id,
        )


def _status(run: live.Run, update: RunUpdate) -> None:
    total = run.spec.training.steps * len(run.spec.networks)
    done = len(run.records)
    match update.state:
        case "queued":
            wait = say("about {time}").format(time=_duration(update.expected_wait)) if update.expected_wait else ""
            text = say("Waiting: number {position} in the queue. {wait}")
            st.progress(0.0, text=text.format(position=max(1, update.queue_position), wait=wait).strip())
        case "running" | "paused":
            st.progress(run.share, text=_pace(update, done, total))
        case "stopped":
            text = say("Stopped after {done} of {total} steps.")
            st.info(text.format(done=done, total=total), icon=":material/stop:")
    _note(run)
    if update.error:
        st.warning(fill(update.error, update.error_values), icon=":material/info:")


def _note(run: live.Run) -> None:
    if run.update.note and not run.ended:
        st.info(fill(run.update.note, run.update.note_values), icon=":material/info:")


def _pace(update: RunUpdate, done: int, total: int) -> str:
    if update.state == "paused":
        return say("Paused after {done} of {total} steps").format(done=done, total=total)
    if not update.steps_per_second:
        return say("Getting ready")
    rate = update.steps_per_second
    text = say("Step {done} of {total} · {rate:.1f} steps/s · about {time} left")
    return text.format(done=done, total=total, rate=rate, time=_duration((total - done) / rate))


def _duration(seconds: float) -> str:
    if seconds < 90:
        return say("{seconds:.0f} s").format(seconds=seconds)
    return say("{minutes:.0f} min").format(minutes=seconds / 60)


def _buttons(place: str, run: live.Run, update: RunUpdate) -> None:
    if run.ended:
        return

    def button(action: str, label: str, icon: str, disabled: bool = False) -> None:
        key = f"{action}_{place}"
        st.button(label, key=key, icon=icon, on_click=live.act, args=(action, run.run_id), disabled=disabled)

    with st.container(horizontal=True):
        if update.state == "paused":
            button("resume", say("Go on"), ":material/play_arrow:")
        else:
            button("pause", say("Pause"), ":material/pause:", disabled=update.state == "queued")
        button("stop", say("Stop"), ":material/stop:")
