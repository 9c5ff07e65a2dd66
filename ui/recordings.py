"""Runs that were recorded once and are shown before anything is computed. They always say that they are recorded."""

from functools import cache
from pathlib import Path

import streamlit as st

from resnet_core import RecordedRun, load_recorded
from ui.text import say

RUNS = Path(__file__).parent.parent / "assets" / "runs"


@cache
def recorded(name: str) -> RecordedRun:
    """The recorded run in assets/runs/<name>.json."""
    return load_recorded(RUNS / f"{name}.json")


def label(run: RecordedRun) -> None:
    """Say that the figure below shows a recorded run, when and where it was made, and how long it took."""
    made = run.recorded
    words = say("Recorded run · seed {seed} · {date} · {seconds:.0f} s on {machine} · PyTorch {torch} · {precision}")
    st.caption(
        words.format(
            seed=run.spec.training.seed,
            date=made.date,
            seconds=made.seconds,
            machine=made.machine,
            torch=made.torch,
            precision=made.precision,
        )
    )


def make_again(run: RecordedRun) -> None:
    """The command that makes a recording again, and every setting that it was made with."""
    with st.expander(say("Make this recording again"), icon=":material/terminal:"):
        st.code(run.recorded.command, language="bash")
        st.json(run.spec.to_json(), expanded=False)
