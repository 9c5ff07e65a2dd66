"""The last thing on a page: its report to take away, with fields for a name and for answers."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import present, reruns, sheet
from ui.boundary import boundary
from ui.formula import scheme, typeset
from ui.places import LESSONS
from ui.report.marks import questions, sources
from ui.report.page import Report, html
from ui.teacher import address
from ui.text import language, read, say, speaker

PATIENCE = 5.0  # seconds that a report waits for what was typed last
LONGEST_NAME, LONGEST_ANSWER = 80, 4000  # characters


def offer(page: str) -> None:
    """Offer the report of a page that has just been drawn, by its name in the address. Nothing on other pages."""
    if present.is_on() or not (page in LESSONS or page == "train" or (page == "runs" and "run" in st.query_params)):
        return
    report = _about(page)
    key = f"report_{page}"

    @st.fragment
    def part() -> None:
        with boundary():
            fold = st.expander(say("Report of this page"), icon=":material/description:", key=key, on_change="rerun")
            if fold.open:
                with fold:
                    _form(page, report)

    part()


def _about(page: str) -> Report:
    lang = language()
    asked = {name: value for name, value in st.query_params.to_dict().items() if name not in {"present", "lang"}}
    here = address(st.context.url or "", asked | {"lang": lang})
    root = address(st.context.url or "", {}).removesuffix("/").removesuffix(f"/{page}")
    home = read(f"{page}/home") if page in LESSONS else ""
    return Report(
        sheet=sheet.current(),
        lang=lang,
        address=here,
        laboratory=root,
        home=tuple(questions(home)),
        sources=sources(home),
    )


def _form(page: str, report: Report) -> None:
    """Fields, and the button. The button stays as it is while something is typed, so that a click is never lost."""
    words = say(
        "One file for printing or handing in: settings, figures, prediction, answers and the link. Opens offline."
    )
    st.caption(words)

    @st.fragment
    def fields() -> None:
        with boundary():
            _fields(page, report)

    fields()
    context = get_script_run_ctx()
    session = context.session_id if context is not None else ""
    zone = timezone(-timedelta(minutes=st.context.timezone_offset or 0))
    st.download_button(
        say("Download the report (HTML)"),
        partial(_made, report, session, zone),
        file_name=f"resnet-lab-{page}.html",
        mime="text/html",
        key=f"download_report_{page}",
        icon=":material/download:",
        on_click="ignore",
    )


def _fields(page: str, report: Report) -> None:
    name = st.text_input(
        say("Name (optional, only for this file)"), max_chars=LONGEST_NAME, key="report_name", persist_state="session"
    )
    answers = []
    for number, question in enumerate(report.home or ("",), start=1):
        if question:
            st.markdown(typeset(f"{number}. {question}", scheme()))
        answers.append(
            st.text_area(
                say("Answer {number}").format(number=number) if question else say("Notes"),
                key=f"report_{page}_{number}",
                max_chars=LONGEST_ANSWER,
                height=90,
                persist_state="session",
                label_visibility="collapsed" if question else "visible",
            )
        )
    report.sheet.person = (name or "").strip()
    report.sheet.answers = tuple(answer or "" for answer in answers)


def _made(report: Report, session: str, zone: timezone) -> bytes:
    """Runs beside the page, when the button is pressed."""
    reruns.wait_until_drawn(session, PATIENCE)
    made = datetime.now(UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return html(dataclasses.replace(report, made=made), speaker(report.lang)).encode()
