"""A part of a page that answers one question by an experiment: asked on a click, watched while it lasts, then drawn."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from resnet_core import RunUpdate, get_engine
from resnet_core.catalogue import experiment
from ui import attendance, inquiries, link, recordings, sheet, take_home
from ui.boundary import boundary
from ui.inquiries import Asked
from ui.text import fill, say

REFRESH = 0.7  # seconds between two looks


def inquire(key: str, name: str, question: object, show: Callable[[Any], None]) -> None:
    """Offer an experiment of the catalogue, say how far it is, and draw its record.

    Args:
        key: of the widgets, one per place where an experiment can be asked.
        name: of the experiment in the catalogue.
        question: what it is asked; a frozen value, since the class shares the answer.
        show: draws a record, also one that is not whole yet. Called again and again while the experiment lasts.
    """
    asked = inquiries.find(name, question)
    if asked is not None and not asked.ended:
        _watch(key, name, question, show)
        return
    if asked is not None:
        _tell_end(asked)
    answered = asked is not None and asked.answered
    if not answered:
        _offer(key, name, question)
    kept = recordings.answer(name, question)
    if kept is not None and (asked is None or asked.record is None or _prefers_recorded(key, asked)):
        recordings.answer_label(kept)
        show(recordings.record(name, question))
        recordings.answer_again(kept)
    elif asked is not None and asked.record is not None:
        sheet.add(sheet.Asked(name, question))
        show(asked.record)
    if answered:
        take_home.offer(key, name, question)


def _prefers_recorded(key: str, asked: Asked) -> bool:
    """Let the visitor change between what was computed now and what was recorded.

    What somebody else of the class has cancelled is no reason to begin with less than is recorded.
    """
    names = {"now": say("Computed now"), "recorded": say("Recorded")}
    begun_here = st.session_state.get("_inquiry") == asked.update.run_id
    usual = "now" if asked.answered or begun_here else "recorded"
    return link.choose(st.segmented_control, say("Answer"), names, usual, f"shown_{key}", leads=True) == "recorded"


def _offer(key: str, name: str, question: object) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        clicked = st.button(say("Run it now"), key=f"ask_{key}", type="primary", icon=":material/play_arrow:")
        words = say("About {seconds} s at its default setting. The class shares the answer.")
        st.caption(words.format(seconds=max(1, round(experiment(name).seconds))))
        if clicked:
            asked = inquiries.begin(name, question)
            _attend(asked.update.run_id)
            st.rerun()


def _watch(key: str, name: str, question: object, show: Callable[[Any], None]) -> None:
    @st.fragment(run_every=REFRESH)
    def panel() -> None:
        with boundary():
            asked = inquiries.find(name, question)
            if asked is None or asked.ended:
                st.rerun()
                return
            st.progress(asked.done, text=_words(asked.update))
            st.button(
                say("Cancel"),
                key=f"cancel_{key}",
                icon=":material/stop:",
                on_click=get_engine().stop,
                args=(asked.update.run_id,),
            )
            with sheet.current().piece(f"inquiry_{key}"):
                if asked.record is not None:
                    sheet.add(sheet.Noted(_words(asked.update)))
                    sheet.add(sheet.Asked(name, question))
                    show(asked.record)

    panel()


def _words(update: RunUpdate) -> str:
    if update.state == "queued":
        words = say("Waiting: number {position} in the queue. {wait}")
        return words.format(position=max(1, update.queue_position), wait="").strip()
    if update.progress is None or not update.progress.done:
        return say("Getting ready")
    left = update.seconds * (1 / update.progress.done - 1)
    doing = say(update.progress.doing) if update.progress.doing else ""
    words = say("{share:.0%} done · about {seconds:.0f} s left")
    return " · ".join(filter(None, [words.format(share=update.progress.done, seconds=left), doing]))


def _tell_end(asked: Asked) -> None:
    if asked.update.state == "stopped":
        words = say("Cancelled at {share:.0%}. What it had found until then stays.")
        st.info(words.format(share=asked.done), icon=":material/stop:")
    if asked.update.error:
        st.warning(fill(asked.update.error, asked.update.error_values), icon=":material/info:")


def _attend(run_id: str) -> None:
    """Keep this one going while the visitor is here, and let the one go that they began before."""
    earlier = st.session_state.get("_inquiry")
    if earlier is not None and earlier != run_id:
        attendance.leave(earlier)
    st.session_state["_inquiry"] = run_id
    attendance.watch(run_id)
