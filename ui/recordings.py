"""What was recorded once and is shown before anything is computed. It always says that it is recorded."""

import re
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from resnet_core import RecordedAnswer, RecordedRun, RunSpec, load_answers, load_recorded
from ui import figure, sheet
from ui.text import say

ASSETS = Path(__file__).parent.parent / "assets"
_PROCESSOR = re.compile(r"(?P<name>.+), (?P<cores>\d+) cores, one thread used")
_CARD = re.compile(r"(?P<name>.+), PyTorch's CUDA (?P<version>\S+)")
RUNS, ANSWERS = ASSETS / "runs", ASSETS / "answers"


@cache
def recorded(name: str) -> RecordedRun:
    """The recorded run in assets/runs/<name>.json."""
    return load_recorded(RUNS / f"{name}.json")


@cache
def _runs() -> dict[RunSpec, str]:
    return {_essence(recorded(path.stem).spec): path.stem for path in sorted(RUNS.glob("*.json"))}


def _essence(spec: RunSpec) -> RunSpec:
    """Without what depends on the machine."""
    return replace(spec, training=replace(spec.training, precision="auto"))


def of(spec: RunSpec | None) -> RecordedRun | None:
    """The recording of a run with these settings, if there is one. Its precision may be another."""
    name = None if spec is None else _runs().get(_essence(spec))
    return None if name is None else recorded(name)


def name_of(run: RecordedRun) -> str:
    """Under which it is kept."""
    return _runs()[_essence(run.spec)]


@cache
def _answers() -> dict[tuple[str, Any], RecordedAnswer]:
    return load_answers(ANSWERS)


def answer(name: str, question: object) -> RecordedAnswer | None:
    """The recorded answer of an experiment to exactly this question, if there is one."""
    return _answers().get((name, question))


def answers_of_shipped(name: str) -> dict[str, RecordedAnswer]:
    """The recorded answers of an experiment that was asked of shipped networks, by the name of their folder."""
    found = (kept for (experiment, _), kept in _answers().items() if experiment == name)
    return {kept.folder.name: kept for kept in found if kept.question.data.name == "jpegs"}


@lru_cache(maxsize=16)
def record(name: str, question: object) -> Any:  # noqa: ANN401 - each experiment has its own kind of record
    """What a recorded answer holds. Shared by all, never changed."""
    return _answers()[name, question].record()


def machine(recorded_on: str) -> str:
    """What a recording was made on, in the visitor's language. Its file says it in English."""
    if found := _PROCESSOR.fullmatch(recorded_on):
        return say("{name}, {cores} cores, one thread used").format(**found.groupdict())
    if found := _CARD.fullmatch(recorded_on):
        return say("{name}, PyTorch's CUDA {version}").format(**found.groupdict())
    return recorded_on


def answer_label(found: RecordedAnswer) -> None:
    """Say that the figures below show a recorded answer, when and where it was made, how long it took, and how."""
    words = say("Recorded answer · {date} · {seconds:.0f} s on {machine} · PyTorch {torch}")
    figure.note(
        words.format(date=found.date, seconds=found.seconds, machine=machine(found.machine), torch=found.torch),
    )


def answer_again(found: RecordedAnswer) -> None:
    """The command that makes a recorded answer again; its settings are in the command."""
    command = f"{found.command} --out {found.folder.name}"
    sheet.add(sheet.Asked(found.experiment, found.question, command))
    with st.expander(say("Make this recording again"), icon=":material/terminal:"):
        st.code(command, language="bash", wrap_lines=True)


def label(run: RecordedRun) -> None:
    """Say that the figure below shows a recorded run, when and where it was made, and how long it took."""
    made = run.recorded
    words = say("Recorded run · seed {seed} · {date} · {seconds:.0f} s on {machine} · PyTorch {torch} · {precision}")
    figure.note(
        words.format(
            seed=run.spec.training.seed,
            date=made.date,
            seconds=made.seconds,
            machine=machine(made.machine),
            torch=made.torch,
            precision=made.precision,
        )
    )


def make_again(run: RecordedRun) -> None:
    """The command that makes a recording again, and every setting that it was made with."""
    sheet.add(sheet.Recorded(run.spec, run.recorded.command))
    with st.expander(say("Make this recording again"), icon=":material/terminal:"):
        st.code(run.recorded.command, language="bash")
        st.json(run.spec.to_json(), expanded=False)
